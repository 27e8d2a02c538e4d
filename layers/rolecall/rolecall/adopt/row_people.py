"""Who stands in a row, and what each of them is to its account or its unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from msgspec.structs import replace

from rolecall.adopt.account_values import cell_text
from rolecall.adopt.columns import ColumnMeaning, SheetMeaning
from rolecall.adopt.mentions import PersonMention, PersonPart
from rolecall.adopt.people import people_in
from rolecall.adopt.sheets import Sheet, SheetRow
from rolecall.vocabulary import Role

__all__ = ["PARTS_OF_ACCOUNTS", "PARTS_OF_UNITS", "people_of_row"]

PARTS_OF_ACCOUNTS: tuple[PersonPart, ...] = ("administrator", "holder", "owner", "approver")
"""What somebody can be to an account."""
PARTS_OF_UNITS: tuple[PersonPart, ...] = ("head", "contact")
"""What somebody can be to a unit."""

_ROLES: frozenset[str] = frozenset(get_args(Role))


def people_of_row(
    sheet: Sheet,
    meaning: SheetMeaning,
    row: SheetRow,
    parts: Sequence[PersonPart],
    platform: str = "",
) -> Iterator[PersonMention]:
    """Yield who stands in a row.

    :param platform: the platform of the account; what a column says of another is not about it.
    """
    for part in parts:
        named = list(_in_columns(sheet, meaning.having(part), row, part, platform))
        mailed = list(_in_columns(sheet, meaning.having(f"{part}_email"), row, part, platform))
        yield from _joined(named, mailed)


def _in_columns(
    sheet: Sheet,
    columns: Sequence[ColumnMeaning],
    row: SheetRow,
    part: PersonPart,
    platform: str,
) -> Iterator[PersonMention]:
    for column in columns:
        text = cell_text(row.cells[column.index])
        if text and column.platform in ("", platform):
            place = sheet.place(row.number, column.index)
            for person in people_in(text, part, place):
                is_told = column.role in _ROLES and not person.role
                yield replace(person, role=column.role) if is_told else person


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
