"""The distinct cells of a column: each is parsed once, and the same texts are one object.

Columns are converted as wholes: what is done here for each single cell is done by functions that
are written in C, and everything else for what is distinct, or out of the ordinary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from rolecall.registry.cells import Cell, CellError, is_shortened
from rolecall.registry.words_for_nothing import WordsForNothing

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

    def __init__(self, nothing: WordsForNothing) -> None:
        super().__init__({"": None})
        self.nothing = nothing

    def column(self, cells: Sequence[Cell]) -> list[str | None]:
        """Return a column of cells, trimmed; raises ``TypeError`` for a cell that is no text."""
        texts = list(map(str.strip, cells))  # type: ignore[arg-type]  # others raise TypeError
        before = len(self)
        found = list(map(self.setdefault, texts, texts))
        added = list(islice(reversed(self), len(self) - before))
        return self._ordinary(texts, added) if self.nothing.is_odd(added) else found

    def one(self, text: str) -> str | None:
        """Return a text as the others have it, or ``None`` for one that says nothing."""
        if text not in self:
            self[text] = None if self.nothing.say(text) else text
        return self[text]

    def _ordinary(self, texts: Sequence[str], added: Sequence[str]) -> list[str | None]:
        """Return a column in which some of the texts that it adds are out of the ordinary."""
        if any(map(is_shortened, added)):
            # Forgotten again, so that each column of each chunk that has one is reported.
            for text in added:
                del self[text]
            raise CellError
        self.update(dict.fromkeys(filter(self.nothing.say, added)))
        return list(map(self.__getitem__, texts))


class Lists(Parsed):
    """Reads each distinct list of a column once; most lists have one item or none."""

    def __init__(self, parse: Callable[[Cell], Any], texts: Texts) -> None:
        super().__init__(parse)
        self._texts = texts

    def __missing__(self, cell: Cell) -> Any:
        if isinstance(cell, str) and "|" not in cell and ";" not in cell:
            item = self._texts.one(cell.strip())
            value = self[cell] = (item,) if item else ()
            return value
        value = self[cell] = tuple(map(self._texts.one, super().__missing__(cell)))
        return value


def own_texts(cells: Sequence[Cell], required: bool, nothing: WordsForNothing) -> list[Any]:
    """Return a column of texts; raises for a cell that is not a text, or empty but required.

    Every source refuses cells that are too long before they come here.
    """
    texts = list(map(str.strip, cells))  # type: ignore[arg-type]  # others raise TypeError
    if nothing.is_odd(texts):
        if any(map(is_shortened, texts)):
            raise CellError
        texts = ["" if nothing.say(text) else text for text in texts]
    if all(texts):
        return texts
    if required:
        raise CellError
    return [text or None for text in texts]
