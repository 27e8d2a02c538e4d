"""What the steps of a run hand to each other: the registry to read, what is frozen, one batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.engine import Coverage
from rolecall.finding import finding_id
from rolecall.looks import Look
from rolecall.model import Observation, Policy, Rest, Snapshot
from rolecall.registry.documents import AccountDocument, EntityDocument, PersonDocument, Settings
from rolecall.registry.policy_toml import parse_policy
from rolecall.registry.row_tracking import rows_filled, rows_vaulted
from rolecall.registry.titles_csv import parse_titles, with_titles
from rolecall.ring import Slice
from rolecall.run import RegistryProblems, Run, Summary, WaiverOutcome
from rolecall.usecases.governance.decisions import AcceptedWaivers

__all__ = ["Audited", "Batch", "Frozen", "RegistrySource", "entity_of", "policy_of"]


class RegistrySource(Protocol):
    """A registry to read once, as documents."""

    def settings(self) -> Settings:
        """Return what holds for the registry as a whole."""
        ...

    def accepted(self) -> AcceptedWaivers:
        """Return what was accepted beside the policy."""
        ...

    def entities(self) -> Iterator[bytes]:
        """Yield every entity."""
        ...

    def people(self) -> Iterator[bytes]:
        """Yield every person."""
        ...

    def seen(self) -> Iterator[bytes]:
        """Yield every document of observations."""
        ...

    def accounts(self, entities: Sequence[str]) -> Iterator[bytes]:
        """Yield the account documents of entities."""
        ...

    def home_of(self, account: str) -> str | None:
        """Return the entity to which an account belongs that stands below several."""
        ...


class Frozen(Struct, frozen=True, kw_only=True):
    """What every step of a run works with, whatever changes meanwhile.

    :ivar prefix: where in the work bucket the run keeps its files.
    :ivar tracked: the columns that the registry has.
    :ivar partly: columns that it tracks for some rows alone, in whichever batch these are.
    :ivar policy: the text of its policy, ``None`` for the defaults.
    :ivar accepted: waivers beside it.
    :ivar entities: ids of those whose subjects are audited; ``None`` for all.
    :ivar batches: how many there are.
    :ivar shards: how many shards the ledger has.
    :ivar follows: the instant of the run before, where a wrong clock dated that one later.
    :ivar problems: what is wrong with the registry, where something is.
    :ivar looks: what the runs before looked at, as far as it counts.
    :ivar titles: the text of the titles.csv beside its policy, if there is one.
    :ivar names: how many files there are of what everybody is called.
    """

    run: Run
    prefix: str
    tracked: tuple[str, ...]
    policy: str | None
    batches: int
    shards: int
    accepted: AcceptedWaivers = AcceptedWaivers()
    entities: frozenset[str] | None = None
    partly: tuple[str, ...] = ()
    follows: datetime | None = None
    problems: RegistryProblems | None = None
    looks: tuple[Look, ...] = ()
    titles: str | None = None
    names: int = 0

    def rules(self) -> Policy:
        """Return its policy, with what was accepted beside it."""
        return policy_of(self.policy, self.accepted, self.titles)


class Audited(Struct, frozen=True):
    """What the audit of one batch came to; kept for the summary of the run.

    :ivar accounts: that were looked at.
    :ivar held: those of them that reports show: not closed, and of the entities of the run.
    :ivar actions: parts of actions that it left; ``None`` where an early release audited it.
    """

    number: int
    part: Slice
    summary: Summary
    coverage: Sequence[Coverage]
    waivers: Sequence[WaiverOutcome]
    accounts: int = 0
    held: int = 0
    events: int = 0
    opened: Mapping[str, int] = {}
    actions: int | None = None


class Batch(Struct, frozen=True, kw_only=True):
    """A slice of the registry, and what it needs of the rest. ``number`` counts from 0."""

    number: int
    part: Slice
    entities: tuple[EntityDocument, ...]
    people: tuple[PersonDocument, ...]
    accounts: tuple[AccountDocument, ...]
    observations: tuple[Observation, ...]
    rest: Rest

    def snapshot(self, tracked: Iterable[str], partly: Iterable[str] = ()) -> Snapshot:
        """Return the part of the registry that it holds.

        :param partly: the columns that the whole registry tracks for some rows alone.
        """
        columns = frozenset(tracked)
        filled = rows_filled(self.accounts, (*self.people, *self.entities), columns)
        return Snapshot(
            entities=self.entities,
            people=self.people,
            accounts=tuple([document.account for document in self.accounts]),
            grants=tuple([grant for document in self.accounts for grant in document.grants]),
            logins=tuple([login for document in self.accounts for login in document.logins]),
            observations=self.observations,
            incidents=tuple([case for document in self.accounts for case in document.incidents]),
            contents=tuple([one for document in self.accounts for one in document.contents]),
            tracked=columns,
            filled={**dict.fromkeys(partly, frozenset()), **filled},
            rest=self.rest,
            vaulted=rows_vaulted(self.accounts),
        )


def entity_of(data: bytes) -> EntityDocument:
    """Return the entity that a document holds."""
    return msgspec.json.decode(data, type=EntityDocument)


def policy_of(
    text: str | None,
    beside: AcceptedWaivers = AcceptedWaivers(),  # noqa: B008 - frozen.
    titles: str | None = None,
) -> Policy:
    """Return the policy that a text says, with what was accepted beside it.

    The digest is that of the text where nothing was, so that it can be held against the file.

    :param titles: the text of the ``titles.csv`` beside it, which changes no digest: it judges
        nothing.
    """
    policy = parse_policy("policy.toml", (text or "").encode())
    if titles is not None:
        policy = with_titles(policy, parse_titles(titles.encode()))
    if beside == AcceptedWaivers():
        return policy
    of_text = (
        waiver
        for waiver in policy.waivers
        # It may have been withdrawn: of this finding nobody can read what was decided.
        if finding_id(waiver.control, waiver.subject) not in beside.unreadable
    )
    waivers = {waiver.id: waiver for waiver in (*of_text, *beside.waivers)}
    for id_ in beside.withdrawn:
        waivers.pop(id_, None)
    parts = [policy.digest, *waivers, "-", *beside.withdrawn]
    if beside.unreadable:
        parts += ["-", *beside.unreadable]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return replace(policy, waivers=tuple(waivers.values()), digest=digest)
