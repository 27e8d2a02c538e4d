"""What a head is asked about their accounts: a row an account, and a row a person who has access.

``rolecall collect`` writes it as a workbook (:mod:`rolecall.adopt.collecting_workbook`), and
``rolecall adopt`` takes the answers back (:mod:`rolecall.adopt.collecting_answers`). People read
names here; which row of a registry is meant, a hidden sheet tells. Nobody gets more than concerns
their own units: no incident, no strength of a password, nobody who has nothing to do with them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from rolecall.adopt.collecting_fields import ACCESS, ACCOUNTS, RowLabels, in_plain_words
from rolecall.lineage import lineage_of
from rolecall.model import Account, Entity, Grant, Login, Snapshot
from rolecall.vocabulary import Language

__all__ = ["AskedRow", "AskedRows", "CollectionBook", "collection_books"]

_UNSAFE = re.compile(r"[^a-z0-9._-]+")
_LONGEST_NAME = 80
# What Windows takes for a device, whatever its ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


class AskedRow(Struct, frozen=True):
    """One row of a sheet.

    :ivar sheet: the sheet's name.
    :ivar keys: the account, and the login that the row is about or the person; of an account
        without a login the second is empty.
    :ivar cells: the texts that are shown, by the names of fields; fields that are not asked in this
        row are left out.
    """

    sheet: str
    keys: tuple[str, str]
    cells: Mapping[str, str]


class CollectionBook(Struct, frozen=True):
    """One workbook.

    :ivar file: its name.
    :ivar head: the name of whom it is for, empty where the unit has no head on record.
    :ivar units: the ids and names of the units whose accounts are in it.
    :ivar language: in which the head reads it.
    """

    file: str
    head: str
    units: tuple[tuple[str, str], ...]
    rows: tuple[AskedRow, ...]
    language: Language = "en"


class AskedRows:
    """The rows about the accounts of one registry, whose tables are looked through once.

    :ivar labels: what people read instead of ids.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.labels = RowLabels(snapshot)
        self._logins: defaultdict[str, list[Login]] = defaultdict(list)
        for login in snapshot.logins:
            self._logins[login.account_id].append(login)
        self._live: defaultdict[str, dict[str, Grant]] = defaultdict(dict)
        for grant in snapshot.grants:
            if grant.is_live:
                self._live[grant.account_id].setdefault(grant.person_id, grant)

    def about(self, accounts: Sequence[Account]) -> Iterator[AskedRow]:
        """Yield the rows about some accounts, those of the first sheet first."""
        for account in accounts:
            logins = self._logins.get(account.id, [])
            yield _account(account, self.labels, next(iter(logins), None))
            for login in logins[1:]:
                yield _other_login(account, self.labels, login)
        for account in accounts:
            for grant in self._live.get(account.id, {}).values():
                yield _access(account, self.labels, grant)


def collection_books(
    snapshot: Snapshot, scope: Collection[str] | None = None, language: Language = "en"
) -> Sequence[CollectionBook]:
    """Return a workbook for each head, and for each unit that has none; in the registry's order.

    :param scope: the ids of the units that are asked, all where it is not given.
    :param language: in which heads are asked of whom no language is on record.
    """
    accounts: defaultdict[str, list[Account]] = defaultdict(list)
    for account in snapshot.accounts:
        if account.status != "closed":
            accounts[account.entity_id].append(account)
    groups: defaultdict[tuple[str, str], list[Entity]] = defaultdict(list)
    for entity in snapshot.entities:
        if entity.id in accounts and (scope is None or entity.id in scope):
            key = ("head", entity.head_id) if entity.head_id else ("unit", entity.id)
            groups[key].append(entity)
    asked = AskedRows(snapshot)
    spoken = {one.id: one.language for one in snapshot.people if one.language is not None}
    known = {entity.id: entity for entity in snapshot.entities}
    taken: set[str] = set()
    books = []
    for (kind, id_), units in groups.items():
        top = min(units, key=lambda unit: sum(1 for _ in lineage_of(unit.id, known)))
        of_units = [account for unit in units for account in accounts[unit.id]]
        books.append(
            CollectionBook(
                file=_file_name(top.id, taken),
                head=asked.labels.person(id_) if kind == "head" else "",
                units=tuple((unit.id, asked.labels.unit(unit.id)) for unit in units),
                rows=tuple(asked.about(of_units)),
                language=spoken.get(id_, language) if kind == "head" else language,
            )
        )
    return books


def _access(account: Account, labels: RowLabels, grant: Grant) -> AskedRow:
    by = f" by {labels.person(grant.attested_by)}" if grant.attested_by else ""
    cells = {
        "unit": labels.unit(account.entity_id),
        "account": labels.account(account.id),
        "person": labels.person(grant.person_id),
        "role": grant.role,
        "confirmed": f"{grant.attested_on}{by}" if grant.attested_on else "",
        "needed": "",
        "revoked_on": "",
    }
    return AskedRow(ACCESS, (account.id, grant.person_id), cells)


def _account(account: Account, labels: RowLabels, login: Login | None) -> AskedRow:
    cells = {
        "unit": labels.unit(account.entity_id),
        "account": labels.account(account.id),
        "url": account.url or "",
        "status": in_plain_words("status", account.status),
        "owner_id": labels.person(account.owner_id) if account.owner_id else "",
        "login_email": account.login_email or "",
        **_of_login(login, labels),
        "reviewed_on": str(account.reviewed_on or ""),
    }
    return AskedRow(ACCOUNTS, (account.id, login.id if login else ""), cells)


def _other_login(account: Account, labels: RowLabels, login: Login) -> AskedRow:
    name = f"{labels.account(account.id)}, sign-in {login.id}"
    cells = {"unit": labels.unit(account.entity_id), "account": name, **_of_login(login, labels)}
    return AskedRow(ACCOUNTS, (account.id, login.id), cells)


def _of_login(login: Login | None, labels: RowLabels) -> dict[str, str]:
    if login is None:
        return {"mfa": "", "storage": "", "holder_ids": ""}
    return {
        "mfa": in_plain_words("mfa", login.mfa or ""),
        "storage": in_plain_words("storage", login.storage or ""),
        "holder_ids": "; ".join(map(labels.person, login.holder_ids)),
    }


def _file_name(unit: str, taken: set[str]) -> str:
    """Return a name that every file system has, from an id that may be any text."""
    name = _UNSAFE.sub("-", unit.casefold()).strip("-.")[:_LONGEST_NAME].strip("-.")
    if not name or _DEVICES.fullmatch(name):
        name = f"unit-{name}".strip("-")
    number, made = 1, f"{name}.xlsx"
    while made in taken:
        number += 1
        made = f"{name}-{number}.xlsx"
    taken.add(made)
    return made
