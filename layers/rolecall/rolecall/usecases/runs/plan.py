"""Plan a run: freeze the registry and cut it into batches that can be audited one by one.

A batch is a slice of the ring (:mod:`rolecall.ring`): the subjects that have their place in it,
and with them everything of the registry that a control may look up about them:

- the people whom its accounts, entities and waivers name, those whom these name, and the first of
  those whose mailbox an account is registered with;
- the entities that its accounts, observations and people name, and the entities above them;
- the other accounts that an observation or an incident of the slice is about;
- of groups that may be spread over the whole registry (accounts with one key, logins with one
  password, live grants of one person) what :class:`~rolecall.model.Rest` says.

So every control gives the same answer on a batch as on the whole registry, and each document is
read once, into a scratch database on disk, which does the joins and keeps memory small at any size.

No document stops a plan. What is wrong with the registry is a problem of the run
(:mod:`rolecall.usecases.runs.integrity`), and the rest of it is audited.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from rolecall import __version__
from rolecall.controls.versions import CATALOGUE_VERSION
from rolecall.errors import UsageError
from rolecall.finding import identity
from rolecall.lineage import children_of, descendants
from rolecall.model import TABLES, Subject
from rolecall.naming import website_word
from rolecall.presence import present_columns
from rolecall.printable import shorten
from rolecall.registry.documents import AccountDocument, PersonDocument, SeenDocument
from rolecall.registry.row_tracking import rows_filled
from rolecall.ring import SLOTS, slices, slot_of
from rolecall.run import PolicyInfo, RegistryInfo, Run, ScopeInfo
from rolecall.usecases.runs.batch import Frozen, RegistrySource, entity_of
from rolecall.usecases.runs.batch_writer import BatchWriter, Shelf
from rolecall.usecases.runs.integrity import Integrity
from rolecall.usecases.runs.last_policy import KeptPolicies, standing_policy, told_waivers
from rolecall.usecases.runs.planned_names import PlannedNames
from rolecall.usecases.runs.planned_unit import PlannedUnit, planned_unit
from rolecall.usecases.runs.scratch import (
    OWNED,
    SCRIPTS,
    account_row,
    owned_rows,
    person_row,
    seen_rows,
)
from rolecall.usecases.runs.stored_names import name_files

__all__ = ["BATCH_BYTES", "Plan"]

BATCH_BYTES = 1_500_000
"""What the accounts of a batch weigh at most, in bytes of their documents: about a thousand."""
_Kept: TypeAlias = KeptPolicies | None
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
    :ivar integrity: what is wrong with the registry.
    :ivar names: what everybody and everything is called.
    """

    def __init__(
        self, registry: RegistrySource, scratch: Path, kept: _Kept = None, most: int = BATCH_BYTES
    ) -> None:
        """Read a registry.

        :param scratch: an empty directory on a disk with room for the registry.
        :param kept: what keeps the policy of the last run.
        :param most: bytes of account documents in a batch.
        """
        self.integrity = Integrity()
        self.accepted = told_waivers(registry, self.integrity)
        self.settings, self.policy = standing_policy(registry, self.accepted, kept, self.integrity)
        self.rows: Counter[str] = Counter(dict.fromkeys(TABLES, 0))
        self._approvers = {id_ for waiver in self.policy.waivers for id_ in waiver.approved_by}
        self._hasher = hashlib.sha256(_encode(self.settings))
        self._tracked = frozenset(self.settings.tracked)
        self.partly: set[str] = set()
        self._units: dict[str, PlannedUnit] = {}
        self._gone, self._holding = set[str](), set[str]()
        self.weights = [0] * SLOTS
        # The scratch file is deleted with its directory: nothing is ever rolled back.
        self._database = sqlite3.connect(scratch / "plan.sqlite", isolation_level=None)
        self._database.executescript(SCRIPTS.schema)
        self._load(registry)
        self._database.executescript(SCRIPTS.indexes)
        self._keep_one_each(registry)
        self._database.executescript(SCRIPTS.groups)
        self.batches = slices(self.weights, most)
        self.names = PlannedNames(self._database, self._units, len(self.batches))
        self.digest = self._hasher.hexdigest()

    def close(self) -> None:
        """Let go of the scratch file."""
        self._database.close()

    def below(self, entity: str) -> list[str]:
        """Return the ids of an entity and of all below it.

        :raises UsageError: there is no such entity.
        """
        if entity not in self._units:
            raise UsageError(f"the registry has no entity {entity}")
        below = children_of(entity_of(unit.data) for unit in self._units.values())
        return sorted(one for level in descendants([entity], below) for one in level)

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
            registry=RegistryInfo(self.digest, {t: self.rows[t] for t in TABLES}).told_to(entity),
            scope=ScopeInfo(entity, None),
            rolecall=__version__,
            catalogue=CATALOGUE_VERSION,
        )

    def frozen(self, run: Run, prefix: str, entities: Iterable[str] | None, shards: int) -> Frozen:
        """Return what every step of the run works with.

        :param prefix: where the run keeps its files.
        :param entities: whose subjects are audited; ``None`` for all.
        :param shards: of the ledger.
        """
        return Frozen(
            run=run,
            prefix=prefix,
            tracked=tuple(sorted(present_columns(self.settings.tracked, self.rows, self.partly))),
            partly=tuple(sorted(self.partly)),
            policy=self.settings.policy,
            titles=self.settings.titles,
            accepted=self.accepted,
            entities=None if entities is None else frozenset(entities),
            batches=len(self.batches),
            shards=shards,
            problems=self.integrity.problems(),
            names=name_files(len(self.batches)),
        )

    def documents(self) -> Iterator[bytes]:
        """Yield every batch as JSON (:class:`Batch`), in order."""
        shelf = Shelf(
            database=self._database,
            units=self._units,
            ring=sorted((unit.place, id_) for id_, unit in self._units.items()),
            approvers=self._approvers,
            holding=self._holding,
            is_incomplete=self.integrity.left_out,
            names=self.names,
        )
        for number, part in enumerate(self.batches):
            yield BatchWriter(shelf, part).document(number)

    # -- reading ----------------------------------------------------------------------------

    def _load(self, registry: RegistrySource) -> None:
        for data in self._noted(registry.entities()):
            entity = self.integrity.read("entities", data, entity_of)
            if entity is None or not self.integrity.is_first("entities", entity.id, self._units):
                continue
            self._units[entity.id] = planned_unit(entity, data)
            self.partly |= rows_filled((), (entity,), self._tracked).keys()
        self.integrity.check_tree({id_: unit.parent for id_, unit in self._units.items()})
        self.rows["entities"] = len(self._units)
        self._database.executemany(SCRIPTS.person, self._people(registry.people()))
        self._database.executemany(SCRIPTS.account, self._accounts(registry))
        self._database.executemany(SCRIPTS.seen, self._observations(registry.seen()))

    def _noted(self, stored: Iterable[bytes]) -> Iterator[bytes]:
        for data in stored:
            self._hasher.update(b"%d:%b" % (len(data), data))
            yield data

    def _people(self, stored: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        for data in self._noted(stored):
            person = self.integrity.read("people", data, _person)
            if person is None:
                continue
            self.integrity.check_person(person, self._units)
            if person.filled:
                self.partly |= rows_filled((), (person,), self._tracked).keys()
            if person.status == "left":
                self._gone.add(person.id)
            self.rows["people"] += 1
            yield person_row(person, data, has_mailbox="accounts.login_email" in self._tracked)

    def _accounts(self, registry: RegistrySource) -> Iterator[tuple[Any, ...]]:
        for data in self._noted(registry.accounts(list(self._units))):
            document = self.integrity.read("accounts", data, _account)
            if document is not None:
                self.integrity.check_account(document, self._units)
                yield self._add(document, data)

    def _add(self, document: AccountDocument, data: bytes) -> tuple[Any, ...]:
        """Take an account in, and return its row."""
        self._count(document, len(data), 1)
        holders = {grant.person_id for grant in document.grants if grant.is_live}
        self._holding |= holders & self._gone
        if document.filled or document.vaulted or document.revoking:
            self.partly |= rows_filled((document,), (), self._tracked).keys()
        for insert, rows in owned_rows(document):
            self._database.executemany(insert, rows)
        return account_row(document, data, website_word(self.policy))

    def _count(self, document: AccountDocument, size: int, sign: int) -> None:
        self.weights[slot_of(Subject("account", account=document.account.id))] += sign * size
        self.rows["accounts"] += sign
        for table in ("grants", *OWNED.values()):
            self.rows[table] += sign * len(getattr(document, table))

    def _keep_one_each(self, registry: RegistrySource) -> None:
        """Leave one row of each id, and report the others."""
        select = self._database.execute
        twins = "SELECT id FROM {0} GROUP BY id HAVING count(*) > 1 ORDER BY id"
        for (id_,) in select(twins.format("person")).fetchall():
            self.integrity.is_first("people", id_, {id_})
            first = "(SELECT min(rowid) FROM person WHERE id = ?1)"
            extra = f"DELETE FROM person WHERE id = ?1 AND rowid > {first}"  # noqa: S608
            self.rows["people"] -= select(extra, (id_,)).rowcount
        for (id_,) in select(twins.format("account")).fetchall():
            self._keep_one_account(id_, registry.home_of(id_))
        for table, column in OWNED.items():
            for (id_,) in select(twins.format(table)).fetchall():
                self.integrity.add(column, id_, "is the id of more than one row")

    def _keep_one_account(self, id_: str, home: str | None) -> None:
        rows = self._database.execute("SELECT doc FROM account WHERE id = ?", (id_,)).fetchall()
        found = [(_account(data), data) for (data,) in rows]
        homes = [document.account.entity_id for document, _ in found]
        kept = homes.index(home) if home in homes else 0
        shown = ", ".join(map(shorten, sorted(homes)))
        self.integrity.add(
            "accounts",
            id_,
            f"is of more than one entity ({shown}); that of {shorten(homes[kept])} counts",
            leaves_out=True,
        )
        for table, column in {"account": "id", **dict.fromkeys(OWNED, "account")}.items():
            self._database.execute(f"DELETE FROM {table} WHERE {column} = ?", (id_,))  # noqa: S608
        for document, data in found:
            self._count(document, len(data), -1)
        row = self._add(*found[kept])
        self._database.execute(SCRIPTS.account, row)

    def _observations(self, stored: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        for data in self._noted(stored):
            document = self.integrity.read("observations", data, _seen)
            if document is None or not (rows := document.rows):
                continue
            self.rows["observations"] += len(rows)
            yield from seen_rows(rows, data)
