"""The workbook of a head in the head's language, and what came back as if it had been English.

What is compared with what stood there, and with the registry, is English: the hidden sheet holds
it so. A workbook says the same in its reader's language: names of sheets, headings, the words of a
choice and what accounts are called. They are written here, and turned back before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import get_args

from msgspec.structs import replace

from rolecall.adopt.collecting_fields import (
    ACCESS,
    ACCOUNTS,
    COLLECTED_FIELDS,
    FILLED_BY,
    FILLED_ON,
    HIDDEN_SHEET,
    NOT_ASKED,
    READ_ME,
    CollectedField,
    plain_choices,
)
from rolecall.adopt.reading.grids import Grid, GridCell, GridRow
from rolecall.adopt.value_words import value_key
from rolecall.texts import Texts, texts_of
from rolecall.vocabulary import Language

__all__ = ["BookTexts", "book_texts", "sheet_names", "turned_back"]

_SHEETS = {READ_ME: "sheet_about", ACCOUNTS: "sheet_accounts", ACCESS: "sheet_access"}
_ACCOUNT = 4
"""Where the hidden sheet has what an account is called: behind the sheet and two ids comes the
unit."""


class BookTexts:
    """What a workbook says in one language."""

    def __init__(self, texts: Texts) -> None:
        """Take the language."""
        self.texts = texts
        self.words = texts.words("collect")
        self._choices = texts.groups("collected_values")
        self._english = texts_of("en").words("collect")

    def sheet(self, name: str) -> str:
        """Return what a sheet is called."""
        return self.words[_SHEETS[name]]

    def heading(self, field: CollectedField) -> str:
        """Return what stands over a column."""
        return self.words[f"heading_{field.name}"]

    def choices(self, field: CollectedField) -> list[str]:
        """Return the words that a cell of a column may hold."""
        return list(self._choices[field.name].values())

    def cell(self, field: CollectedField, text: str) -> str:
        """Return what a cell says."""
        if text == NOT_ASKED:
            return self.words["not_asked"]
        if field.kind == "choice":
            return dict(zip(plain_choices(field.name), self.choices(field), strict=True)).get(
                text, text
            )
        if field.name == "confirmed":
            return text.replace(self._english["confirmed_by"], self.words["confirmed_by"], 1)
        return self.account(text) if field.name == "account" else text

    def account(self, text: str) -> str:
        """Return what an account is called."""
        words, english = self.words, self._english
        head, sign, tail = text.rpartition(english["sign_in"])
        if sign:
            return f"{self.account(head)}{words['sign_in']}{tail}"
        for part in ("on_platform", "a_website"):
            head, sign, tail = text.rpartition(english[part])
            if sign:
                return f"{head}{words[part]}{tail}"
        return text


@cache
def book_texts(language: Language) -> BookTexts:
    """Return what a workbook says in a language."""
    return BookTexts(texts_of(language))


def sheet_names() -> Iterable[frozenset[str]]:
    """Yield what the sheets of a workbook are called, in each language."""
    for language in get_args(Language):
        yield frozenset(map(book_texts(language).sheet, _SHEETS))


def turned_back(grids: Mapping[str, Grid]) -> Mapping[str, Grid]:
    """Return the sheets of a workbook in English, in whichever language it was written."""
    for language in get_args(Language):
        said = book_texts(language)
        names = {said.sheet(name): name for name in _SHEETS}
        if language != "en" and names.keys() & grids.keys():
            return dict(_sheets(grids, said, names))
    return grids


def _sheets(
    grids: Mapping[str, Grid], said: BookTexts, names: Mapping[str, str]
) -> Iterable[tuple[str, Grid]]:
    hidden = grids.get(HIDDEN_SHEET)
    called = {
        said.account(text): text
        for row in (hidden.rows if hidden is not None else ())
        if len(row.cells) > _ACCOUNT and isinstance(text := row.cells[_ACCOUNT], str)
    }
    labels = {said.words["filled_by"]: FILLED_BY, said.words["filled_on"]: FILLED_ON}
    for title, grid in grids.items():
        name = names.get(title, title)
        if name == READ_ME:
            yield name, _renamed(grid, name, labels)
        elif name in COLLECTED_FIELDS and title in names:
            yield name, _columns(_renamed(grid, name, _headings(said, name)), said, called)
        else:
            yield title, grid


def _headings(said: BookTexts, name: str) -> Mapping[str, str]:
    return {said.heading(field): field.heading for field in COLLECTED_FIELDS[name]}


def _renamed(grid: Grid, name: str, texts: Mapping[str, str]) -> Grid:
    """Return a sheet with some of its texts in English."""
    rows = [GridRow(row.number, [_turned(cell, texts) for cell in row.cells]) for row in grid.rows]
    return replace(grid, name=name, rows=rows)


def _columns(grid: Grid, said: BookTexts, called: Mapping[str, str]) -> Grid:
    """Return a sheet whose cells are in English, by the headings over them."""
    fields = {field.heading: field for field in COLLECTED_FIELDS[grid.name]}
    words: dict[int, Mapping[str, str]] = {}
    rows = []
    for row in grid.rows:
        if not words:
            heads = [fields.get(cell) if isinstance(cell, str) else None for cell in row.cells]
            if sum(one is not None for one in heads) > 1:
                words = {
                    at: _words(said, one, called) for at, one in enumerate(heads) if one is not None
                }
            rows.append(row)
            continue
        cells = [_turned(cell, words.get(at, {})) for at, cell in enumerate(row.cells)]
        rows.append(GridRow(row.number, cells))
    return replace(grid, rows=rows)


def _words(said: BookTexts, field: CollectedField, called: Mapping[str, str]) -> Mapping[str, str]:
    """Return what the cells of a column may say, and the English of it."""
    found = {said.words["not_asked"]: NOT_ASKED}
    if field.name == "account":
        found |= called
    if field.kind == "choice":
        plain = plain_choices(field.name)
        found |= dict(zip(map(value_key, said.choices(field)), plain, strict=True))
        found |= dict(zip(said.choices(field), plain, strict=True))
    return found


def _turned(cell: GridCell, texts: Mapping[str, str]) -> GridCell:
    if not isinstance(cell, str):
        return cell
    return texts.get(cell) or texts.get(value_key(cell), cell)
