"""Ids and accounts that people write in more than one way: matched, or pointed out.

A reference that no row has word for word is that of the one row whose id differs by nothing that a
person sees, or by case, or by zeros before a number; the record gets the id as the row has it, and
a warning says so. Where two rows could be meant none is. What merely looks alike, letters of
another alphabet among them, is never taken for the same: it is pointed out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from rolecall.keys.accounts import match_key
from rolecall.keys.texts import identifier_keys, look
from rolecall.model import Investigator
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.problems import Problems
from rolecall.registry.schema import names_in, referring

__all__ = ["match_references", "named_one_by_one", "warn_of_neighbours", "with_ids"]

_IDENTIFIED = ("entities", "people", "accounts")
_id = attrgetter("id")
_Tables = Mapping[str, ParsedTable]


def match_references(tables: _Tables, texts: Set[str], warnings: Problems) -> _Tables:
    """Return tables in which references that were meant for a row name it.

    :param texts: every text of a column that refers to something, among others.
    """
    found = dict(tables)
    every = {
        # A row with a bad cell may have no id.
        name: set(map(_id, tables[name].records)) - {None}
        for name in _IDENTIFIED
        if name in tables
    }
    # What is no id of anything may be one that is written otherwise. Plain numbers are looked at
    # in any case: the 17 of one table may be meant for the 0017 of another.
    if not _may_be_meant(frozenset(texts).difference(*every.values()), every.values()):
        return tables
    for target, ids in every.items():
        named = {name: names_in(name, target)(table.records) for name, table in tables.items()}
        unknown = set().union(*named.values()) - ids
        meant = _meant(sorted(unknown), sorted(ids))
        alike = _alike(unknown - meant.keys(), ids) if target == "people" else {}
        for name, names in named.items():
            if not names.isdisjoint(meant):
                found[name] = _matched(found[name], target, meant, warnings)
            if not names.isdisjoint(alike):
                _warn_of_likeness(found[name], alike, warnings)
    return found


def _may_be_meant(unknown: Set[str], every: Iterable[Set[str]]) -> bool:
    if any(not text.isascii() for text in unknown):
        return True
    keys = set(identifier_keys(list(unknown)))
    for ids in every:
        if any(map(str.isdigit, ids)) or not keys.isdisjoint(identifier_keys(list(ids))):
            return True
    return False


def _meant(unknown: Sequence[str], ids: Sequence[str]) -> Mapping[str, str]:
    """Return the id that each unknown text was meant to be, where it is one."""
    wanted = dict(zip(unknown, identifier_keys(unknown), strict=True))
    keys = frozenset(wanted.values())
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for id_, key in zip(ids, identifier_keys(ids), strict=True):
        if key in keys:
            rows[key].append(id_)
    return {text: rows[key][0] for text, key in wanted.items() if len(rows[key]) == 1}


def _alike(unknown: Iterable[str], ids: Iterable[str]) -> Mapping[str, str]:
    """Return whose id each unknown text only looks like."""
    odd = {text: look(text) for text in unknown if not text.isascii()}
    if not odd:
        return {}
    looks = {look(id_): id_ for id_ in ids}
    return {text: looks[seen] for text, seen in odd.items() if seen in looks}


def _matched(
    table: ParsedTable, target: str, meant: Mapping[str, str], warnings: Problems
) -> ParsedTable:
    for index, name, text in named_one_by_one(table, target):
        if text in meant:
            message = f"was taken for {meant[text]}, which is written otherwise"
            _warn(table, index, name, message, text, warnings)
    return with_ids(table, target, meant)


def named_one_by_one(table: ParsedTable, target: str) -> Iterator[tuple[int, str, str]]:
    """Yield every reference of a table to rows of another: its record, its column and its text."""
    for index, record in enumerate(table.records):
        for name in referring(table.name, target):
            for text in _texts(getattr(record, name)):
                yield index, name, text


def with_ids(table: ParsedTable, target: str, meant: Mapping[str, str]) -> ParsedTable:
    """Return a table in which references to rows of another are the ids that they mean."""
    records = list(table.records)
    for index, record in enumerate(records):
        values = {name: getattr(record, name) for name in referring(table.name, target)}
        changes = {
            name: _renamed(value, meant)
            for name, value in values.items()
            if any(text in meant for text in _texts(value))
        }
        if changes:
            records[index] = replace(record, **changes)
    return replace(table, records=tuple(records))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Investigator):
        return Investigator(names.get(value.person_id, value.person_id), value.role)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(_renamed(one, names) for one in value))
    return names.get(value, value)


def warn_of_neighbours(tables: _Tables, warnings: Problems) -> None:
    """Warn of rows that no reader could tell apart, and of names that look like another."""
    for name in _IDENTIFIED:
        if name in tables:
            ids = [record.id for record in tables[name].records]
            _warn_of_twins(tables[name], ids, warnings)
    if "accounts" in tables:
        _warn_of_impostors(tables, warnings)


def _warn_of_twins(table: ParsedTable, ids: Sequence[str], warnings: Problems) -> None:
    # In ASCII only the case is not seen; a key of each is made where that is not all.
    keys = ids if all(map(str.isascii, ids)) else list(map(look, ids))
    folded = "\n".join(keys).lower().split("\n")
    if len(folded) != len(keys):
        folded = list(map(str.lower, keys))
    if len(set(folded)) == len(folded):
        return
    first: dict[str, int] = {}
    for index, key in enumerate(folded):
        if first.setdefault(key, index) != index and ids[first[key]] != ids[index]:
            same = first[key]
            message = f"can hardly be told from {ids[same]}, in row {table.numbers[same]}"
            _warn(table, index, "id", message, ids[index], warnings)


def _warn_of_likeness(table: ParsedTable, alike: Mapping[str, str], warnings: Problems) -> None:
    for index, name, text in named_one_by_one(table, "people"):
        if text in alike:
            message = f"is nobody on record, and only looks like {alike[text]}"
            _warn(table, index, name, message, text, warnings)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Investigator):
        return (value.person_id,)
    if isinstance(value, tuple):
        return [text for one in value for text in _texts(one)]
    return (value,) if value else ()


def _warn_of_impostors(tables: _Tables, warnings: Problems) -> None:
    """Warn of accounts whose names look like that of another account."""
    names: dict[tuple[str, str], str] = {}
    odd = [
        (table, index, record)
        for name in ("accounts", "observations")
        if (table := tables.get(name)) is not None
        for index, record in enumerate(table.records)
        if not record.handle.isascii()
    ]
    if not odd:
        return
    for record in tables["accounts"].records:
        platform, handle = match_key(record.platform, record.handle)
        names.setdefault((platform, look(record.handle).removeprefix("@")), handle)
    for table, index, record in odd:
        platform, handle = match_key(record.platform, record.handle)
        near = names.get((platform, look(record.handle).removeprefix("@")))
        if near is not None and near != handle:
            message = f"only looks like the account {near}"
            _warn(table, index, "handle", message, record.handle, warnings)


def _warn(
    table: ParsedTable, index: int, column: str, message: str, value: str, warnings: Problems
) -> None:
    warnings.add(table.file, message, row=table.numbers[index], column=column, value=value)
