"""Where a fact of the registry comes from: a file, or a program that filled it since.

A registry is brought in by files, and programs fill some of it: registrars edit records, the vault
knows what it keeps, a revocation is a fact before a file has it. For each document that is kept,
the fields and rows that were last filled by something else than the file are on record
(:data:`Filled`), so that an import of files that say nothing newer changes none of them.

Invariants:

- What is not on record came from a file.
- A column that programs fill is *tracked* for the rows where one of them filled it, though no file
  has it (:attr:`rolecall.model.Snapshot.filled`): for all others nobody can tell.

Deliberately elsewhere: what an import makes of it (:mod:`rolecall.registry.merging`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from rolecall.model import RegistryRecord, RowKey

__all__ = [
    "ACTS",
    "COMPANIONS",
    "DESTROYED_COLUMNS",
    "FILLED_COLUMNS",
    "OTHERS_UNTRACKED",
    "REVOCATION_COLUMNS",
    "TABLES_BY_ROW",
    "UNTRACKED",
    "VAULT_COLUMNS",
    "VAULT_FIELDS",
    "Fill",
    "Filled",
    "Source",
    "edited",
    "fill_key",
    "fills_of",
    "row_key",
    "split_key",
    "without_row",
]

Source: TypeAlias = Literal["file", "edit", "platform", "roster", "vault", "revocation"]
"""Who fills fields and makes rows."""

VAULT_FIELDS = (
    *("storage", "holder_ids", "rotated_on", "mfa", "strength", "fingerprint"),
    "emergency_revealed_on",
)
"""What the vault says of a login whose secret it keeps."""
VAULT_COLUMNS = frozenset(f"logins.{name}" for name in ("id", "account_id", *VAULT_FIELDS))
DESTROYED_COLUMNS = frozenset({"logins.id", "logins.account_id", "logins.storage"})
"""What it still says of one whose secret was destroyed, and that a file has as well."""
REVOCATION_COLUMNS = frozenset({"grants.revoke_requested_at", "grants.revoked_on"})
ACTS = frozenset({"people.trained_on", "accounts.removal_tested_on", "grants.attested_on"})
"""Days on which something was last done: of two the later is what is true."""
COMPANIONS = {"grants.attested_by": "grants.attested_on"}
"""Columns that say more of an act, each with that of its day: they are filled together."""
FILLED_COLUMNS = VAULT_COLUMNS | REVOCATION_COLUMNS | ACTS | frozenset(COMPANIONS)
"""Columns that programs fill, whether or not a file has them: these are tracked row by row."""

UNTRACKED = "(not tracked)"
"""What stands in a cell of a file of which nobody keeps track, in a column that others fill."""

OTHERS_UNTRACKED = "(others not tracked)"
"""What stands in the cells that must be filled of a row that is none, where nobody keeps track of
what has no row in the table: accounts of which no grant is on record may have any."""


class Fill(Struct, frozen=True, array_like=True):
    """By what a field was filled, or a row made, and when.

    :ivar was: what the file said, as JSON has it: of a row that was made, and of a field that no
        file filled, nothing.
    """

    by: Source
    at: datetime | None = None
    was: Any = None


Filled: TypeAlias = dict[str, Fill]
"""Of a document: what was not filled by a file, by :func:`fill_key`."""

_KEYS: Mapping[str, Callable[[Any], RowKey]] = {
    "entities": lambda row: (row.id,),
    "people": lambda row: (row.id,),
    "accounts": lambda row: (row.id,),
    "grants": attrgetter("account_id", "person_id"),
    "logins": attrgetter("account_id", "id"),
    "incidents": attrgetter("account_id", "id"),
    "contents": attrgetter("account_id", "id"),
}


TABLES_BY_ROW = frozenset(_KEYS)
"""Tables of which a column may be tracked for some rows alone: the others have no name for a row,
or no document that could say it."""


def row_key(table: str) -> Callable[[Any], RowKey]:
    """Return the function that gives what names a row of a table.

    Of a person's grants on an account one is live at a time: they are one row here.
    """
    return _KEYS[table]


def fill_key(table: str, row: str, column: str = "") -> str:
    """Return by what a field is found in a document; without a column, a row as a whole.

    :param row: an id; of a grant that of the person, whose live grant it is.
    """
    found = f"{table}/{row.replace('%', '%25').replace('/', '%2F')}"
    return f"{found}/{column}" if column else found


def split_key(key: str) -> tuple[str, str, str]:
    """Return the table, the row and the column of a key."""
    table, row, column = (*key.split("/"), "")[:3]
    return table, row.replace("%2F", "/").replace("%25", "%"), column


def fills_of(filled: Filled, table: str, row: str) -> dict[str, Fill]:
    """Return what is on record of a row, by column; by ``""`` of the row as a whole."""
    start = fill_key(table, row)
    found = {} if start not in filled else {"": filled[start]}
    return found | {
        key.removeprefix(f"{start}/"): fill
        for key, fill in filled.items()
        if key.startswith(f"{start}/")
    }


def without_row(filled: Filled, table: str, row: str) -> Filled:
    """Return what is on record of everything but a row."""
    start = fill_key(table, row)
    return {
        key: fill
        for key, fill in filled.items()
        if key != start and not key.startswith(f"{start}/")
    }


def edited(
    filled: Filled,
    table: str,
    row: str,
    before: RegistryRecord | None,
    record: RegistryRecord,
    at: datetime,
) -> Filled:
    """Return what is on record after somebody edited a row, or made it.

    :param before: the row as it was, ``None`` where there was none.
    """
    known = fills_of(filled, table, row)
    if before is None:
        known = {"": Fill("edit", at)}
    for name in _changed(table, before, record):
        if before is None or "" in known:
            # Of a row that no file ever had there is no other word; what it tracks is said.
            if f"{table}.{name}" in FILLED_COLUMNS:
                known[name] = Fill("edit", at)
            continue
        was = known[name].was if name in known else msgspec.to_builtins(getattr(before, name))
        known[name] = Fill("edit", at, was)
    return without_row(filled, table, row) | {
        fill_key(table, row, name): fill for name, fill in known.items()
    }


def _changed(table: str, before: RegistryRecord | None, record: RegistryRecord) -> list[str]:
    """Return the fields that differ, with their companions; of a new row those that are filled."""
    found = []
    for field in msgspec.structs.fields(record):
        old = field.default if before is None else getattr(before, field.name)
        if getattr(record, field.name) != old and field.name != "notes":
            found.append(field.name)
    for name, act in COMPANIONS.items():
        pair = {column.partition(".")[2] for column in (name, act)}
        if name.startswith(f"{table}.") and not pair.isdisjoint(found):
            found += sorted(pair.difference(found))
    return found
