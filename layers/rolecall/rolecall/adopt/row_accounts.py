"""Which accounts a row names: by a column a platform, by an address, by a name and a platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.adopt.account_cells import NamedAccount, accounts_in
from rolecall.adopt.account_questions import UnclearCells
from rolecall.adopt.account_values import cell_text
from rolecall.adopt.columns import ColumnMeaning, SheetMeaning
from rolecall.adopt.platform_words import platform_within, platforms_named
from rolecall.adopt.questions import Answers, Question
from rolecall.adopt.sheets import Sheet, SheetRow
from rolecall.keys.accounts import match_key
from rolecall.keys.platforms import platform_key
from rolecall.printable import shorten

__all__ = ["RowAccounts"]


class RowAccounts:
    """Finds the accounts of the rows of one sheet.

    :ivar assumptions: what was taken to be so, by sentence, with the first place of each.
    :ivar skipped: what was not taken though it says something.
    """

    def __init__(self, sheet: Sheet, meaning: SheetMeaning, answers: Answers) -> None:
        self._sheet, self._meaning = sheet, meaning
        self._unclear = UnclearCells(answers)
        self._mistyped: dict[str, str] = {}
        self.assumptions: dict[str, str] = {}
        self.skipped: list[str] = []
        self._accounts = _by_platform(meaning)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is to be asked of the cells that were read."""
        return self._unclear.questions()

    def named(self, row: SheetRow) -> list[NamedAccount]:
        """Return the accounts that a row names."""
        found = [one for columns in self._accounts for one in self._of_columns(row, columns)]
        if self._meaning.having("url") or self._meaning.having("handle") or not self._accounts:
            found += self._of_row(row, is_needed=not found)
        return list({match_key(one.platform, one.handle): one for one in reversed(found)}.values())[
            ::-1
        ]

    def _of_columns(
        self, row: SheetRow, columns: Sequence[ColumnMeaning]
    ) -> Iterator[NamedAccount]:
        """Yield what the columns of one platform name: an address beats a name beside it."""
        cells = [(column, cell_text(row.cells[column.index])) for column in columns]
        found = [
            (named, column)
            for column, cell in cells
            if cell
            for named in accounts_in(cell, (column.platform,) if column.platform else ())
        ]
        good = [one for one in found if not one[0].flaw]
        pages = [one for one in good if one[0].url]
        if len(columns) > 1 and good:
            found = pages or good
        for named, column in found:
            yield from self._clear(named, column, row)

    def _clear(
        self, named: NamedAccount, column: ColumnMeaning, row: SheetRow
    ) -> Iterator[NamedAccount]:
        """Yield an account that is clear, or that an answer makes clear."""
        place = self._sheet.place(row.number, column.index)
        if not named.flaw:
            if named.claimed:
                said = f"the address is one of {named.platform}, not of {named.claimed}"
                self.assumptions.setdefault(said, place)
            yield named
            return
        answered = self._unclear.answered(named, column, place)
        if answered is not None:
            yield answered

    def _of_row(self, row: SheetRow, *, is_needed: bool) -> Iterator[NamedAccount]:
        """Yield the accounts of a row that is about them: by address, by name, by label."""
        platforms = self._platforms(row)
        found: list[tuple[NamedAccount, ColumnMeaning]] = []
        for field in ("url", "handle", "label"):
            for column in self._meaning.having(field):
                if cell := cell_text(row.cells[column.index]):
                    named_there = accounts_in(cell, platforms)
                    # What an account is called here is words, unless it is its name there too.
                    is_name = field != "label" or not any(one.flaw for one in named_there)
                    found += [(named, column) for named in named_there if is_name]
            if good := [one for one in found if not one[0].flaw]:
                for named, column in good:
                    yield from self._clear(named, column, row)
                return
        yield from self._by_words(row, platforms, found, is_needed=is_needed)

    def _by_words(
        self,
        row: SheetRow,
        platforms: tuple[str, ...],
        found: list[tuple[NamedAccount, ColumnMeaning]],
        *,
        is_needed: bool,
    ) -> Iterator[NamedAccount]:
        """Yield the account of a row in which no cell names it as its platform does."""
        place = self._sheet.place(row.number)
        asked = [one for one in found if one[0].flaw in ("email", "no platform", "site")]
        for named, column in asked:
            yield from self._clear(named, column, row)
        if asked:
            return
        words = [named.written for named, _ in found if named.flaw == "words"]
        label, _ = self._label(row)
        name = next((text for text in (*words, label) if text), "")
        if platforms and name and platforms[0] != "website":
            said = "called by what it is called here: its name on the platform is not given"
            self.assumptions.setdefault(f"{shorten(name)} is {said}", place)
            for platform in platforms:
                yield NamedAccount(platform, name, "", name)
            return
        if found:
            for named, column in found:
                yield from self._clear(named, column, row)
        elif is_needed and any(cell_text(cell) for cell in row.cells):
            self.skipped.append(f"{place}: names no account, and was left out")

    def _platforms(self, row: SheetRow) -> tuple[str, ...]:
        """Return the platforms that a row says, in a cell for it or beside the account's name."""
        for column in self._meaning.having("platform"):
            text = cell_text(row.cells[column.index])
            if not text:
                continue
            named = platforms_named(text)
            for one in named:
                if one.mistyped:
                    said = f"{shorten(one.mistyped)} was taken for {one.platform}"
                    self.assumptions.setdefault(said, self._sheet.place(row.number, column.index))
            if named:
                return tuple(one.platform for one in named)
            within = platform_within(text)
            return (within.platform if within else platform_key(text),)
        _, platform = self._label(row)
        if platform:
            return (platform,)
        return ("website",) if self._meaning.kind == "websites" else ()

    def _label(self, row: SheetRow) -> tuple[str, str]:
        """Return what a row calls its account, without the platform that it says, and that."""
        for column in self._meaning.having("label"):
            if text := cell_text(row.cells[column.index]):
                found = platform_within(text, alone=True)
                if found is None:
                    return text, ""
                return found.rest, found.platform
        return "", ""


def _by_platform(meaning: SheetMeaning) -> list[tuple[ColumnMeaning, ...]]:
    """Return the columns that name accounts, those of one platform together."""
    found: dict[str, list[ColumnMeaning]] = {}
    for column in meaning.having("account"):
        found.setdefault(column.platform or f"{column.index}", []).append(column)
    return [tuple(columns) for columns in found.values()]
