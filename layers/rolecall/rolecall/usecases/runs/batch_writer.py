"""Gathers a batch of a planned run: the subjects of its slice, and what is looked up about them.

What belongs into a batch :mod:`rolecall.usecases.runs.plan` says.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.controls.account_index import MOST_ALIKE
from rolecall.keys.addresses import mailbox_key
from rolecall.model import TABLES, Alike, Rest
from rolecall.registry.documents import AccountDocument, PersonDocument, SeenDocument
from rolecall.registry.schema import names_in
from rolecall.ring import Slice
from rolecall.usecases.runs.planned_names import PlannedNames
from rolecall.usecases.runs.planned_unit import PlannedUnit

__all__ = ["BatchWriter", "Shelf"]

_people = {table: names_in(table, "people") for table in TABLES}
_entities = {table: names_in(table, "entities") for table in TABLES}
_person = msgspec.json.Decoder(PersonDocument).decode
_account = msgspec.json.Decoder(AccountDocument).decode
_seen = msgspec.json.Decoder(SeenDocument).decode
_encode = msgspec.json.Encoder().encode


class Shelf(Struct, frozen=True):
    """What was read of a registry, and batches are taken from.

    :ivar units: the entities by id.
    :ivar ring: their places and ids, sorted.
    :ivar approvers: of the waivers: every batch knows them.
    :ivar holding: ids of people who are gone and hold something.
    :ivar is_incomplete: whether something of the registry could not be read as one.
    :ivar names: what everybody and everything is called.
    """

    database: sqlite3.Connection
    units: Mapping[str, PlannedUnit]
    ring: Sequence[tuple[int, str]]
    approvers: Set[str]
    holding: Set[str]
    is_incomplete: bool
    names: PlannedNames


class BatchWriter:
    """Gathers one batch."""

    def __init__(self, shelf: Shelf, part: Slice) -> None:
        self.shelf = shelf
        self.part = part
        self.entities: set[str] = set()
        self.people: set[str] = set(shelf.approvers)
        self.mailboxes: set[str] = set()
        self.holders: list[str] = []

    def document(self, number: int) -> bytes:
        """Return the batch as JSON."""
        accounts = self._accounts()
        seen = self._seen()
        own = self._own_people()
        lines = self._lines()
        people = self._people() | own
        twins, shared = self._twins(), self._shared()
        spoken = {
            "accounts": {id_ for _, alike in twins for id_ in alike.ids},
            "entities": self.entities,
            "logins": {id_ for alike in shared.values() for id_ in alike.ids},
        }
        held = {"people": people, "accounts": accounts, "entities": lines}
        rest = Rest(
            accounts=twins,
            logins=shared,
            holders=frozenset(self.holders),
            is_incomplete=self.shelf.is_incomplete,
            called=self.shelf.names.told(held, spoken),
        )
        parts = {
            "number": str(number).encode(),
            "part": _encode(self.part),
            "entities": _array(self.shelf.units[id_].data for id_ in lines),
            "people": _array(people[id_] for id_ in sorted(people)),
            "accounts": _array(accounts.values()),
            "observations": _array(seen),
            "rest": _encode(rest),
        }
        return b"{" + b",".join(b'"%s":%s' % (k.encode(), v) for k, v in parts.items()) + b"}"

    def _select(self, query: str, *values: Any) -> Iterator[Any]:
        return self.shelf.database.execute(query, values or (self.part.start, self.part.stop))

    def _accounts(self) -> dict[str, bytes]:
        """Gather the slice's accounts, and those that its incidents and observations are about."""
        own = "SELECT id, doc FROM account WHERE place >= ? AND place < ? ORDER BY place, id"
        accounts = dict(self._select(own))
        incidents = (
            "SELECT id, doc FROM account WHERE id IN "
            "(SELECT account FROM incident WHERE place >= ? AND place < ?)"
        )
        accounts |= dict(self._select(incidents))
        observed = (
            "SELECT id, doc FROM account WHERE key IN "
            "(SELECT key FROM seen WHERE place >= ? AND place < ?)"
        )
        accounts |= dict(self._select(observed))
        for data in accounts.values():
            self._note(_account(data))
        return accounts

    def _note(self, document: AccountDocument) -> None:
        """Remember whom and what an account's document names."""
        if (address := document.account.login_email) is not None:
            self.mailboxes |= {key} if (key := mailbox_key(address)) else set()
        self._note_rows("accounts", (document.account,))
        self._note_rows("grants", document.grants)
        self._note_rows("logins", document.logins)
        self._note_rows("incidents", document.incidents)
        self._note_rows("contents", document.contents)

    def _note_rows(self, table: str, rows: Sequence[Any]) -> None:
        self.people |= _people[table](rows)
        self.entities |= _entities[table](rows)

    def _seen(self) -> list[bytes]:
        """Gather the slice's observations, and those of its accounts by any name, as rows."""
        query = (
            "SELECT DISTINCT doc FROM seen WHERE key IN (SELECT key FROM seen WHERE place >= ?1 "
            "AND place < ?2 UNION SELECT key FROM account WHERE place >= ?1 AND place < ?2)"
        )
        rows: list[bytes] = []
        for (data,) in self._select(query):
            seen = _seen(data).rows
            self._note_rows("observations", seen)
            rows += map(_encode, seen)
        return rows

    def _own_people(self) -> dict[str, bytes]:
        query = "SELECT id, doc FROM person WHERE place >= ? AND place < ?"
        people = {}
        for id_, data in self._select(query):
            people[id_] = data
            self.entities |= _entities["people"]((_person(data),))
            if id_ in self.shelf.holding:
                self.holders.append(id_)
        return people

    def _lines(self) -> list[str]:
        """Complete the entities with those of the slice and all above them, and their people."""
        units, ring = self.shelf.units, self.shelf.ring
        first, last = (bisect_left(ring, (edge, "")) for edge in (self.part.start, self.part.stop))
        self.entities.update(id_ for _, id_ in ring[first:last])
        waiting = list(self.entities)
        while waiting:
            unit = units.get(waiting.pop())
            if unit is not None and unit.parent is not None and unit.parent not in self.entities:
                self.entities.add(unit.parent)
                waiting.append(unit.parent)
        lines = sorted(id_ for id_ in self.entities if id_ in units)
        for id_ in lines:
            self.people.update(units[id_].people)
        return lines

    def _people(self) -> dict[str, bytes]:
        """Gather the people who are named, and those whom they name: their supervisors."""
        query = (
            "SELECT person.id, doc FROM person JOIN json_each(?) AS named "
            "ON person.id = named.value"
        )
        found: dict[str, bytes] = {}
        wanted = self.people | self._owners_of_mailboxes()
        for _ in range(2):
            rows = []
            for id_, data in self._select(query, json.dumps(sorted(wanted))):
                found[id_] = data
                rows.append(_person(data))
            further = _people["people"](rows)
            # Of those of other entities a finding says of which: that has a name alone.
            self.entities |= _entities["people"](rows)
            wanted = further - found.keys()
        return found

    def _owners_of_mailboxes(self) -> set[str]:
        """Gather whose mailboxes the accounts are registered with, as far as it decides anything.

        Whether one of them serves is decided by who does so the longest; the first are named.
        """
        query = (
            "WITH owner AS (SELECT person.id, mailbox, serves_until FROM person "
            "JOIN json_each(?) AS named ON person.mailbox = named.value) "
            "SELECT id FROM (SELECT id, "
            "row_number() OVER (PARTITION BY mailbox ORDER BY serves_until DESC, id) AS rank, "
            "row_number() OVER (PARTITION BY mailbox ORDER BY id) AS number FROM owner) "
            "WHERE rank = 1 OR number <= ?"
        )
        found = self._select(query, json.dumps(sorted(self.mailboxes)), MOST_ALIKE)
        return {id_ for (id_,) in found}

    def _twins(self) -> tuple[tuple[tuple[str, str], Alike], ...]:
        query = (
            "SELECT DISTINCT key, size FROM account JOIN twins USING (key) "
            "WHERE place >= ? AND place < ? AND NOT closed ORDER BY key"
        )
        ids = f"SELECT id FROM account WHERE key = ? AND NOT closed ORDER BY id LIMIT {MOST_ALIKE}"  # noqa: S608
        twins = []
        for key, size in self._select(query).fetchall():  # type: ignore[attr-defined]
            platform, _, handle = key.partition("\n")
            first = tuple(id_ for (id_,) in self._select(ids, key))
            twins.append(((platform, handle), Alike(first, size)))
        return tuple(twins)

    def _shared(self) -> dict[str, Alike]:
        query = (
            "SELECT DISTINCT login.print, size FROM account "
            "JOIN login ON login.account = account.id JOIN shared USING (print) "
            "WHERE place >= ? AND place < ? ORDER BY login.print"
        )
        ids = f"SELECT id FROM login WHERE print = ? ORDER BY id LIMIT {MOST_ALIKE}"  # noqa: S608
        return {
            print_: Alike(tuple(id_ for (id_,) in self._select(ids, print_)), size)
            for print_, size in self._select(query).fetchall()  # type: ignore[attr-defined]
        }


def _array(parts: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(parts) + b"]"
