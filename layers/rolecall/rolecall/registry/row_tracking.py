"""Columns that are tracked row by row: how documents say for which rows, and registries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Protocol

from rolecall.model import Account, RowKey, Snapshot
from rolecall.provenance import (
    REVOCATION_COLUMNS,
    VAULT_COLUMNS,
    Fill,
    Filled,
    fill_key,
    split_key,
)

__all__ = ["fills_of_files", "rows_filled", "rows_vaulted"]

_FILE = Fill("file")


class _Known(Protocol):
    """The document of an entity or a person."""

    @property
    def id(self) -> str: ...
    @property
    def filled(self) -> Filled: ...


class _Holding(Protocol):
    """The document of an account."""

    @property
    def account(self) -> Account: ...
    @property
    def filled(self) -> Filled: ...
    @property
    def vaulted(self) -> tuple[str, ...]: ...
    @property
    def revoking(self) -> tuple[str, ...]: ...


def rows_filled(
    accounts: Iterable[_Holding], others: Iterable[_Known], tracked: Set[str]
) -> Mapping[str, frozenset[RowKey]]:
    """Return the rows for which columns are tracked that are not for all (``Snapshot.filled``).

    :param others: the documents of entities and people.
    """
    found: defaultdict[str, set[RowKey]] = defaultdict(set)
    for document in accounts:
        if document.filled or document.vaulted or document.revoking:
            for column, key in _of_account(document):
                found[column].add(key)
    for one in others:
        for mark in one.filled:
            table, _, name = split_key(mark)
            if name:
                found[f"{table}.{name}"].add((one.id,))
    return {column: frozenset(keys) for column, keys in found.items() if column not in tracked}


def rows_vaulted(accounts: Iterable[_Holding]) -> frozenset[RowKey]:
    """Return the logins whose holders the vault has on record (``Snapshot.vaulted``)."""
    return frozenset((one.account.id, login) for one in accounts for login in one.vaulted)


def _of_account(document: _Holding) -> Iterator[tuple[str, RowKey]]:
    account = document.account.id
    for key in document.filled:
        table, row, name = split_key(key)
        where = (account,) if table == "accounts" else (account, row)
        if name:
            yield f"{table}.{name}", where
        elif table == "logins":
            yield from ((column, where) for column in VAULT_COLUMNS)
    # The vault and a revocation say by themselves what they fill.
    for login in document.vaulted:
        yield from ((column, (account, login)) for column in VAULT_COLUMNS)
    for person in document.revoking:
        yield from ((column, (account, person)) for column in REVOCATION_COLUMNS)


def fills_of_files(snapshot: Snapshot) -> Mapping[tuple[str, str], Filled]:
    """Return what documents say of columns that files do not have for all rows.

    By the table and the id of the document: that of an entity, a person, or an account.
    """
    found: defaultdict[tuple[str, str], Filled] = defaultdict(dict)
    for column in sorted(snapshot.filled):
        table, _, name = column.partition(".")
        for key in sorted(snapshot.filled[column]):
            where = table if table in ("entities", "people") else "accounts", key[0]
            found[where][fill_key(table, key[-1], name)] = _FILE
    return found
