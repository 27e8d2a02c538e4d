"""The stores of the decision modules, in memory: versions, one commit for all, and races on demand.

What is read carries the version that it had; a commit names the versions that it read, and is
refused as a whole where one is not what it was. An event that is on record already brings nothing
with it, as in the log. ``tests/contract/test_stores.py`` holds all of this against DynamoDB.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from rolecall.errors import BrakeError, DeniedError, LogConflictError
from rolecall.finding_state import FindingState
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import address_key, registered_key
from rolecall.keys.subjects import email_key
from rolecall.ledger.event import Event
from rolecall.lineage import children_of, height_of, lineage
from rolecall.model import (
    Account,
    Entity,
    Grant,
    Observation,
    Person,
    RegistryRecord,
    Snapshot,
)
from rolecall.registry.documents import AccountDocument
from rolecall.registry.editing import with_account, with_edited_grant
from rolecall.usecases.governance.decisions import WaiverDecision
from rolecall.usecases.governance.entity_tree import flaw_above
from rolecall.usecases.governance.preconditions import asker_stands
from rolecall.usecases.governance.record_validation import EditableTable
from rolecall.usecases.governance.recorded_changes import RegistryChange, StoredRecord
from rolecall.usecases.governance.sign_in_lists import SignInList
from rolecall.usecases.governance.sign_in_requests import SignInRequest
from rolecall.usecases.governance.stored_decisions import StoredDecisions
from rolecall.usecases.governance.taking_away import MOST_TAKEN
from rolecall.usecases.identity.permissions import is_steward
from rolecall.usecases.identity.seen_offices import SeenOfficer
from rolecall.usecases.identity.sign_in import mark_of
from rolecall.usecases.identity.stewardship import Stewardship
from rolecall.usecases.revoking.access import AccountState
from rolecall.usecases.revoking.revocations import Revocation
from rolecall.vocabulary import Confidants

__all__ = [
    "MemoryChanges",
    "MemoryHouse",
    "MemoryRateLimit",
    "MemoryRegistryView",
    "MemoryRevocations",
    "MemoryRoster",
    "MemorySignInRequests",
    "MemorySignIns",
    "MemoryWaivers",
]

Key = tuple[str, ...]


class Kept(NamedTuple):
    """A value and the version that it has; version 0 is none."""

    value: Any
    version: int


class Put(NamedTuple):
    """A value to put in place of the version that was read."""

    key: Key
    value: Any
    version: int


class MemoryHouse:
    """What all the stores share: items with versions, and the log of events.

    :ivar events: those on record, in their order.
    :ivar meanwhile: called once before the next commit: what others do between reading and commit.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.items: dict[Key, Kept] = {}
        self.events: list[Event] = []
        self.tracked: Set[str] = snapshot.tracked
        self.observations = snapshot.observations
        self.incidents_to: Confidants = "officers"
        self.meanwhile: Callable[[], object] | None = None
        for entity in snapshot.entities:
            self.items["entity", entity.id] = Kept(entity, 1)
        for person in snapshot.people:
            self.items["person", person.id] = Kept(person, 1)
        for account in snapshot.accounts:
            document = AccountDocument(
                account,
                tuple(one for one in snapshot.grants if one.account_id == account.id),
                tuple(one for one in snapshot.logins if one.account_id == account.id),
                tuple(one for one in snapshot.incidents if one.account_id == account.id),
                tuple(one for one in snapshot.contents if one.account_id == account.id),
            )
            self.items["account", account.id] = Kept(document, 1)

    def get(self, *key: str) -> Kept:
        """Return what is kept."""
        return self.items.get(key, Kept(None, 0))

    def under(self, kind: str) -> Iterator[Any]:
        """Yield what is kept of a kind."""
        return (kept.value for key, kept in sorted(self.items.items()) if key[0] == kind)

    def commit(self, events: Sequence[Event], puts: Sequence[Put] = ()) -> None:
        """Record events with what they make, or nothing at all.

        :raises LogConflictError: something is not as it was read.
        """
        if self.meanwhile is not None:
            once, self.meanwhile = self.meanwhile, None
            once()
        known = {event.id: event for event in self.events}
        for event in events:
            if known.get(event.id, event) != event:
                raise LogConflictError(f"event {event.id} is on record with a different content")
        fresh = [event for event in events if event.id not in known]
        if not fresh:
            return
        for put in puts:
            if self.get(*put.key).version != put.version:
                raise LogConflictError(f"{put.key} is not what was read")
        for put in puts:
            self.items[put.key] = Kept(put.value, put.version + 1)
        self.events += fresh

    def lineage(self, entity: str) -> Iterator[Entity]:
        """Yield an entity and those above it, nearest first."""
        return lineage(entity, lambda id_: self.get("entity", id_).value)

    def height(self, entity: str) -> int:
        """Return how many levels there are from an entity down."""
        return height_of(entity, children_of(self.under("entity")))


