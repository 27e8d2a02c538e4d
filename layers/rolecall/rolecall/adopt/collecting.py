"""What a head is asked about their accounts: a row an account, and a row a person who has access.

``rolecall collect`` writes it as a workbook (:mod:`rolecall.adopt.collecting_workbook`), and
``rolecall adopt`` takes the answers back (:mod:`rolecall.adopt.collecting_answers`). People read
names here; which row of a registry is meant, a hidden sheet tells. Nobody gets more than concerns
their own units: no incident, no strength of a password, nobody who has nothing to do with them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from rolecall.adopt.collecting_fields import ACCESS, ACCOUNTS, RowLabels, in_plain_words
from rolecall.lineage import lineage_of
from rolecall.model import Account, Entity, Login, Snapshot

__all__ = ["AskedRow", "CollectionBook", "asked_rows", "collection_books"]

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
    """

    file: str
    head: str
    units: tuple[tuple[str, str], ...]
    rows: tuple[AskedRow, ...]


def collection_books(
    snapshot: Snapshot, scope: Collection[str] | None = None
) -> Sequence[CollectionBook]:
    """Return a workbook for each head, and for each unit that has none; in the registry's order.

    :param scope: the ids of the units that are asked, all where it is not given.
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
    labels = RowLabels(snapshot)
    known = {entity.id: entity for entity in snapshot.entities}
    taken: set[str] = set()
    books = []
    for (kind, id_), units in groups.items():
        top = min(units, key=lambda unit: sum(1 for _ in lineage_of(unit.id, known)))
        of_units = [account for unit in units for account in accounts[unit.id]]
        books.append(
            CollectionBook(
                file=_file_name(top.id, taken),
                head=labels.person(id_) if kind == "head" else "",
                units=tuple((unit.id, labels.unit(unit.id)) for unit in units),
                rows=tuple(asked_rows(snapshot, of_units, labels)),
            )
        )
    return books


def asked_rows(
    snapshot: Snapshot, accounts: Iterable[Account], labels: RowLabels
) -> Iterator[AskedRow]:
    """Yield the rows about some accounts, those of the first sheet first."""
    chosen = list(accounts)
    ids = {account.id for account in chosen}
    logins: defaultdict[str, list[Login]] = defaultdict(list)
    for login in snapshot.logins:
        if login.account_id in ids:
            logins[login.account_id].append(login)
    for account in chosen:
        yield _account(account, labels, next(iter(logins[account.id]), None))
        for login in logins[account.id][1:]:
            yield _other_login(account, labels, login)
    units = {account.id: account.entity_id for account in chosen}
    order = {account.id: number for number, account in enumerate(chosen)}
    live = [one for one in snapshot.grants if one.is_live and one.account_id in ids]
    seen: set[tuple[str, str]] = set()
    for grant in sorted(live, key=lambda one: order[one.account_id]):
        key = (grant.account_id, grant.person_id)
        if key in seen:
            continue
        seen.add(key)
        by = f" by {labels.person(grant.attested_by)}" if grant.attested_by else ""
        cells = {
            "unit": labels.unit(units[grant.account_id]),
            "account": labels.account(grant.account_id),
            "person": labels.person(grant.person_id),
            "role": grant.role,
            "confirmed": f"{grant.attested_on}{by}" if grant.attested_on else "",
            "needed": "",
            "revoked_on": "",
        }
        yield AskedRow(ACCESS, key, cells)


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
