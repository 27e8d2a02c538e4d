"""What stays of one document when files say what the registry is.

The rules are those of :mod:`rolecall.registry.merging`, row by row and field by field.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.model import Grant, RegistryRecord
from rolecall.provenance import (
    ACTS,
    COMPANIONS,
    Fill,
    Filled,
    fill_key,
    fills_of,
    split_key,
    without_row,
)
from rolecall.registry.documents import AccountDocument, grant_order
from rolecall.registry.keeping_logins import kept_logins, without_echoes
from rolecall.registry.schema import columns

__all__ = ["kept_account", "kept_record", "of_programs"]


def of_programs(filled: Filled) -> Filled:
    """Return what was filled by others than files."""
    return {key: fill for key, fill in filled.items() if fill.by != "file"}


def kept_record(
    table: str, row: str, old: Any, new: Any, filled: Filled, told: Filled, tracked: Set[str]
) -> tuple[Any, Filled]:
    """Return a row as files have it, but for what programs filled, and what of it they did.

    :param filled: what programs filled of the row as it was.
    :param told: what files say of columns that they do not have for all rows.
    :param tracked: the columns that they have.
    """
    return _Row(table, row, tracked, told).merged(old, new, filled)


def kept_account(old: AccountDocument, new: AccountDocument, tracked: Set[str]) -> AccountDocument:
    """Return a new document of an account in which what was done here stays done.

    That is what programs filled, what the vault knows of its logins, and which access was taken
    away.
    """
    if fills := of_programs(old.filled):
        new = _keep_grants(old, new, fills, tracked)
        id_ = old.account.id
        if fills_of(fills, "accounts", id_):
            account, kept = kept_record(
                "accounts", id_, old.account, new.account, fills, new.filled, tracked
            )
            filled = without_row(new.filled, "accounts", id_) | kept
            new = replace(new, account=account, filled=filled)
    return without_echoes(kept_logins(old, _keep_revoked(old, new)))


def _keep_grants(
    old: AccountDocument, new: AccountDocument, fills: Filled, tracked: Set[str]
) -> AccountDocument:
    grants, filled = list(new.grants), new.filled
    for known in old.grants:
        person = known.person_id
        own = fills_of(fills, "grants", person)
        if not known.is_live or not own:
            continue
        row = _same(grants, known)
        if row is None:
            if "" in own:
                grants.append(known)
                filled = filled | {
                    fill_key("grants", person, name): fill for name, fill in own.items()
                }
        elif grants[row].is_live:
            grants[row], kept = kept_record(
                "grants", person, known, grants[row], fills, new.filled, tracked
            )
            filled = without_row(filled, "grants", person) | kept
    grants.sort(key=grant_order)
    return replace(new, grants=tuple(grants), filled=filled)


def _same(grants: list[Grant], known: Grant) -> int | None:
    """Return which of the grants a live one is: the person's live one, or else of that day."""
    own = [row for row, grant in enumerate(grants) if grant.person_id == known.person_id]
    live = [row for row in own if grants[row].is_live]
    of_day = [row for row in own if grants[row].granted_on == known.granted_on]
    return next(iter([*live, *of_day]), None)


def _keep_revoked(old: AccountDocument, new: AccountDocument) -> AccountDocument:
    grants = list(new.grants)
    for known in old.grants:
        if known.person_id not in old.revoking:
            continue
        same = [
            row
            for row, grant in enumerate(grants)
            if (grant.person_id, grant.granted_on) == (known.person_id, known.granted_on)
        ]
        if not same and known.is_live and (row := _same(grants, known)) is not None:
            # The files have its first day by now.
            same = [row]
        if not same and (row := _unaware(old, grants, known)) is not None:
            same = [row]
        if not same:
            grants.append(known)
        for row in same:
            # The day in the files may be a better one than none.
            grants[row] = replace(
                grants[row],
                revoke_requested_at=known.revoke_requested_at,
                revoked_on=known.revoked_on or grants[row].revoked_on,
            )
    grants.sort(key=grant_order)
    return replace(new, grants=tuple(grants), revoking=old.revoking)


def _unaware(old: AccountDocument, grants: list[Grant], known: Grant) -> int | None:
    """Return which row of the files is a grant that ended here, under another day.

    A grant is one person's on one account; its day is a cell that anybody may put right, and who
    changes it gives nobody their access back. Files that have the end of it say more than it: the
    live row beside it is a new grant. So is one where the person was granted access here since.
    """
    own = [row for row, grant in enumerate(grants) if grant.person_id == known.person_id]
    is_known = any(not grants[row].is_live for row in own)
    is_new = any(one.is_live and one.person_id == known.person_id for one in old.grants)
    live = [row for row in own if grants[row].is_live]
    return None if is_known or is_new or known.is_live else next(iter(live), None)


class _Row(Struct, frozen=True):
    """A row of which a program filled something, and the files of which say something.

    :ivar tracked: the columns that the files have.
    :ivar told: what they have of others.
    """

    table: str
    row: str
    tracked: Set[str]
    told: Filled

    def merged(self, old: Any, new: Any, filled: Filled) -> tuple[Any, Filled]:
        """Return the row as it is to be, and what of it programs filled."""
        fills = fills_of(filled, self.table, self.row)
        made = fills.pop("", None)
        if made is not None:
            fills = {**self._of_made(old, made), **fills}
        kept = {name: fill for name, fill in fills.items() if self._stays(name, old, new, fill)}
        for column, act in COMPANIONS.items():
            name, day = column.partition(".")[2], act.partition(".")[2]
            if column.startswith(f"{self.table}.") and name in fills and day in fills:
                # Who did it goes with when it was done.
                kept.pop(name, None)
                if day in kept:
                    kept[name] = fills[name]
        record = replace(new, **{name: getattr(old, name) for name in kept})
        marks = {fill_key(self.table, self.row, name): fill for name, fill in kept.items()}
        told = {key: fill for key, fill in fills_of(self.told, self.table, self.row).items() if key}
        return record, {
            **{fill_key(self.table, self.row, name): fill for name, fill in told.items()},
            **{
                key: self._seen(key, fill, new) if self._says(split_key(key)[2]) else fill
                for key, fill in marks.items()
            },
        }

    def _of_made(self, old: RegistryRecord, made: Fill) -> dict[str, Fill]:
        """Return the fields of a row that a program made, as it filled them."""
        return {
            name: Fill(made.by, made.at)
            for name, column in columns(self.table).items()
            if not column.required and not _is_empty(getattr(old, name))
        }

    def _seen(self, key: str, fill: Fill, new: Any) -> Fill:
        """Return what is on record after the files were heard: they may have followed."""
        name = split_key(key)[2]
        said = msgspec.to_builtins(getattr(new, name))
        return fill if _is_empty(getattr(new, name)) else replace(fill, was=said)

    def _says(self, name: str) -> bool:
        column = f"{self.table}.{name}"
        return column in self.tracked or fill_key(self.table, self.row, name) in self.told

    def _stays(self, name: str, old: Any, new: Any, fill: Fill) -> bool:
        kept, said = getattr(old, name), getattr(new, name)
        if not self._says(name) or _is_empty(said) or said == kept:
            return True
        if msgspec.to_builtins(said) == fill.was:
            return True
        is_act = f"{self.table}.{name}" in ACTS
        return is_act and kept is not None and bool(said < kept)


def _is_empty(value: Any) -> bool:
    return value is None or value == ()
