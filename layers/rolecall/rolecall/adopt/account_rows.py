"""Reads the rows of a sheet: the accounts and the units that each names, and who stands there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from rolecall.adopt.account_cells import NamedAccount
from rolecall.adopt.account_values import DATE_FIELDS, RowValues, cell_text
from rolecall.adopt.columns import SheetMeaning
from rolecall.adopt.dates import date_order, order_answered
from rolecall.adopt.entity_domains import proven_domains
from rolecall.adopt.entity_names import EntityPaths, units_above
from rolecall.adopt.mentions import AccountMention, EntityMention, PersonMention
from rolecall.adopt.questions import Answers, Question
from rolecall.adopt.row_accounts import RowAccounts
from rolecall.adopt.row_people import PARTS_OF_ACCOUNTS, PARTS_OF_UNITS, RowPeople
from rolecall.adopt.sheets import Sheet, SheetRow
from rolecall.keys.texts import visible

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


def mentions_of(sheet: Sheet, meaning: SheetMeaning, answers: Answers) -> SheetMentions:
    """Return what the rows of a sheet say of accounts and units."""
    if meaning.kind in ("none", "roster"):
        return SheetMentions()
    dated = [column.index for column in meaning.columns if column.field in DATE_FIELDS]
    order = date_order(sheet, dated)
    values = RowValues(sheet, meaning, order_answered(order, answers), answers)
    reader = _Rows(sheet, meaning, values, answers)
    for row in sheet.rows:
        reader.read(row)
    asked = (order,) if isinstance(order, Question) else ()
    return SheetMentions(
        tuple(reader.accounts),
        tuple(reader.entities),
        (*reader.named.questions, *values.questions, *asked),
        tuple(reader.assumptions()),
        (*reader.named.skipped, *reader.skipped, *values.untold),
    )


class _Rows:
    """Reads one row after the other."""

    def __init__(
        self, sheet: Sheet, meaning: SheetMeaning, values: RowValues, answers: Answers
    ) -> None:
        self._sheet, self._meaning, self._values = sheet, meaning, values
        columns = meaning.having("entity")
        cells = [[cell_text(row.cells[one.index]) for row in sheet.rows] for one in columns]
        self._paths = EntityPaths(cell for column in cells for cell in column)
        # The deepest first; a column that is no part of the tree names no unit.
        self._units = [columns[at] for at in reversed(units_above(cells))]
        self._shared = {
            column.heading: None
            for part in PARTS_OF_ACCOUNTS
            for column in meaning.having(part)
            if not column.platform
        }
        self._has_shared = False
        self._people = RowPeople(sheet, meaning)
        self.named = RowAccounts(sheet, meaning, answers)
        self.accounts: list[AccountMention] = []
        self.entities: list[EntityMention] = []
        self.skipped: list[str] = []

    def read(self, row: SheetRow) -> None:
        """Take what a row says."""
        place = self._sheet.place(row.number)
        chain = self._chain(row)
        named = self.named.named(row)
        accounts = [self._account(row, one, chain, place) for one in named]
        self.accounts += accounts
        if self._meaning.kind == "units" and len(accounts) > 1 and accounts[0].people:
            self._has_shared = True
        self.skipped += self._lost(row, {one.platform for one in named})
        if chain:
            people = tuple(self._people.of(row, PARTS_OF_UNITS))
            domains = self._domains(row, accounts, people)
            self.entities.append(EntityMention(chain[0], place, chain[1:], people, domains))

    def assumptions(self) -> Iterator[str]:
        """Yield what was taken to be so, with the first place of each."""
        for said, place in self.named.assumptions.items():
            yield f"{place}: {said}"
        if self._has_shared and self._shared:
            headings = ", ".join(self._shared)
            yield f"{self._sheet.place()}: {headings} holds for every account of its row"
        for column in self._meaning.having("entity"):
            if column not in self._units:
                place = self._sheet.place(None, column.index)
                yield f"{place}: was left out, for it is neither above nor below {self._tops()}"

    def _tops(self) -> str:
        return self._units[0].heading if self._units else ""

    def _cell(self, row: SheetRow, field: str) -> str:
        texts = (cell_text(row.cells[column.index]) for column in self._meaning.having(field))
        return next((text for text in texts if text), "")

    def _chain(self, row: SheetRow) -> tuple[str, ...]:
        """Return the unit of a row, and those above it."""
        units = [cell_text(row.cells[column.index]) for column in self._units]
        cells = [self._cell(row, "entity_below"), *units]
        if any(cells):
            cells.append(self._cell(row, "entity_above"))
        parts = [part for cell in cells for part in self._paths.split(cell)]
        return tuple({visible(part).casefold(): visible(part) for part in parts}.values())

    def _account(
        self, row: SheetRow, named: NamedAccount, chain: tuple[str, ...], place: str
    ) -> AccountMention:
        return AccountMention(
            named.platform,
            named.handle,
            named.url,
            self._cell(row, "label"),
            chain[0] if chain else "",
            place,
            tuple(self._people.of(row, PARTS_OF_ACCOUNTS, named.platform)),
            self._values.of_account(row, named.platform, named.said),
            self._values.of_login(row, named.platform),
            chain[1:],
        )

    def _lost(self, row: SheetRow, platforms: set[str]) -> Iterator[str]:
        """Yield what a row says of a platform of which it names no account."""
        for column in self._meaning.columns:
            is_about = column.platform and column.field not in ("account", "nothing")
            if is_about and column.platform not in platforms and row.cells[column.index] != "":
                place = self._sheet.place(row.number, column.index)
                yield f"{place}: is of an account of {column.platform}, which the row does not name"

    def _domains(
        self, row: SheetRow, accounts: list[AccountMention], people: tuple[PersonMention, ...]
    ) -> tuple[str, ...]:
        hosts = [one.handle for one in accounts if one.platform == "website"]
        told = [self._cell(row, "email_domain").removeprefix("@")]
        addresses = [one.email for one in people if one.email]
        addresses += [email for one in accounts if (email := one.values.get("login_email"))]
        own = tuple(one.casefold() for one in told if "." in one)
        return tuple(dict.fromkeys((*own, *proven_domains(addresses, hosts))))