class MemoryRoster:
    """The people."""

    def __init__(self, house: MemoryHouse) -> None:
        self._house = house

    def person(self, person: str) -> Person | None:
        found: Person | None = self._house.get("person", person).value
        return found

    def by_email(self, email: str) -> Sequence[Person]:
        key = address_key(email)
        people = self._house.under("person")
        return [one for one in people if key is not None and registered_key(one.email) == key]


class MemorySignIns:
    """Which subject is which person."""

    def __init__(self, house: MemoryHouse) -> None:
        self._house = house

    def bound(self, issuer: str, subject: str) -> str | None:
        found: str | None = self._house.get("subject", mark_of(issuer, subject)).value
        return found

    def bind(self, issuer: str, subject: str, person: Person, event: Event) -> None:
        mark = mark_of(issuer, subject)
        theirs, ours = self._house.get("bound", person.id), self._house.get("subject", mark)
        if theirs.value == mark:
            return
        if theirs.value is None:
            puts = [
                Put(("subject", mark), person.id, ours.version),
                Put(("bound", person.id), mark, theirs.version),
            ]
            try:
                self._house.commit([event], puts)
                return
            except LogConflictError:
                if self._house.get("bound", person.id).value == mark:
                    return
        raise DeniedError(f"{person.id} signs in as another subject") from None

    def seen_officer(self, person: str) -> SeenOfficer | None:
        found: SeenOfficer | None = self._house.get("officer", person).value
        return found

    def note_officer(self, seen: SeenOfficer) -> None:
        if self._house.get("officer", seen.person).version == seen.version - 1:
            self._house.items["officer", seen.person] = Kept(seen, seen.version)
            self._house.items["edits",] = Kept(None, self._house.get("edits").version + 1)


def asked_puts(house: MemoryHouse, person: str, at: datetime) -> Iterator[Put]:
    """Yield what holds somebody to the sign-in by which they asked for something."""
    theirs = house.get("bound", person)
    changed = house.get("sign-in changed", person).value
    if changed is not None and at <= changed:
        raise LogConflictError(f"{person} has another sign-in by now")
    yield Put(("bound", person), theirs.value, theirs.version)


class MemorySignInRequests:
    """Who asks for which sign-in of whom."""

    def __init__(self, house: MemoryHouse) -> None:
        self._house = house
        self.view = MemoryRegistryView(house)

    def bound_mark(self, mark: str) -> str | None:
        found: str | None = self._house.get("subject", mark).value
        return found

    def former_owners(self, mark: str) -> frozenset[str]:
        return frozenset(self._house.get("former", mark).value or ())

    def mark_of_person(self, person: str) -> str | None:
        found: str | None = self._house.get("bound", person).value
        return found

    def sign_in_list(self, id_: str) -> SignInList | None:
        found: SignInList | None = self._house.get("sign-in list", id_).value
        return found

    def keep_sign_in_list(self, made: SignInList, event: Event) -> None:
        puts = [Put(("sign-in list", made.id), made, made.version - 1)]
        if made.state == "approved":
            puts += asked_puts(self._house, made.requested_by, made.requested_at)
        self._house.commit([event], puts)

    def sign_in_request(self, person: str) -> SignInRequest | None:
        found: SignInRequest | None = self._house.get("sign-in", person).value
        return found

    def keep_sign_in_request(self, request: SignInRequest, event: Event) -> None:
        puts = [Put(("sign-in", request.person), request, request.version - 1)]
        had = self._house.get("bound", request.person)
        if request.state == "approved" and had.value != request.mark:
            puts.append(Put(("bound", request.person), request.mark, had.version))
            if had.value is not None:
                changed = ("sign-in changed", request.person)
                decided = request.decided_at or request.requested_at
                puts.append(Put(changed, decided, self._house.get(*changed).version))
                former = self._house.get("former", had.value)
                owners = {request.person} | self.former_owners(had.value)
                puts.append(Put(("former", had.value), owners, former.version))
            for mark, owner in ((had.value, None), (request.mark, request.person)):
                if mark is not None:
                    version = self._house.get("subject", mark).version
                    puts.append(Put(("subject", mark), owner, version))
        if request.state == "approved" and request.of_list is None:
            puts += asked_puts(self._house, request.requested_by, request.requested_at)
        self._house.commit([event], puts)


