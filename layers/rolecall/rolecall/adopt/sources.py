"""Which sheet of last time a sheet is: by its headings, and by its name or by what it names."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from rolecall.adopt.adopted import Adopted, SheetSource
from rolecall.adopt.sheets import Sheet
from rolecall.keys.texts import look

__all__ = ["matched_sources", "source_of"]

_LEAST_ALIKE = 0.6
"""Of the headings of two sheets, the share that must be the same: columns come and go."""

_CHANGING = re.compile(
    r"\d+|\b(jan|feb|mar|mär|apr|may|mai|maj|jun|jul|aug|sep|oct|okt|oit|out|nov|dec|dez|dic|déc|"
    r"copy|copia|kopie|final|new|neu|old|alt|v)[a-zéûäç]*\b",
    re.IGNORECASE,
)


def source_of(sheet: Sheet) -> SheetSource:
    """Return as what a sheet is remembered."""
    stem = sheet.file.rsplit(".", 1)[0]
    name = " ".join(re.sub(r"[\W_]+", " ", _CHANGING.sub(" ", f"{stem} {sheet.name}")).split())
    return SheetSource(
        name.casefold(), tuple(sorted({look(head).casefold() for head in sheet.headings}))
    )


def matched_sources(
    sheets: Sequence[Sheet], proposed: Sequence[Set[tuple[str, ...]]], adopted: Adopted
) -> list[int | None]:
    """Return for each sheet which source of last time it is, ``None`` for a new one.

    :param proposed: for each sheet the rows that it speaks of, as table and key.
    """
    before: list[set[tuple[str, ...]]] = [set() for _ in adopted.sources]
    for table, rows in adopted.tables.items():
        for row in rows:
            for source in row.sources:
                before[source].add((table, *row.key))
    found: list[int | None] = []
    for sheet, rows_now in zip(sheets, proposed, strict=True):
        mine = source_of(sheet)
        fits = [
            (_share(before[index], rows_now) + (source.name == mine.name), index)
            for index, source in enumerate(adopted.sources)
            if index not in found and _is_same(source, mine, before[index], rows_now)
        ]
        found.append(max(fits)[1] if fits else None)
    return found


def _is_same(
    old: SheetSource, new: SheetSource, before: Set[tuple[str, ...]], now: Set[tuple[str, ...]]
) -> bool:
    heads, mine = set(old.headings), set(new.headings)
    alike = len(heads & mine) / max(1, len(heads | mine))
    return alike >= _LEAST_ALIKE and (old.name == new.name or _share(before, now) >= 0.5)


def _share(before: Set[tuple[str, ...]], now: Set[tuple[str, ...]]) -> float:
    return len(before & now) / len(before) if before else 0.0
