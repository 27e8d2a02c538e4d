"""An organisation of which everybody asks something, and what must hold after each commit.

What must hold (:class:`Organisation`):

- *Power grows by two, or not at all*: what somebody may do grows in an approval alone, of what
  another active person asked for, and neither of the two is who gains (:mod:`authority`). Taking
  back one's own open request, a first sign-in, and what an operator does are no growth.
- What was approved is what the approver had read, and nobody approves what concerns them.
- Nothing that is taken away leaves an account, an entity or an office without anybody, unless that
  was overridden on record: by a head, or by a second officer. (Who holds an office the tokens say:
  those count who were seen in it.)
- The entities are no circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import asdict, replace

from rolecall.entitlement import entitles
from rolecall.errors import RolecallError, UsageError
from rolecall.ledger.event import Event
from rolecall.model import FULL_CONTROL_ROLES, Entity, Snapshot
from rolecall.registry.documents import (
    AccountDocument,
    DocumentKey,
    EntityDocument,
    PersonDocument,
    StoredDocument,
    account_key_of,
    accounts_of,
    documents,
    entity_key,
    person_key,
    snapshot_of,
)
from rolecall.registry.merging import merged
from rolecall.usecases.governance.decisions import WaiverDecision
from rolecall.usecases.identity.permissions import Caller, is_steward
from rolecall.usecases.identity.power import stewards_of
from rolecall.usecases.identity.seen_offices import note_offices
from rolecall.usecases.identity.sign_in import sign_in
from rolecall.usecases.identity.stewardship import Stewardship
from rolecall.usecases.vault.credentials import Credentials
from rolecall.vault.fingerprint import LocalMac
from rolecall.vault.local_key import LocalWrapper
from tests.api import OFFICES
from tests.simulation.authority import Held, Human, Power, concerned, gained, powers
from tests.simulation.cast import HUMANS, START, findings, registry_of_offices
from tests.stores.memory import (
    Kept,
    MemoryChanges,
    MemoryHouse,
    MemoryRateLimit,
    MemoryRevocations,
    MemoryRoster,
    MemorySignIns,
    MemoryWaivers,
    Put,
)
from tests.stores.vault import MemoryVault
from tests.unit.usecases.governance.archive import MemoryArchive, run_view

__all__ = ["DAYS", "Asked", "Organisation"]

DAYS = (1, 2, 20, 21)
"""Days after the first of which power is asked, beside the present one."""
_NO_POWER = frozenset(
    {
        "change",
        "waiver",
        "revocation",
        "recent",
        "lift",
        "envelope",
        "edits",
        "sign-in",
        "sign-in list",
        "sign-in changed",
    }
)
"""Kinds of items that nobody's power is read from."""
_OVERRIDES = frozenset({"revocation.overridden", "change.approved"})


class Asked(NamedTuple):
    """A request that is being served, and who is in it.

    :ivar partner: who asked for what it decides, by their token.
    :ivar own: whether it takes back what the caller asked for.
    :ivar seen: what the caller had read of what they approve.
    """

    kind: str
    human: Human
    caller: Caller
    partner: Human | None = None
    own: bool = False
    seen: WaiverDecision | None = None


class WatchedHouse(MemoryHouse):
    """Stores that tell what each commit did."""

    def __init__(self, snapshot: Snapshot, watch: Callable[..., None]) -> None:
        super().__init__(snapshot)
        self._watch = watch
        self.changed = 0

    def commit(self, events: Sequence[Event], puts: Sequence[Put] = ()) -> None:
        """Commit, between two looks at what everybody may do."""
        if self.meanwhile is not None:
            once, self.meanwhile = self.meanwhile, None
            once()
        self._watch(events, puts, lambda: super(WatchedHouse, self).commit(events, puts))