class MemoryRateLimit:
    """What counts revocations."""

    def __init__(self, house: MemoryHouse, most_an_hour: int = 20) -> None:
        self._house = house
        self.most = most_an_hour

    def count(self, person: str, at: datetime) -> None:
        for put in self.puts(person, at):
            self._house.items[put.key] = Kept(put.value, put.version + 1)

    def puts(self, person: str, at: datetime) -> list[Put]:
        lifted = self._house.get("lift", person).value
        if lifted is not None and lifted > at:
            return []
        recent = self._house.get("recent", person)
        acts = [one for one in recent.value or () if one > at - timedelta(hours=1)]
        if len(acts) >= self.most:
            raise BrakeError(f"{person} asked for {len(acts)} revocations within an hour")
        return [Put(("recent", person), (*acts, at), recent.version)]

    def lift(self, person: str, until: datetime, event: Event) -> None:
        known = self._house.get("lift", person)
        self._house.commit([event], [Put(("lift", person), until, known.version)])


class MemoryRevocations:
    """Where revocations are kept."""

    def __init__(self, house: MemoryHouse, limit: MemoryRateLimit) -> None:
        self._house = house
        self._limit = limit

    def account(self, account: str) -> AccountState | None:
        kept = self._house.get("account", account)
        if kept.value is None:
            return None
        document: AccountDocument = kept.value
        lineage = list(self._house.lineage(document.account.entity_id))
        ids = {grant.person_id for grant in document.grants if grant.revoked_on is None}
        for entity in lineage[:1]:
            ids |= {id_ for id_ in (entity.head_id, *entity.it_delegate_ids) if id_}
        found = ((id_, self.person(id_)) for id_ in sorted(ids))
        people = {id_: person for id_, person in found if person is not None}
        edits = self._house.get("edits").version
        return AccountState(document, lineage, people, (kept.version, edits))

    def listings(self, account: Account) -> Sequence[Observation]:
        key = match_key(account.platform, account.handle)
        rows = self._house.observations
        return [one for one in rows if match_key(one.platform, one.handle) == key]

    def revocation(self, id_: str) -> Revocation | None:
        found: Revocation | None = self._house.get("revocation", id_).value
        return found

    def person(self, person: str) -> Person | None:
        found: Person | None = self._house.get("person", person).value
        return found

    def lineage(self, entity: str) -> Sequence[Entity]:
        return list(self._house.lineage(entity))

    def commit(
        self,
        state: AccountState,
        document: AccountDocument,
        revocation: Revocation,
        events: Sequence[Event],
        *,
        brake: str | None = None,
    ) -> None:
        puts = [Put(("revocation", revocation.id), revocation, revocation.version - 1)]
        if document != state.document:
            version, edits = state.token
            puts.append(Put(("account", document.account.id), document, version))
            puts.append(Put(("edits",), None, edits))
        if brake is not None:
            puts += self._limit.puts(brake, revocation.requested_at)
        self._house.commit(events, puts)


