"""The distinct cells of a column: each is parsed once, and the same texts are one object.

Columns are converted as wholes: what is done here for each single cell is done by functions that
are written in C, and everything else for what is distinct, or out of the ordinary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from rolecall.registry.cells import Cell, CellError, is_shortened

__all__ = ["Lists", "Parsed", "Texts", "own_texts"]


class Parsed(dict[Cell, Any]):
    """Parses each distinct cell of a column once."""

    def __init__(self, parse: Callable[[Cell], Any]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, cell: Cell) -> Any:
        value = self[cell] = self._parse(cell)
        return value


class Texts(dict[str, str | None]):
    """All records that share a text share one object: it is kept once, and quickly compared.

    The ids of people and accounts recur in many columns: one such cache serves a whole registry.
    """

    def __init__(self) -> None:
        super().__init__({"": None})

    def column(self, cells: Sequence[Cell]) -> list[str | None]:
        """Return a column of cells, trimmed; raises ``TypeError`` for a cell that is no text."""
        texts = list(map(str.strip, cells))  # type: ignore[arg-type]  # others raise TypeError
        before = len(self)
        found = list(map(self.setdefault, texts, texts))
        added = list(islice(reversed(self), len(self) - before))
        if any(map(is_shortened, added)):
            # Forgotten again, so that each column of each chunk that has one is reported.
            for text in added:
                del self[text]
            raise CellError
        return found


class Lists(Parsed):
    """Reads each distinct list of a column once; most lists have one item or none."""

    def __missing__(self, cell: Cell) -> Any:
        if isinstance(cell, str) and "|" not in cell and ";" not in cell:
            item = cell.strip()
            value = self[cell] = (item,) if item else ()
            return value
        return super().__missing__(cell)


def own_texts(cells: Sequence[Cell], required: bool) -> list[Any]:
    """Return a column of texts; raises for a cell that is not a text, or empty but required.

    Every source refuses cells that are too long before they come here.
    """
    texts = list(map(str.strip, cells))  # type: ignore[arg-type]  # others raise TypeError
    if "E+" in "".join(texts) and any(map(is_shortened, texts)):
        raise CellError
    if all(texts):
        return texts
    if required:
        raise CellError
    return [text or None for text in texts]
