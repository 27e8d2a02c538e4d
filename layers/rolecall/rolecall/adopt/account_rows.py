"""Reads the rows of a sheet: the accounts and the units that each names, and who stands there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from rolecall.adopt.account_cells import NamedAccount, accounts_in
from rolecall.adopt.account_values import (
    ACCOUNT_VALUES,
    DATE_FIELDS,
    LOGIN_VALUES,
    cell_text,
    cell_value,
)
from rolecall.adopt.columns import ColumnMeaning, SheetMeaning
from rolecall.adopt.dates import DateOrder, date_order, order_answered
from rolecall.adopt.entity_names import split_path
from rolecall.adopt.mentions import AccountMention, EntityMention, PersonMention, PersonPart
from rolecall.adopt.people import people_in
from rolecall.adopt.platform_words import platform_named, platform_within
from rolecall.adopt.questions import Answers, Question
from rolecall.adopt.sheets import Sheet, SheetRow

__all__ = ["SheetMentions", "mentions_of"]


class SheetMentions(Struct, frozen=True):
    """What the rows of a sheet say.

    :ivar skipped: what was not taken from a row that is not empty, in sentences.
    """

    accounts: tuple[AccountMention, ...] = ()
    entities: tuple[EntityMention, ...] = ()
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


_OF_ACCOUNTS: tuple[PersonPart, ...] = ("administrator", "holder", "owner", "approver")
_OF_UNITS: tuple[PersonPart, ...] = ("head", "contact")


def mentions_of(sheet: Sheet, meaning: SheetMeaning, answers: Answers) -> SheetMentions:
    """Return what the rows of a sheet say of accounts and units."""
    dated = [column.index for column in meaning.columns if column.field in DATE_FIELDS]
    order = date_order(sheet, dated)
    reader = _Rows(sheet, meaning, order_answered(order, answers))
    for row in sheet.rows:
        reader.read(row)
    asked = (order,) if isinstance(order, Question) else ()
    return SheetMentions(
        tuple(reader.accounts),
        tuple(reader.entities),
        asked,
        tuple(reader.assumptions),
        tuple(reader.skipped),
    )


class _Rows:
    """Reads one row after the other."""

    def __init__(self, sheet: Sheet, meaning: SheetMeaning, order: DateOrder) -> None:
        self.sheet, self.meaning, self.order = sheet, meaning, order
        self.accounts: list[AccountMention] = []
        self.entities: list[EntityMention] = []
        self.assumptions: dict[str, None] = {}
        self.skipped: list[str] = []

    def read(self, row: SheetRow) -> None:
        """Take what a row says."""
        if self.meaning.kind == "none":
            return
        place = self.sheet.place(row.number)
        chain = self._chain(row)
        if chain:
            people = tuple(self._people(row, _OF_UNITS, ""))
            self.entities.append(EntityMention(chain[0], place, chain[1:], people))
        for named, column in self._named(row):
            if named.flaw or not named.handle:
                place_of = self.sheet.place(row.number, column.index)
                self.skipped.append(f"{place_of}: {named.written!r} names no account")
                continue
            self.accounts.append(self._account(row, named, chain, place))

    def _cell(self, row: SheetRow, field: str, platform: str | None = None) -> str:
        found = self.meaning.having(field, platform)
        texts = (cell_text(row.cells[column.index]) for column in found)
        return next((text for text in texts if text), "")

    def _chain(self, row: SheetRow) -> tuple[str, ...]:
        """Return the unit of a row, and those above it."""
        below = self._cell(row, "entity_below")
        unit = self._cell(row, "entity")
        above = self._cell(row, "entity_above")
        parts = [part for cell in (below, unit, above) if cell for part in split_path(cell)]
        return tuple(dict.fromkeys(parts))

    def _people(
        self, row: SheetRow, parts: tuple[PersonPart, ...], platform: str
    ) -> Iterator[PersonMention]:
        for part in parts:
            for column in self.meaning.having(part):
                if column.platform in ("", platform) and (cell := row.cells[column.index]):
                    place = self.sheet.place(row.number, column.index)
                    yield from people_in(cell_text(cell), part, place)

    def _named(self, row: SheetRow) -> Iterator[tuple[NamedAccount, ColumnMeaning]]:
        """Yield what each cell of a row names that may name an account."""
        for column in self.meaning.having("account"):
            if cell := cell_text(row.cells[column.index]):
                for named in accounts_in(cell, (column.platform,) if column.platform else ()):
                    yield named, column
        written = self._cell(row, "platform")
        label = self._cell(row, "label")
        found = platform_named(written) if written else platform_within(label, alone=True)
        platform = found.platform if found else written.casefold()
        if found and found.mistyped:
            self.assumptions[f"{found.mistyped} was taken for {platform}"] = None
        platforms = (platform,) if platform else ()
        for field in ("url", "handle"):
            for column in self.meaning.having(field):
                if cell := cell_text(row.cells[column.index]):
                    yield from ((named, column) for named in accounts_in(cell, platforms))
                    return

    def _account(
        self, row: SheetRow, named: NamedAccount, chain: tuple[str, ...], place: str
    ) -> AccountMention:
        def values(fields: tuple[str, ...]) -> dict[str, str]:
            found: dict[str, str] = {}
            for column in (one for field in fields for one in self.meaning.having(field)):
                if column.platform in ("", named.platform):
                    cell = row.cells[column.index]
                    value = cell_value(column, cell, self.order)
                    # An empty cell says that there is none; words that nobody knows, nothing.
                    if (value or cell == "") and not found.get(column.field):
                        found[column.field] = value
            return found

        return AccountMention(
            named.platform,
            named.handle,
            named.url,
            self._cell(row, "label"),
            chain[0] if chain else "",
            place,
            tuple(self._people(row, _OF_ACCOUNTS, named.platform)),
            values(ACCOUNT_VALUES),
            values(LOGIN_VALUES),
            chain[1:],
        )