class Organisation:
    """An organisation of which everybody asks something.

    :ivar wrong: what was violated.
    :ivar told: what was asked, and what came of it.
    :ivar rival: what gets between the reading of the next request and its commit.
    """

    def __init__(self) -> None:
        self.house = WatchedHouse(_REGISTRY, self._watched)
        self.at = START
        self.wrong: list[str] = []
        self.told: list[str] = []
        self.serving: list[Asked] = []
        self.rival: Callable[[], object] | None = None
        self.limit = MemoryRateLimit(self.house)
        self.roster = MemoryRoster(self.house)
        self.sign_ins = MemorySignIns(self.house)
        self.changes = MemoryChanges(self.house)
        self.revocations = MemoryRevocations(self.house, self.limit)
        self.waivers = MemoryWaivers(self.house, _FINDINGS)
        self.credentials = Credentials(
            MemoryVault(self.house, "test"), LocalWrapper(bytes(32)), LocalMac(bytes(32))
        )
        self.archive = MemoryArchive(
            [_RUN], {f"{_RUN.run.as_of.date()}/{_RUN.run.id}/report.pdf": b""}
        )
        self.archive.house = self.house
        # Who asked for a change, and what each has read of waivers.
        self.askers: dict[str, Human] = {}
        self.read: dict[tuple[str, str], WaiverDecision] = {}
        self._power: tuple[object, Power] | None = None

    # -- requests ---------------------------------------------------------------------------

    def caller(self, human: Human) -> Caller:
        """Return who somebody is, as each request finds it out."""
        self.serving.append(Asked("sign in", human, Caller(human.name, frozenset(), "")))
        try:
            found = sign_in(self.roster, self.sign_ins, human.claims(), self.at, OFFICES)
            note_offices(self.sign_ins, found, self.at.date())
            return found
        finally:
            self.serving.pop()

    def serve(self, kind: str, human: Human, work: Callable[[Caller], Any], **more: Any) -> Any:
        """Serve a request; what is refused has done nothing."""
        try:
            caller = self.caller(human)
        except RolecallError as error:
            self.told.append(f"{human.name}: {kind}: {error}")
            return None
        self.serving.append(Asked(kind, human, caller, **more))
        self.house.meanwhile, self.rival = self.rival, None
        try:
            made = work(caller)
        except RolecallError as error:
            self.told.append(f"{human.name}: {kind}: {error}")
            return None
        finally:
            self.house.meanwhile = None
            self.serving.pop()
        self.told.append(f"{human.name}: {kind}: done")
        return made

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it, nearest first."""
        return list(self.house.lineage(entity))

    def stewardship(self, person: str, most: int) -> Stewardship:
        """Return the entities that name a person."""
        del most
        return Stewardship(
            tuple(one for one in self.house.under("entity") if is_steward(person, one)), None
        )

    def held(self, person: str) -> list[str]:
        """Return the accounts on which a person has a grant, live or not."""
        found: list[AccountDocument] = list(self.house.under("account"))
        return [one.account.id for one in found if any(g.person_id == person for g in one.grants)]

    def bring_in(self, granted_on: date | None) -> None:
        """Import the files again: what was taken away here stays so, whatever day they say.

        :param granted_on: put on every grant of the files, where it is given.
        """
        files = _REGISTRY
        if granted_on is not None:
            grants = tuple(replace(one, granted_on=granted_on) for one in files.grants)
            files = replace(files, grants=grants)
        before = self._live()
        try:
            found = merged(documents(files, None), list(self._stored()))
        except UsageError as error:
            self.told.append(f"import: {error}")
            return
        made = MemoryHouse(snapshot_of([StoredDocument(*one) for one in found.items()])[0])
        for where, data in found.items():
            if where.key.startswith("ACCOUNT#"):
                document = msgspec.json.decode(data, type=AccountDocument)
                made.items["account", document.account.id] = Kept(document, 1)
        kept = {key: one for key, one in self.house.items.items() if key[0] not in _REGISTRY_KINDS}
        numbers = {key: one.version for key, one in self.house.items.items()}
        self.house.items = kept | {
            key: Kept(one.value, numbers.get(key, 0) + 1) for key, one in made.items.items()
        }
        self.house.changed += 1
        self.told.append(f"import, all access granted on {granted_on}")
        for account, person in sorted(self._live() - before):
            ended = self.house.get("account", account).value.grants
            if any(one.person_id == person and not one.is_live for one in ended):
                self.wrong.append(f"an import brings {person} back to {account}")

    def _live(self) -> set[tuple[str, str]]:
        return {
            (one.account.id, grant.person_id)
            for one in self.house.under("account")
            for grant in one.grants
            if grant.is_live
        }

    def _stored(self) -> Iterator[StoredDocument]:
        for entity in self.house.under("entity"):
            data = msgspec.json.encode(EntityDocument(**asdict(entity)))
            yield StoredDocument(entity_key(entity.id), data)
        for person in self.house.under("person"):
            data = msgspec.json.encode(PersonDocument(**asdict(person)))
            yield StoredDocument(person_key(person.id), data)
        for one in self.house.under("account"):
            where = DocumentKey(accounts_of(one.account.entity_id), account_key_of(one.account.id))
            yield StoredDocument(where, msgspec.json.encode(one))

    # -- what must hold ---------------------------------------------------------------------

    def power(self) -> Power:
        """Return what everybody may do, today and later."""
        today = self.at.date()
        now = (self.house.changed, today)
        if self._power is None or self._power[0] != now:
            self._power = now, powers(self.house, HUMANS, self._days())
        return self._power[1]

    def _days(self) -> list[date]:
        today = self.at.date()
        later = (START.date() + timedelta(days) for days in DAYS)
        return [today, *(day for day in later if day > today)]

    def _watched(
        self, events: Sequence[Event], puts: Sequence[Put], commit: Callable[[], None]
    ) -> None:
        if self.wrong:
            commit()
            return
        before, there, manned = self.power(), self._there(), self._manned()
        asked = self.serving[-1] if self.serving else _NOBODY
        parties = {
            one.name: self._active(one) for one in (asked.human, asked.partner) if one is not None
        }
        commit()
        for put in puts:
            if isinstance(put.value, WaiverDecision) and put.value.state == "approved":
                self._judge_waiver(put.value)
        if all(put.key[0] in _NO_POWER for put in puts):
            return
        self.house.changed += 1
        if self._has_circle():
            self.wrong.append("the entities are a circle")
            return
        if not asked.own and asked.kind != "sign in":
            self._judge(gained(before, self.power(), there), parties)
        lost = manned - self._manned()
        # A head overrides a guard, on record, and so does a second officer who approves.
        if {event.action for event in events}.isdisjoint(_OVERRIDES):
            self.wrong += [f"nobody is left in {what}" for what in sorted(lost)]

    def _manned(self) -> set[str]:
        """Return what has somebody who could act for it."""
        return set(self._manned_on(self.at.date()))

    def _manned_on(self, day: date) -> Iterator[str]:
        active = {one.id for one in self.house.under("person") if one.is_active(day)}
        for document in self.house.under("account"):
            holders = {
                one.person_id
                for one in document.grants
                if one.role in FULL_CONTROL_ROLES and entitles(one, day)
            }
            if active & holders:
                yield f"account {document.account.id}"
        for entity in self.house.under("entity"):
            if active & stewards_of(self.house.lineage(entity.id)):
                yield f"entity {entity.id}"
        for officer in self.house.under("officer"):
            if officer.person in active:
                yield from (f"office {office}" for office in officer.days)

    def _judge_waiver(self, made: WaiverDecision) -> None:
        seen = self.serving[-1].seen
        terms = (made.reason, made.expires, made.evidence)
        if seen is not None and terms != (seen.reason, seen.expires, seen.evidence):
            self.wrong.append(f"approved until {made.expires}, read until {seen.expires}")
        known = next(one for one in _FINDINGS.values() if one.finding.id == made.finding)
        for id_ in sorted(set(made.approved_by) & concerned(self.house, known.finding)):
            self.wrong.append(f"{id_} accepts {made.control}, which concerns {id_}")
        serving = [one for one in made.approved_by if self._serves(one)]
        if len({*serving}) < 1 + (made.severity == "critical"):
            self.wrong.append(f"one alone accepts {made.control}")

    def _there(self) -> set[str]:
        ids = {key[1] for key in self.house.items if key[0] in ("entity", "person", "account")}
        return {*ids, "everything"}

    def _has_circle(self) -> bool:
        parents = {one.id: one.parent_id for one in self.house.under("entity")}
        for id_ in parents:
            seen = {id_}
            above = parents[id_]
            while above in parents:
                if above in seen:
                    return True
                seen.add(above)
                above = parents[above]
        return False

    def _judge(
        self, more: Mapping[Held, frozenset[str]], parties: Mapping[str, str | None]
    ) -> None:
        """Hold more power to two who served, by their tokens and people, and did not gain."""
        if not more:
            return
        gainers = {held.holder.removeprefix("token of ") for held in more}
        held, what = next(iter(more.items()))
        told = f"{held.holder} may {', '.join(sorted(what))} of {held.target} on {held.day}"
        people = set(parties.values()) - {None}
        if len(people) < 2:
            self.wrong.append(f"{told}: by one alone")
        elif gainers & (people | parties.keys()):
            self.wrong.append(f"{told}: by whoever gains")

    def _active(self, human: Human) -> str | None:
        """Return who somebody is, if they still are."""
        claims = human.claims()
        found = self.sign_ins.bound(claims["iss"], claims["sub"])
        return found if found is not None and self._serves(found) else None

    def _serves(self, id_: str) -> bool:
        person = self.roster.person(id_)
        return person is not None and person.is_active(self.at.date())


_NOBODY = Asked("system", Human("system"), Caller("system", frozenset(), ""))
"""Who carries on by itself: it gives nobody anything."""
_REGISTRY = registry_of_offices()
_RUN = run_view(1)
_REGISTRY_KINDS = frozenset({"entity", "person", "account"})
_FINDINGS = findings()
