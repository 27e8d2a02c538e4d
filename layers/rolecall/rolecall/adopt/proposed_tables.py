"""The tables of a registry that follow from accounts, units and people.

A column that no sheet of a row has is left out of the row: nobody asked, and so nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec import Struct

from rolecall.adopt.account_values import LOGIN_FIELDS
from rolecall.adopt.columns import SheetMeaning
from rolecall.adopt.entities import Entities, NamedUnit
from rolecall.adopt.mentions import PersonPart
from rolecall.adopt.people_found import AdoptedPerson, People
from rolecall.adopt.proposal import ProposedRow
from rolecall.adopt.proposed_accounts import ProposedAccount
from rolecall.registry.schema import columns

__all__ = ["Parts", "proposed_tables"]

_ROLES = ("analyst", "editor", "manager", "admin", "owner")
_ROLE_UNSAID = "admin"
"""What an administrator is whose role nobody says."""

_LOGIN_FIELDS = ("holder", "holder_email", *LOGIN_FIELDS)
_TOLD_BY = {"grants": ("administrator", "administrator_email"), "logins": _LOGIN_FIELDS}
"""By which columns a sheet says something of an account in another table."""

_PERSON_COLUMNS = frozenset(columns("people"))


class Parts(Struct, frozen=True):
    """What tables are made of.

    :ivar meanings: what the columns of each sheet mean.
    :ivar places: how places in each sheet begin.
    :ivar unit_ids: the units that each sheet names.
    :ivar account_ids: by the keys of accounts.
    :ivar unit_names: the names of the units by their ids.
    :ivar roster_fields: the columns of people of which rosters speak.
    :ivar has_tree: whether a unit stands below another.
    """

    meanings: Sequence[SheetMeaning]
    places: Sequence[str]
    unit_ids: Sequence[Set[str]]
    units: Entities
    accounts: Sequence[ProposedAccount]
    account_ids: Mapping[tuple[str, str], str]
    people: People
    unit_names: Mapping[str, str]
    roster_fields: frozenset[str] = frozenset()
    has_tree: bool = False

    def has(self, account: ProposedAccount, *fields: str) -> bool:
        """Tell whether a sheet of an account has a column of one of these meanings for it."""
        return any(
            self.meanings[sheet].having(field, platform)
            for sheet in account.sheets
            for field in fields
            for platform in ("", account.key[0])
        )

    def sheets_of(self, person: AdoptedPerson) -> frozenset[int]:
        """Return the sheets that name a person."""
        return frozenset(
            index
            for index, place in enumerate(self.places)
            if any(one == place or one.startswith(f"{place},") for one in person.places)
        )

    def ids_of(self, account: ProposedAccount, part: PersonPart) -> Iterator[tuple[str, str]]:
        """Yield the people who are something to an account, each with the role that is said."""
        for one in account.mentions:
            for mention in one.mention.people:
                if mention.part == part:
                    for id_ in self.people.of(mention, self.unit_names.get(one.entity_id, "")):
                        yield id_, mention.role


def proposed_tables(parts: Parts) -> dict[str, Sequence[ProposedRow]]:
    """Return the tables by their names, in the order of writing, but those without rows."""
    tables = {
        "entities": [_entity(unit, parts) for unit in parts.units.units],
        "people": [_person(person, parts) for person in parts.people.people],
        "accounts": [_account(account, parts) for account in parts.accounts],
        "grants": [row for account in parts.accounts for row in _grants(account, parts)],
        "logins": [
            _login(account, parts)
            for account in parts.accounts
            if parts.has(account, *_LOGIN_FIELDS)
        ],
    }
    return {name: rows for name, rows in tables.items() if rows}


def _entity(unit: NamedUnit, parts: Parts) -> ProposedRow:
    cells = {"id": unit.id, "name": unit.name}
    if parts.has_tree:
        cells["parent_id"] = unit.parent_id
    sheets = frozenset(index for index, ids in enumerate(parts.unit_ids) if unit.id in ids)
    if any(parts.meanings[sheet].having("head") for sheet in sheets):
        heads = [
            id_
            for mention in unit.people
            if mention.part == "head"
            for id_ in parts.people.of(mention, unit.name)
        ]
        cells["head_id"] = next(iter(heads), "")
    if unit.domains:
        cells["email_domains"] = "|".join(unit.domains)
    return ProposedRow(cells, sheets)


def _person(person: AdoptedPerson, parts: Parts) -> ProposedRow:
    cells = {"id": person.id, "name": person.name, "status": person.status}
    if person.on_roster:
        # Of what a roster says it is the whole truth: an empty cell is none on record.
        cells |= dict.fromkeys(
            sorted(parts.roster_fields - {"id", "name", "status", "entity_id"}), ""
        )
    said = {
        "email": person.email,
        "left_on": person.left_on.isoformat() if person.left_on else "",
        "type": person.type or "",
        "supervisor_id": person.supervisor_id,
        "entity_id": _unit_of(person, parts),
        **{name: value for name, value in person.values.items() if name in _PERSON_COLUMNS},
    }
    cells |= {name: value for name, value in said.items() if value}
    return ProposedRow(cells, parts.sheets_of(person))


def _unit_of(person: AdoptedPerson, parts: Parts) -> str:
    """Return the unit where somebody serves.

    Where several units stand side by side and no sheet says what is above what, it is left out:
    people of a head office who look after everybody's accounts would seem to have moved away.
    """
    is_tree = len(parts.unit_names) == 1 or parts.has_tree
    return parts.units.id_of(person.entity) if person.entity and is_tree else ""


def _account(account: ProposedAccount, parts: Parts) -> ProposedRow:
    first = account.mentions[0].mention
    cells = {
        "id": parts.account_ids[account.key],
        "entity_id": account.entity_id,
        "platform": account.key[0],
        "handle": first.handle,
        "status": "active",
    }
    url = next((one.mention.url for one in account.mentions if one.mention.url), "")
    if url:
        cells["url"] = url
    named: tuple[tuple[PersonPart, str], ...] = (("owner", "owner_id"), ("approver", "approved_by"))
    for part, column in named:
        if parts.has(account, part, f"{part}_email"):
            ids = list(dict.fromkeys(id_ for id_, _ in parts.ids_of(account, part)))
            cells[column] = "|".join(ids if column == "approved_by" else ids[:1])
    for name in dict.fromkeys(name for one in account.mentions for name in one.mention.values):
        said = account.said(name, lambda mention: mention.values)
        if said or (said is not None and name != "status"):
            cells[name] = said
    silent = {table for table, fields in _TOLD_BY.items() if not parts.has(account, *fields)}
    return ProposedRow(cells, account.sheets, frozenset(silent))


def _grants(account: ProposedAccount, parts: Parts) -> Iterator[ProposedRow]:
    roles: dict[str, str] = {}
    for id_, role in parts.ids_of(account, "administrator"):
        known = role if role in _ROLES else _ROLE_UNSAID
        roles[id_] = max(known, roles.get(id_, known), key=_ROLES.index)
    for id_, role in roles.items():
        cells = {"account_id": parts.account_ids[account.key], "person_id": id_, "role": role}
        yield ProposedRow(cells, account.sheets)


def _login(account: ProposedAccount, parts: Parts) -> ProposedRow:
    id_ = parts.account_ids[account.key]
    cells = {"id": f"log-{id_}", "account_id": id_}
    if parts.has(account, "holder", "holder_email"):
        holders = dict.fromkeys(one for one, _ in parts.ids_of(account, "holder"))
        cells["holder_ids"] = "|".join(holders)
    for name in LOGIN_FIELDS:
        if (said := account.said(name, lambda mention: mention.login)) is not None:
            cells[name] = said
    return ProposedRow(cells, account.sheets)
