"""What a completed run leaves in the log: the payload of ``run.completed``, written and read back.

It carries everything that a report counts and the events of findings do not: the coverage of each
control, the rows of the registry, what became of each waiver. Its fields may only become more, and
each that is new has a default: an earlier record lacks it, and what a later release says beside is
passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from rolecall.engine import Coverage
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.ledger.record import Record
from rolecall.model import Subject
from rolecall.run import (
    Heading,
    PolicyInfo,
    RegistryInfo,
    RegistryProblems,
    Run,
    ScopeInfo,
    Summary,
    WaiverOutcome,
)

__all__ = ["Completion", "Ended", "completed", "ended"]

_ROOM = 48_000
"""Bytes of a record for what may be long: waivers, and the entities of a run."""
_SAID_IF_SO = ("unknown_records", "problems", "typesetter", "citations", "actions")
_encode = msgspec.json.Encoder().encode
_T = TypeVar("_T")


class _Waiver(Struct, frozen=True):
    """What became of a waiver. Its reason is what people wrote, which a log does not take."""

    id: str
    control: str
    subject: Subject
    approved_by: Sequence[str]
    expires: date
    standing: str
    message: str


class _Scope(Struct, frozen=True):
    """What a run was limited to; ``below`` are the ids of the entity and of those below it."""

    entity: str | None
    controls: Sequence[str] | None
    below: Sequence[str] | None = None


class Completion(Struct, frozen=True, kw_only=True):
    """The payload of ``run.completed``.

    :ivar accounts: those that are not closed.
    :ivar waivers: ``None`` where there are more than a record has room for.
    :ivar unknown_records: see :class:`~rolecall.run.Heading`; said where there are any.
    :ivar problems: see there; said where there are any.
    :ivar typesetter: the release of Typst where the run was made; said where it is another than
        the one that came with the release of the run.
    :ivar catalogue: see :class:`~rolecall.run.Run`.
    :ivar citations: the digest of :class:`~rolecall.frameworks.citations.Citations`; said where
        there are any.
    :ivar actions: the digest of :class:`~rolecall.reports.named_action.ToldActions`; said where
        there is anything to do.
    """

    run: str
    number: int
    rolecall: str
    policy: PolicyInfo
    registry: RegistryInfo
    scope: _Scope
    accounts: int
    summary: Summary
    coverage: Sequence[Coverage]
    waivers: Sequence[_Waiver] | None = None
    unknown_records: int = 0
    problems: RegistryProblems | None = None
    typesetter: str | None = None
    catalogue: int = 1
    citations: str | None = None
    actions: str | None = None


class Ended(Struct, frozen=True, kw_only=True):
    """A completed run, as the log has it.

    :ivar heading: of its report; its waivers have no reasons.
    :ivar entities: to which it was limited; ``None`` for all.
    :ivar accounts: that were not closed.
    :ivar event: the id of its record.
    :ivar typesetter: see :class:`Completion`, and there of ``citations`` and ``actions``.
    """

    heading: Heading
    entities: frozenset[str] | None
    accounts: int
    event: str
    typesetter: str | None = None
    citations: str | None = None
    actions: str | None = None

    @property
    def run(self) -> Run:
        """Return what identifies it."""
        return self.heading.run


def completed(
    heading: Heading,
    accounts: int,
    entities: Collection[str] | None = None,
    typesetter: str | None = None,
    citations: str | None = None,
    actions: str | None = None,
) -> Event:
    """Return the event that ends a run.

    :param accounts: how many are not closed.
    :param entities: ids of those to which the run was limited.
    :param typesetter: the release of Typst, where it is not this release's own.
    :param citations: the digest of what the organisation says beside references.
    :param actions: the digest of what is to be done.
    """
    run = heading.run
    waivers = [_told(one) for one in heading.waivers]
    below = None if entities is None else sorted(entities)
    told: dict[str, Any] = msgspec.to_builtins(
        Completion(
            run=run.id,
            number=run.number,
            rolecall=run.rolecall,
            policy=run.policy,
            registry=run.registry,
            scope=_Scope(run.scope.entity, run.scope.controls, _in_room(below)),
            accounts=accounts,
            summary=heading.summary,
            coverage=heading.coverage,
            waivers=_in_room(waivers),
            unknown_records=heading.unknown_records,
            problems=heading.problems,
            typesetter=typesetter,
            catalogue=run.catalogue,
            citations=citations,
            actions=actions,
        )
    )
    return _event(run, told)


def _told(waiver: WaiverOutcome) -> _Waiver:
    return _Waiver(*(getattr(waiver, name) for name in _Waiver.__struct_fields__))


def _in_room(listed: list[_T] | None) -> list[_T] | None:
    """Return a list that a record has room for; ``None`` for a longer one."""
    return None if len(_encode(listed)) > _ROOM // 2 else listed


def _event(run: Run, payload: dict[str, Any]) -> Event:
    return Event(
        id=identity("run.completed", run.id),
        at=run.as_of,
        actor="audit",
        action="run.completed",
        entity=None,
        subject=None,
        payload={name: one for name, one in payload.items() if one or name not in _SAID_IF_SO},
    )


def ended(record: Record) -> Ended:
    """Return a completed run, as its record has it.

    :raises msgspec.ValidationError: an early release said less than a report counts.
    """
    told = msgspec.convert(record.payload, Completion)
    scope = told.scope
    run = Run(
        id=told.run,
        number=told.number,
        as_of=record.at,
        policy=told.policy,
        registry=told.registry,
        scope=ScopeInfo(scope.entity, scope.controls),
        rolecall=told.rolecall,
        catalogue=told.catalogue,
    )
    waivers = [
        WaiverOutcome(**msgspec.structs.asdict(one), reason="") for one in told.waivers or ()
    ]
    return Ended(
        heading=Heading(
            run=run,
            summary=told.summary,
            coverage=told.coverage,
            waivers=waivers,
            unknown_records=told.unknown_records,
            problems=told.problems,
        ),
        entities=None if scope.below is None else frozenset(scope.below),
        accounts=told.accounts,
        event=record.id,
        typesetter=told.typesetter,
        citations=told.citations,
        actions=told.actions,
    )