class MemoryRegistryView:
    """What has to be known of the registry to tell whom something is about."""

    def __init__(self, house: MemoryHouse) -> None:
        self._house = house

    def lineage(self, entity: str) -> Sequence[Entity]:
        return list(self._house.lineage(entity))

    def person(self, person: str) -> Person | None:
        found: Person | None = self._house.get("person", person).value
        return found

    def account(self, account: str) -> AccountDocument | None:
        found: AccountDocument | None = self._house.get("account", account).value
        return found

    def incident_accounts(self, incident: str) -> Sequence[AccountDocument]:
        every = self._house.under("account")
        return [one for one in every if any(case.id == incident for case in one.incidents)]

    def incidents_to(self) -> Confidants:
        return self._house.incidents_to

    def accounts(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[AccountDocument], str | None]:
        every = [
            one
            for one in self._house.under("account")
            if one.account.entity_id == entity and one.account.id > (after or "")
        ]
        return every[:most], every[most - 1].account.id if len(every) > most else None

    def accounts_at(self, places: Collection[tuple[str, str]]) -> Sequence[AccountDocument]:
        every = self._house.under("account")
        return [one for one in every if (one.account.entity_id, one.account.id) in places]

    def accounts_named(self, platform: str, handle: str) -> Sequence[str]:
        key = match_key(platform, handle)
        there = (one.account for one in self._house.under("account"))
        return [one.id for one in there if match_key(one.platform, one.handle) == key]

    def sign_in_changed(self, person: str) -> datetime | None:
        found: datetime | None = self._house.get("sign-in changed", person).value
        return found

    def held(self, person: str) -> Sequence[str]:
        return [
            one.account.id
            for one in self._house.under("account")
            if any(grant.person_id == person for grant in one.grants)
        ]

    def seen_officers(self) -> Sequence[SeenOfficer]:
        return list(self._house.under("officer"))

    def stewardship(self, person: str, most: int) -> Stewardship:
        del most
        own = tuple(one for one in self._house.under("entity") if is_steward(person, one))
        return Stewardship(own, None)

    def is_named(self, kind: Literal["person", "entity"], id_: str) -> bool:
        entities = list(self._house.under("entity"))
        if kind == "entity":
            accounts, _ = self.accounts(id_, None, 1)
            return bool(accounts) or any(one.parent_id == id_ for one in entities)
        return (
            bool(self.held(id_))
            or any(is_steward(id_, one) for one in entities)
            or self._house.get("bound", id_).version > 0
        )


