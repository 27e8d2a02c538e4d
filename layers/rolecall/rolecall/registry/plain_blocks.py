"""Makes records of a block of plain rows at one go.

A block is written as JSON, which takes three replacements, and decoded by msgspec: cells, dates and
words of closed vocabularies come out of one pass in C as what they are in a record. Whatever is not
as plain as that (a cell that is wrong, a date between blanks, a word for nothing) is left to those
who look at each cell, with all the rows of its block: here nothing is reported, and nothing that is
accepted is read in any other way than there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any, Literal

import msgspec

from rolecall.model import TABLES, RegistryRecord
from rolecall.provenance import OTHERS_UNTRACKED, UNTRACKED
from rolecall.registry.cells import CellError
from rolecall.registry.csv_blocks import Block
from rolecall.registry.distinct_cells import CellTexts, Parsed, own_texts, plain_texts
from rolecall.registry.schema import Column, columns

__all__ = ["BlockReader"]

_Values = Callable[[Sequence[Any]], Iterable[Any]]

_MARKS = (UNTRACKED.encode(), OTHERS_UNTRACKED.encode())


class BlockReader:
    """Reads blocks of one table.

    :param names: the columns of the table that the source has, in the order of the source.
    :param caches: reads the cells of the columns that are neither texts nor dates nor words.
    """

    def __init__(
        self, table: str, names: Sequence[str], texts: CellTexts, caches: Mapping[str, Parsed]
    ) -> None:
        known = columns(table)
        self._struct: type[RegistryRecord] = TABLES[table]
        self._texts = texts
        self._caches = caches
        hints = tuple(_hint(known[name]) for name in names)
        # Built here, for the columns of this source: no type checker knows it.
        self._decode = msgspec.json.Decoder(list[tuple[hints]]).decode  # type: ignore[valid-type]
        places = {name: index for index, name in enumerate(names)}
        for name in names:
            if known[name].kind not in ("text", "date", "choice"):
                caches[name][None] = _nothing(known[name])
        self._plan = [
            (places.get(name), column, self._values(column), self._careful_values(column))
            for name, column in known.items()
        ]

    def records(self, block: Block) -> list[RegistryRecord] | None:
        """Return the records of a block, or ``None`` where one has to look at each cell."""
        text = block.text
        if any(mark in text for mark in _MARKS):
            return None
        is_plain = text.isascii() and not _is_padded(text, block.delimiter)
        try:
            cells = list(zip(*self._decode(_as_json(text, block.delimiter)), strict=True))
            values = [
                repeat(_nothing(column))
                if place is None
                else (plain if is_plain else careful)(cells[place])
                for place, column, plain, careful in self._plan
            ]
            return list(map(self._struct, *values))
        except (msgspec.DecodeError, UnicodeDecodeError, CellError):
            return None

    def _values(self, column: Column) -> _Values:
        """Return what makes the values of a column of cells without blanks around them."""
        texts, required, are_ids = self._texts, column.required, column.name == "id"
        match column.kind:
            case "date" | "choice":
                return _as_they_are
            case "text" if column.shared:
                return lambda cells: _filled(texts.trimmed(cells, are_ids=are_ids), required)
            case "text":
                return lambda cells: plain_texts(cells, required, texts.nothing)
        get = self._caches[column.name].__getitem__
        return lambda cells: map(get, cells)

    def _careful_values(self, column: Column) -> _Values:
        """Return the same for cells that may have blanks of any kind around them."""
        texts, required, are_ids = self._texts, column.required, column.name == "id"
        if column.kind != "text":
            return self._values(column)
        if column.shared:
            return lambda cells: _filled(texts.column(_said(cells), are_ids=are_ids), required)
        return lambda cells: own_texts(_said(cells), required, texts.nothing)


def _hint(column: Column) -> Any:
    hint: Any = str
    if column.kind == "date":
        hint = date
    elif column.kind == "choice":
        hint = Literal[column.choices]
    return hint if column.required else hint | None


def _nothing(column: Column) -> Any:
    return () if column.kind in ("list", "roles") else None


def _as_json(text: bytes, delimiter: str) -> bytes:
    """Write lines as a list of lists, with null for what is empty."""
    if b"\\" in text:
        text = text.replace(b"\\", b"\\\\")
    if b"\r" in text:
        # One that is left is no sign of JSON, and is refused.
        text = text.replace(b"\r\n", b"\n")
    rows = text.removesuffix(b"\n").replace(delimiter.encode(), b'","').replace(b"\n", b'"],["')
    return (b'[["%b"]]' % rows).replace(b'""', b"null")


def _is_padded(text: bytes, delimiter: str) -> bool:
    """Tell whether a cell of an ASCII text may have a blank at either end."""
    if b" " not in text:
        return False
    sign = delimiter.encode()
    return (
        b" \n" in text
        or b" \r" in text
        or b"\n " in text
        or b" " + sign in text
        or sign + b" " in text
        or text[:1] == b" "
        or text[-1:] == b" "
    )


def _as_they_are(cells: Sequence[Any]) -> Iterable[Any]:
    return cells


def _said(cells: Sequence[str | None]) -> list[str]:
    return [cell or "" for cell in cells]


def _filled(texts: list[str | None], required: bool) -> list[str | None]:
    if required and None in texts:
        raise CellError
    return texts
