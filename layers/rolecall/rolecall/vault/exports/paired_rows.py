"""Exports without a header that names the columns: each row says itself what it has.

Enpass writes a title and then, for each field, its label and its value, with the notes at the end.
Keeper and old versions of Dashlane write bare rows: they are known by where the address stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rolecall.vault.exports.csv_layouts import BOOKKEEPING, PARTS, TITLES, column_key
from rolecall.vault.exports.entry import BINS, Entry, EntryDraft, EntryPart

__all__ = ["is_paired", "paired_rows"]

_KEEPER: tuple[EntryPart | None, ...] = (None, None, "username", "password", "address", "notes")
_DASHLANE: tuple[EntryPart | None, ...] = (None, "address", "username", "password", "notes")
_LABELS = frozenset({"username", "e-mail", "email", "password", "login", "url", "website"})
_CARDS = frozenset({"cardholder", "number", "cvc"})

_NumberedRow: TypeAlias = tuple[int, list[str]]


def paired_rows(rows: Iterable[_NumberedRow]) -> tuple[str, list[Entry]] | None:
    """Return the program that wrote rows without a header, and its entries."""
    found = list(rows)
    if not found:
        return None
    if _is_enpass(found):
        body = found[1:] if _is_enpass_header(found[0][1]) else found
        return "Enpass", [made for row in body if (made := _enpass(*row))]
    for program, parts, width in (("Keeper", _KEEPER, 6), ("Dashlane", _DASHLANE, 5)):
        if _fits(found, parts.index("address"), width):
            entries = (_bare(parts, *row) for row in found)
            return f"{program} (without a header)", [made for made in entries if made]
    return None


def is_paired(first: Sequence[str]) -> bool:
    """Tell whether a first row has labels among its cells, and is no header of columns."""
    if len(first) < 3:
        return False
    named = column_key(first[0]) in (*PARTS, *TITLES, *BOOKKEEPING)
    return _is_enpass_header(first) or (not named and _label(first[1]) in _LABELS)


def _is_enpass_header(row: Sequence[str]) -> bool:
    keys = list(map(column_key, row))
    return keys[0] == "title" and ("field" in keys[1:2] or "value" in keys[2:3])


def _is_enpass(rows: Sequence[_NumberedRow]) -> bool:
    if _is_enpass_header(rows[0][1]):
        return True
    found = [list(map(_label, row[1::2])) for _, row in rows if len(row) > 2]
    return (
        bool(found)
        and all(labels[0] in _LABELS for labels in found)
        and any("password" in labels for labels in found)
    )


def _label(text: str) -> str:
    # Enpass puts a star before what it hides.
    return column_key(text.strip().strip("*"))


def _enpass(number: int, row: list[str]) -> Entry | None:
    draft = EntryDraft(number)
    draft.title = row[0]
    cells = row[1:]
    if len(cells) % 2:
        draft.take("notes", "notes", cells.pop())
    pairs = [(_label(label), value) for label, value in zip(cells[::2], cells[1::2], strict=True)]
    labels = {label for label, _ in pairs}
    if labels & _CARDS and "password" not in labels:
        draft.kind = "card"
    elif not cells:
        draft.kind = "note"
    for label, value in sorted(pairs, key=lambda pair: pair[0] in ("email", "e-mail")):
        draft.take(_part(label, pairs), label, value)
    return draft.whole()


def _part(label: str, pairs: Sequence[tuple[str, str]]) -> EntryPart:
    if label in ("email", "e-mail"):
        # An address is the user name where nothing else is.
        named = any(PARTS.get(key) == "username" and value.strip() for key, value in pairs)
        return "other" if named else "username"
    return PARTS.get(label, "other")


def _fits(rows: Sequence[_NumberedRow], at: int, width: int) -> bool:
    """Tell whether a column holds addresses and nothing else."""
    cells = [row[at].strip() for _, row in rows if len(row) >= width]
    return any(cells) and all(
        not cell or cell.startswith(("http://", "https://")) for cell in cells
    )


def _bare(parts: Sequence[EntryPart | None], number: int, row: list[str]) -> Entry | None:
    draft = EntryDraft(number)
    at = 1 if parts is _KEEPER else 0
    draft.title = row[at] if len(row) > at else ""
    if at and {part.casefold() for part in row[0].split("\\")} & BINS:
        draft.state = "in the bin"
    for part, cell in zip(parts, row, strict=False):
        if part is not None:
            draft.take(part, part, cell)
    rest = row[len(parts) :]
    if parts is _KEEPER:
        # The folder that is shared, and then the fields that somebody made.
        rest = rest[1:]
        for label, value in zip(rest[::2], rest[1::2], strict=False):
            draft.take("other", label or "field", value)
        rest = rest[len(rest) // 2 * 2 :]
    for cell in rest:
        draft.take("other", "field", cell)
    return draft.whole()