class MemoryChanges:
    """Where records and changes of them are kept."""

    def __init__(self, house: MemoryHouse) -> None:
        self._house = house
        self._roster = MemoryRoster(house)
        self.view = MemoryRegistryView(house)
        self.sign_ins = MemorySignInRequests(house)

    def entity(self, id_: str) -> Entity | None:
        return next(self.lineage(id_), None)

    def lineage(self, entity: str) -> Iterator[Entity]:
        return self._house.lineage(entity)

    def height(self, entity: str) -> int:
        return self._house.height(entity)

    def person(self, person: str) -> Person | None:
        return self._roster.person(person)

    def by_email(self, email: str) -> Sequence[Person]:
        return self._roster.by_email(email)

    def grants(self, account: str) -> Sequence[Grant] | None:
        document: AccountDocument | None = self._house.get("account", account).value
        return None if document is None else document.grants

    def tracked(self) -> Set[str]:
        return self._house.tracked

    def held(self, table: EditableTable, key: tuple[str, ...]) -> StoredRecord:
        edits = self._house.get("edits").version
        return replace(self._look(table, key), edits=edits)

    def _look(self, table: EditableTable, key: tuple[str, ...]) -> StoredRecord:
        if table in ("entities", "people"):
            kept = self._house.get("entity" if table == "entities" else "person", *key)
            return StoredRecord(kept.value, token=kept.version)
        kept = self._house.get("account", key[0])
        if kept.value is None:
            return StoredRecord(None)
        document: AccountDocument = kept.value
        if table == "accounts":
            return StoredRecord(document.account, token=kept.version)
        live = (one for one in document.grants if one.revoked_on is None)
        grant = next((one for one in live if one.person_id == key[1]), None)
        return StoredRecord(grant, document.account.entity_id, kept.version)

    def change(self, id_: str) -> RegistryChange | None:
        found: RegistryChange | None = self._house.get("change", id_).value
        return found

    def changes(self) -> StoredDecisions[RegistryChange]:
        waiting = (one for one in self._house.under("change") if one.state == "waiting")
        return StoredDecisions(tuple(waiting))

    def keep(
        self,
        events: Sequence[Event],
        *,
        held: StoredRecord | None = None,
        record: RegistryRecord | None = None,
        change: RegistryChange | None = None,
        brake: str | None = None,
    ) -> None:
        puts = []
        if brake is not None:
            puts.append(self._counted(brake, events[0].at))
        if record is not None and held is not None:
            puts.append(self._put(record, held.token or 0, events[0].at))
            puts += self._invariants(held, record)
        if change is not None:
            puts.append(Put(("change", change.id), change, change.version - 1))
            if change.state == "waiting":
                puts.append(self._alone(change))
            elif change.state == "approved":
                puts += asked_puts(self._house, *change.asker)
        self._house.commit(events, puts)

    def _invariants(self, held: StoredRecord, record: RegistryRecord) -> Iterator[Put]:
        """Yield what everybody writes who could break a rule that this record keeps."""
        before = held.record
        yield Put(("edits",), None, held.edits)
        match record:
            case Entity():
                was = before.parent_id if isinstance(before, Entity) else None
                if before is None or record.parent_id != was:
                    tree = self._house.get("tree")
                    if (flaw := flaw_above(self, record, is_new=before is None)) is not None:
                        raise LogConflictError(flaw)
                    yield Put(("tree",), None, tree.version)
            case Account() if before is None and self.entity(record.entity_id) is None:
                raise LogConflictError(f"there is no entity {record.entity_id}")
            case Person(email=str(email), status="active"):
                old = before if isinstance(before, Person) else None
                if old is None or old.status != "active" or old.email != email:
                    claim = self._house.get("address", email_key(email))
                    others = (one for one in self.by_email(email) if one.status == "active")
                    is_entered = old is None or old.email != email
                    if is_entered and any(one.id != record.id for one in others):
                        raise LogConflictError("somebody else serves under the address")
                    yield Put(("address", email_key(email)), None, claim.version)

    def _counted(self, person: str, at: datetime) -> Put:
        known = self._house.get("taken", person)
        acts = [one for one in known.value or () if one > at - timedelta(hours=1)]
        if len(acts) >= MOST_TAKEN:
            raise BrakeError(f"{person} took away {len(acts)} times within an hour")
        return Put(("taken", person), (*acts, at), known.version)

    def _alone(self, change: RegistryChange) -> Put:
        known = self._house.get("record", change.table, *change.key)
        other = None if known.value is None else self.change(known.value)
        waits = other is not None and other.id != change.id and other.state == "waiting"
        if other and waits and asker_stands(self.view, *other.asker, change.requested_at):
            raise LogConflictError("another change of it waits")
        return Put(("record", change.table, *change.key), change.id, known.version)

    def _put(self, record: RegistryRecord, version: int, at: datetime) -> Put:
        match record:
            case Entity() | Person():
                kind = "entity" if isinstance(record, Entity) else "person"
                return Put((kind, record.id), record, version)
            case Account():
                known = self._house.get("account", record.id).value
                return Put(("account", record.id), with_account(known, record, at), version)
            case Grant():
                document = self._house.get("account", record.account_id).value
                made = with_edited_grant(document, record, at)
                return Put(("account", record.account_id), made, version)
        raise AssertionError(record)


class MemoryWaivers:
    """Where decisions about findings are kept.

    :ivar findings: what is known of findings, by slot and id.
    """

    def __init__(
        self, house: MemoryHouse, findings: Mapping[tuple[int, str], FindingState]
    ) -> None:
        self._house = house
        self.view = MemoryRegistryView(house)
        self.findings = dict(findings)

    def finding(self, where: int, id_: str) -> FindingState | None:
        return self.findings.get((where, id_))

    def waiver_decision(self, finding: str) -> WaiverDecision | None:
        found: WaiverDecision | None = self._house.get("waiver", finding).value
        return found

    def waiver_decisions(self) -> StoredDecisions[WaiverDecision]:
        return StoredDecisions(tuple(self._house.under("waiver")))

    def keep_waiver_decision(self, waiver_decision: WaiverDecision, event: Event) -> None:
        made = waiver_decision
        puts = [Put(("waiver", made.finding), made, made.version - 1)]
        if made.state == "approved" and len(made.approved_by) > 1:
            puts += asked_puts(self._house, made.approved_by[0], made.proposed_at)
        self._house.commit([event], puts)
