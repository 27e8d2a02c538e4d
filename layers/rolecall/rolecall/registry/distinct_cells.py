"""The distinct cells of a column: each is parsed once, and the same texts are one object.

Columns are converted as wholes: what is done here for each single cell is done by functions that
are written in C, and everything else for what is distinct, or out of the ordinary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from rolecall.registry.cells import Cell, CellError, is_shortened
from rolecall.registry.schema import Column
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["CellTexts", "Lists", "Parsed", "caches_of", "own_texts", "plain_texts"]


class Parsed(dict[Cell | None, Any]):
    """Parses each distinct cell of a column once."""

    def __init__(self, parse: Callable[[Cell], Any]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, cell: Cell) -> Any:
        value = self[cell] = self._parse(cell)
        return value


class CellTexts(dict[str | None, str | None]):
    """All records that share a text share one object: it is kept once, and quickly compared.

    The ids of people and accounts recur in many columns: one such cache serves a whole registry.

    :ivar referred: those that came from another column before they came from one of ids, if they
        did: among them is what names no row.
    """

    def __init__(self, nothing: WordsForNothing) -> None:
        super().__init__({"": None, None: None})
        self.nothing = nothing
        self.referred: set[str] = set()

    def column(self, cells: Sequence[Cell], *, are_ids: bool = False) -> list[str | None]:
        """Return a column of cells, trimmed; raises ``TypeError`` for a cell that is no text.

        :param are_ids: they name the rows of their own table.
        """
        return self.trimmed(list(map(str.strip, cells)), are_ids=are_ids)  # type: ignore[arg-type]

    def trimmed(self, texts: Sequence[Any], *, are_ids: bool) -> list[str | None]:
        """Return a column of texts without blanks around them, and ``None`` for empty cells."""
        if are_ids:
            return self._kept(texts)[0]
        # Rows that stand together name the same few others: those alone are looked up among all
        # texts, where the processor has to wait for each.
        few = list(dict.fromkeys(texts))
        found, added = self._kept(few)
        self.referred.update(added)
        return list(map(dict(zip(few, found, strict=True)).__getitem__, texts))

    def note(self, value: Any) -> None:
        """Take note of a value that may name a row and was not read here."""
        if isinstance(value, str | tuple):
            self.referred.update((value,) if isinstance(value, str) else filter(_is_text, value))

    def _kept(self, texts: Sequence[Any]) -> tuple[list[str | None], Sequence[str]]:
        """Return texts as the others have them, and those of them that are new."""
        before = len(self)
        found = list(map(self.setdefault, texts, texts))
        added: list[Any] = list(islice(reversed(self), len(self) - before))
        return self._ordinary(texts, added) if self.nothing.is_odd(added) else found, added

    def one(self, text: str) -> str | None:
        """Return a text as the others have it, or ``None`` for one that says nothing."""
        if text not in self:
            self[text] = None if self.nothing.say(text) else text
            self.referred.add(text)
        return self[text]

    def _ordinary(self, texts: Sequence[str | None], added: Sequence[str]) -> list[str | None]:
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

    def __init__(self, parse: Callable[[Cell], Any], texts: CellTexts) -> None:
        super().__init__(parse)
        self._texts = texts
        self._known = texts.get

    def __missing__(self, cell: Cell) -> Any:
        if isinstance(cell, str) and ";" not in cell:
            # Most of them name rows whose ids are known by now.
            known = tuple(map(self._known, cell.split("|")))
            if all(known) and len(known) == len(set(known)):
                self[cell] = known
                return known
        if isinstance(cell, str) and "|" not in cell and ";" not in cell:
            item = self._texts.one(cell.strip())
            value = self[cell] = (item,) if item else ()
            return value
        value = self[cell] = tuple(map(self._texts.one, super().__missing__(cell)))
        return value


def caches_of(
    columns: Mapping[str, Column], parsers: Mapping[str, Callable[[Cell], Any]], texts: CellTexts
) -> Mapping[str, Parsed]:
    """Return what keeps the distinct cells of each column of a table."""
    return {
        name: Lists(parsers[name], texts) if column.kind == "list" else Parsed(parsers[name])
        for name, column in columns.items()
    }


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


def plain_texts(cells: Sequence[str | None], required: bool, nothing: WordsForNothing) -> Any:
    """Return the same of cells without blanks around them, which are ``None`` where empty."""
    said: Any = cells if required else [cell for cell in cells if cell is not None]
    if nothing.is_odd(said):
        return own_texts([cell or "" for cell in cells], required, nothing)
    return cells


def _is_text(item: Any) -> bool:
    return isinstance(item, str)
