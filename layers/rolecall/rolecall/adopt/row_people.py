"""Who stands in a row, and what each of them is to its account or its unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from msgspec.structs import replace

from rolecall.adopt.account_values import cell_text
from rolecall.adopt.columns import ColumnMeaning, SheetMeaning
from rolecall.adopt.mentions import PersonMention, PersonPart
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.people import people_in
from rolecall.adopt.people_words import ROLES
from rolecall.adopt.sheets import Sheet, SheetRow
from rolecall.vocabulary import Role

__all__ = ["PARTS_OF_ACCOUNTS", "PARTS_OF_UNITS", "RowPeople"]

PARTS_OF_ACCOUNTS: tuple[PersonPart, ...] = ("administrator", "holder", "owner", "approver")
"""What somebody can be to an account."""
PARTS_OF_UNITS: tuple[PersonPart, ...] = ("head", "contact")
"""What somebody can be to a unit."""

_ROLES: frozenset[str] = frozenset(get_args(Role))


class RowPeople:
    """Reads who stands in the rows of one sheet, one row after the other."""

    def __init__(self, sheet: Sheet, meaning: SheetMeaning) -> None:
        self._sheet, self._meaning = sheet, meaning
        # A row may name several accounts, and who stands in it is read once.
        self._row = -1
        self._read: dict[int, list[PersonMention]] = {}

    def of(
        self, row: SheetRow, parts: Sequence[PersonPart], platform: str = ""
    ) -> Iterator[PersonMention]:
        """Yield who stands in a row.

        :param platform: the platform of the account; what a column says of another is not about it.
        """
        if row.number != self._row:
            self._row, self._read = row.number, {}
        for part in parts:
            named = list(self._in_columns(part, part, row, platform))
            mailed = list(self._in_columns(f"{part}_email", part, row, platform))
            yield from _joined(named, mailed)

    def _in_columns(
        self, field: str, part: PersonPart, row: SheetRow, platform: str
    ) -> Iterator[PersonMention]:
        for column in self._meaning.having(field):
            if column.platform in ("", platform):
                if column.index not in self._read:
                    self._read[column.index] = list(self._in_cell(column, part, row))
                yield from self._read[column.index]

    def _in_cell(
        self, column: ColumnMeaning, part: PersonPart, row: SheetRow
    ) -> Iterator[PersonMention]:
        text = cell_text(row.cells[column.index])
        place = self._sheet.place(row.number, column.index)
        role = column.role
        if part == "administrator" and not role:
            role = self._role(row)
        for person in people_in(text, part, place) if text else ():
            is_told = role in _ROLES and not person.role
            yield replace(person, role=role) if is_told else person

    def _role(self, row: SheetRow) -> str:
        """Return the role that a row says in a column of its own."""
        words = (word_key(cell_text(row.cells[one.index])) for one in self._meaning.having("role"))
        return next((ROLES[word] for word in words if word in ROLES), "")


def _joined(named: list[PersonMention], mailed: list[PersonMention]) -> Iterator[PersonMention]:
    """Yield people with the addresses that a column beside them has, in the same order.

    Where there are not as many of the one as of the other, nobody can tell whose they are.
    """
    bare = [person for person in named if person.kind == "person" and not person.email]
    addresses = [person for person in mailed if person.email and person.kind == "person"]
    if not bare or len(bare) != len(addresses) or len(bare) != len(named):
        yield from named
        known = {person.email.casefold() for person in named if person.email}
        yield from (person for person in mailed if person.email.casefold() not in known)
        return
    for person, address in zip(bare, addresses, strict=True):
        yield replace(person, email=address.email)
    yield from (person for person in mailed if person not in addresses)
