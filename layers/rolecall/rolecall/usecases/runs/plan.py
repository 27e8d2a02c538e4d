"""Plan a run: freeze the registry and cut it into batches that can be audited one by one.

A batch is a slice of the ring (:mod:`rolecall.ring`): the subjects that have their place in it,
and with them everything of the registry that a control may look up about them:

- the people whom its accounts, entities and waivers name, and those whom these name;
- the entities that its accounts, observations and people name, and the entities above them;
- the other accounts that an observation or an incident of the slice is about;
- of groups that may be spread over the whole registry (accounts with one key, logins with one
  password, live grants of one person) what :class:`~rolecall.model.Rest` says.

So every control gives the same answer on a batch as on the whole registry, and one pass over the
registry is enough: each document is read once, into a scratch database on disk, which does the
joins and keeps memory small at any size.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rolecall import __version__
from rolecall.controls.account_index import MOST_ALIKE
from rolecall.errors import UsageError
from rolecall.finding import identity
from rolecall.keys.accounts import match_key
from rolecall.keys.subjects import account_key
from rolecall.model import (
    TABLES,
    Alike,
    Entity,
    Rest,
    Subject,
)
from rolecall.registry.documents import AccountDocument, PersonDocument, SeenDocument
from rolecall.registry.row_tracking import rows_filled
from rolecall.registry.schema import names_in
from rolecall.ring import SLOTS, Slice, slices, slot_of
from rolecall.run import PolicyInfo, RegistryInfo, Run, ScopeInfo
from rolecall.usecases.runs.batch import RegistrySource, policy_of
from rolecall.usecases.runs.scratch import INDEXES, SCHEMA

__all__ = ["BATCH_BYTES", "Plan"]

BATCH_BYTES = 1_500_000
"""What the accounts of a batch weigh at most, in bytes of their documents: about a thousand."""


class _Unit(Struct, frozen=True):
    """What the plan needs of an entity."""

    parent: str | None
    people: tuple[str, ...]
    place: int
    data: bytes


_people = {table: names_in(table, "people") for table in TABLES}
_entities = {table: names_in(table, "entities") for table in TABLES}
_entity = msgspec.json.Decoder(Entity).decode
_person = msgspec.json.Decoder(PersonDocument).decode
_account = msgspec.json.Decoder(AccountDocument).decode
_seen = msgspec.json.Decoder(SeenDocument).decode
_encode = msgspec.json.Encoder().encode


class Plan:
    """A frozen registry, cut into batches.

    :ivar batches: the slices, in order.
    :ivar rows: how many rows each table has.
    :ivar digest: SHA-256 (hex) of every document, in the order in which they were read.
    :ivar partly: columns that the registry tracks for some rows alone.
    :ivar weights: bytes of the account documents at each place of the ring.
    """

    def __init__(self, registry: RegistrySource, scratch: Path, *, most: int = BATCH_BYTES) -> None:
        """Read a registry.

        :param scratch: an empty directory on a disk with room for the registry.
        :param most: bytes of account documents in a batch.
        """
        self.settings = registry.settings()
        self.accepted = registry.accepted()
        self.policy = policy_of(self.settings.policy, self.accepted)
        self.rows: Counter[str] = Counter(dict.fromkeys(TABLES, 0))
        self._approvers = {id_ for waiver in self.policy.waivers for id_ in waiver.approved_by}
        self._hasher = hashlib.sha256(_encode(self.settings))
        self._tracked = frozenset(self.settings.tracked)
        self.partly: set[str] = set()
        self._units: dict[str, _Unit] = {}
        self._gone: set[str] = set()
        self._holding: set[str] = set()
        self.weights = [0] * SLOTS
        # The scratch file is deleted with its directory: nothing is ever rolled back.
        self._database = sqlite3.connect(scratch / "plan.sqlite", isolation_level=None)
        self._database.executescript(SCHEMA)
        self._database.execute("BEGIN")
        self._load(registry)
        self._database.execute("COMMIT")
        self._database.executescript(INDEXES)
        self.batches = slices(self.weights, most)
        self.digest = self._hasher.hexdigest()

    def close(self) -> None:
        """Let go of the scratch file."""
        self._database.close()

    def names(self) -> dict[str, str]:
        """Return the names of the entities, by id."""
        return {id_: _entity(unit.data).name for id_, unit in sorted(self._units.items())}

    def below(self, entity: str) -> list[str]:
        """Return the ids of an entity and of all below it.

        :raises UsageError: there is no such entity.
        """
        if entity not in self._units:
            raise UsageError(f"the registry has no entity {entity}")
        found = []
        for id_ in self._units:
            above: str | None = id_
            while above is not None and above != entity:
                above = self._units[above].parent if above in self._units else None
            if above == entity:
                found.append(id_)
        return sorted(found)

    def run(self, name: str, as_of: datetime, runs: int, entity: str | None = None) -> Run:
        """Return what identifies the run.

        :param name: of what runs it; two that run at once have two.
        :param runs: how many were completed before.
        :param entity: that it is limited to, with all below it; ``None`` for all.
        """
        policy = self.policy
        return Run(
            id=identity("run", name, str(runs), as_of.isoformat(), policy.digest, self.digest),
            number=runs + 1,
            as_of=as_of,
            policy=PolicyInfo(policy.name, policy.version, policy.digest),
            registry=RegistryInfo(self.digest, {table: self.rows[table] for table in TABLES}),
            scope=ScopeInfo(entity, None),
            rolecall=__version__,
        )

    def documents(self) -> Iterator[bytes]:
        """Yield every batch as JSON (:class:`Batch`), in order."""
        for number, part in enumerate(self.batches):
            yield _Writer(self, part).document(number)

    # -- reading ----------------------------------------------------------------------------

    def _load(self, registry: RegistrySource) -> None:
        for data in self._noted(registry.entities()):
            entity = _entity(data)
            own = slot_of(Subject("entity", entity=entity.id))
            people = tuple(sorted(_people["entities"]((entity,))))
            self._units[entity.id] = _Unit(entity.parent_id, people, own, data)
        self._ring = sorted((unit.place, id_) for id_, unit in self._units.items())
        self.rows["entities"] = len(self._units)
        insert = "INSERT INTO person VALUES (?, ?, ?)"
        self._database.executemany(insert, self._people(registry.people()))
        insert = "INSERT INTO account VALUES (?, ?, ?, ?, ?)"
        self._database.executemany(insert, self._accounts(registry.accounts(list(self._units))))
        insert = "INSERT INTO seen VALUES (?, ?, ?)"
        self._database.executemany(insert, self._observations(registry.seen()))

    def _noted(self, stored: Iterable[bytes]) -> Iterator[bytes]:
        for data in stored:
            self._hasher.update(b"%d:" % len(data))
            self._hasher.update(data)
            yield data

    def _people(self, stored: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        for data in self._noted(stored):
            person = _person(data)
            if person.filled:
                self.partly |= rows_filled((), (person,), self._tracked).keys()
            if person.status == "left":
                self._gone.add(person.id)
            self.rows["people"] += 1
            own = slot_of(Subject("person", person=person.id))
            yield person.id, own, data

    def _accounts(self, stored: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        gone = self._gone
        for data in self._noted(stored):
            document = _account(data)
            account = document.account
            own = slot_of(Subject("account", account=account.id))
            self.weights[own] += len(data)
            self.rows["accounts"] += 1
            self.rows["grants"] += len(document.grants)
            for grant in document.grants:
                if grant.is_live and grant.person_id in gone:
                    self._holding.add(grant.person_id)
            if document.filled or document.vaulted or document.revoking:
                self.partly |= rows_filled((document,), (), self._tracked).keys()
            self._add_logins(document)
            self._add_incidents(document)
            key = "\n".join(match_key(account.platform, account.handle))
            yield own, account.id, key, account.status == "closed", data

    def _add_logins(self, document: AccountDocument) -> None:
        self.rows["logins"] += len(document.logins)
        rows = [(login.fingerprint, login.id, document.account.id) for login in document.logins]
        self._database.executemany("INSERT INTO login VALUES (?, ?, ?)", rows)

    def _add_incidents(self, document: AccountDocument) -> None:
        self.rows["incidents"] += len(document.incidents)
        rows = [
            (slot_of(Subject("incident", incident=incident.id)), document.account.id)
            for incident in document.incidents
        ]
        self._database.executemany("INSERT INTO incident VALUES (?, ?)", rows)

    def _observations(self, stored: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        for data in self._noted(stored):
            rows = _seen(data).rows
            self.rows["observations"] += len(rows)
            platform, handle = account_key(rows[0].platform, rows[0].handle)
            own = slot_of(Subject("observation", platform=platform, handle=handle))
            for key in {match_key(row.platform, row.handle) for row in rows}:
                yield own, "\n".join(key), data


class _Writer:
    """Gathers one batch."""

    def __init__(self, plan: Plan, part: Slice) -> None:
        self.plan = plan
        self.part = part
        self.entities: set[str] = set()
        self.people: set[str] = set(plan._approvers)
        self.holders: list[str] = []

    def document(self, number: int) -> bytes:
        """Return the batch as JSON."""
        accounts = self._accounts()
        seen = self._seen()
        own = self._own_people()
        lines = self._lines()
        people = self._people() | own
        rest = Rest(accounts=self._twins(), logins=self._shared(), holders=frozenset(self.holders))
        parts = {
            "number": str(number).encode(),
            "part": _encode(self.part),
            "entities": _array(self.plan._units[id_].data for id_ in lines),
            "people": _array(people[id_] for id_ in sorted(people)),
            "accounts": _array(accounts.values()),
            "observations": _array(seen),
            "rest": _encode(rest),
        }
        return b"{" + b",".join(b'"%s":%s' % (k.encode(), v) for k, v in parts.items()) + b"}"

    def _select(self, query: str, *values: Any) -> Iterator[Any]:
        return self.plan._database.execute(query, values or (self.part.start, self.part.stop))

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
        self._note_rows("accounts", (document.account,))
        self._note_rows("grants", document.grants)
        self._note_rows("logins", document.logins)
        self._note_rows("incidents", document.incidents)

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
        for seen in (_seen(data).rows for (data,) in self._select(query)):
            self._note_rows("observations", seen)
            rows += map(_encode, seen)
        return rows

    def _own_people(self) -> dict[str, bytes]:
        people = {}
        for id_, data in self._select("SELECT id, doc FROM person WHERE place >= ? AND place < ?"):
            people[id_] = data
            self.entities |= _entities["people"]((_person(data),))
            if id_ in self.plan._holding:
                self.holders.append(id_)
        return people

    def _lines(self) -> list[str]:
        """Complete the entities with those of the slice and all above them, and their people."""
        units, ring = self.plan._units, self.plan._ring
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
        wanted = self.people
        for _ in range(2):
            further = set()
            for id_, data in self._select(query, json.dumps(sorted(wanted))):
                found[id_] = data
                further |= _people["people"]((_person(data),))
            wanted = further - found.keys()
        return found

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
