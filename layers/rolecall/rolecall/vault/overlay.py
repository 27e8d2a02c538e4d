"""A registry with what the vault knows of its logins, where the two are kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from rolecall.model import Account, Login, RowKey, Snapshot
from rolecall.provenance import DESTROYED_COLUMNS, VAULT_COLUMNS
from rolecall.vault.life import Life, LoginKey, row_of

__all__ = ["with_vault"]


def with_vault(snapshot: Snapshot, known: Mapping[LoginKey, Life]) -> Snapshot:
    """Return a registry whose logins are as the vault knows them, and tracked where it does."""
    accounts = {account.id: account for account in snapshot.accounts}
    here = {key: life for key, life in known.items() if key[0] in accounts}
    if not here:
        return snapshot
    rows = {(login.account_id, login.id): login for login in snapshot.logins}
    logins = tuple(_overlaid(snapshot.logins, here, rows, accounts))
    filled, found = dict(snapshot.filled), defaultdict[str, set[RowKey]](set)
    for login in logins:
        key = login.account_id, login.id
        for column in _columns(here[key], rows.get(key)) if key in here else ():
            if column not in snapshot.tracked:
                found[column].add(key)
    for column, keys in found.items():
        filled[column] = filled.get(column, frozenset()) | keys
    vaulted = frozenset(key for key, life in here.items() if life.current is not None)
    return replace(snapshot, logins=logins, filled=filled, vaulted=vaulted)


def _columns(life: Life, row: Login | None) -> frozenset[str]:
    """Return the columns of a login that the vault fills.

    Of a secret that was destroyed it says no more than that it is not there; but a login that no
    file has is all its word.

    :param row: the login as files have it.
    """
    if life.current is not None or row is None:
        return VAULT_COLUMNS
    return DESTROYED_COLUMNS


def _overlaid(
    logins: Iterable[Login],
    known: Mapping[LoginKey, Life],
    rows: Mapping[LoginKey, Login],
    accounts: Mapping[str, Account],
) -> Iterator[Login]:
    for login in logins:
        life = known.get((login.account_id, login.id))
        row = row_of(life, login, accounts[login.account_id]) if life else login
        if row is not None:
            yield row
    for key, life in sorted(known.items()):
        if key not in rows and (made := row_of(life, None, accounts[key[0]])) is not None:
            yield made
