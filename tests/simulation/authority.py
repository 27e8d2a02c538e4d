"""What everybody may do, today and on days to come, read from the functions that decide it.

Power is what somebody may do to what there is. It is asked of a state and a day, as if nothing
else happened until then: so an end that is put off is more power, on the days after the old end,
and time itself gives nobody anything. Whoever signs in may be somebody (:func:`sign_in`); whoever
is somebody may do things (:func:`roles_of`, :func:`right_of`), be it without signing in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import NamedTuple, TypeAlias

from rolecall.controls.context import Context
from rolecall.errors import DeniedError
from rolecall.finding import Finding
from rolecall.ledger.event import Event
from rolecall.model import Entity, Person, Policy
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.identity.permissions import (
    ALLOWED,
    Caller,
    CallerRole,
    may,
    roles_of,
)
from rolecall.usecases.identity.sign_in import mark_of, sign_in
from rolecall.usecases.vault.eligibility import right_of
from tests.api import OFFICES, claims
from tests.stores.memory import MemoryHouse, MemoryRoster, MemorySignIns
from tests.stores.vault import snapshot_of_house

__all__ = ["EVERYTHING", "Held", "Human", "Power", "concerned", "gained", "powers"]

EVERYTHING = "everything"
"""The target of what an office may do."""


class Human(NamedTuple):
    """Somebody outside of the registry: what their token says.

    :ivar name: part of the address and of the subject.
    """

    name: str
    groups: tuple[str, ...] = ()

    def claims(self) -> dict[str, str]:
        """Return the claims of their token."""
        return claims(f"{self.name}@example.org", *self.groups)


class Held(NamedTuple):
    """Who may do something to what, on which day.

    :ivar holder: a person by the id, or somebody with a token, as ``token of NAME``.
    """

    holder: str
    target: str
    day: date


Power: TypeAlias = dict[Held, frozenset[str]]


class UnboundSignIns(MemorySignIns):
    """Tells who somebody would sign in as, and leaves it at that."""

    def bind(self, issuer: str, subject: str, person: Person, event: Event) -> None:
        """Refuse whoever may not be that person."""
        del event
        known = self._house.get("bound", person.id).value
        if known not in (None, mark_of(issuer, subject)):
            raise DeniedError(f"{person.id} signs in as another subject")


def noon(day: date) -> datetime:
    """Return an instant of a day."""
    return datetime.combine(day, time(12), UTC)


class _Registry(NamedTuple):
    """What is asked for everybody and on every day, looked up once."""

    lineages: Mapping[str, Sequence[Entity]]
    documents: Sequence[AccountDocument]
    units: Mapping[str, Collection[str | None]]

    @classmethod
    def of(cls, house: MemoryHouse, people: Sequence[Person]) -> _Registry:
        """Look it up."""
        documents: list[AccountDocument] = list(house.under("account"))
        # Whoever may read a person does so by where they serve, or by what they hold.
        units: dict[str, set[str | None]] = {one.id: {one.entity_id} for one in people}
        for document in documents:
            for grant in document.grants:
                units.get(grant.person_id, set()).add(document.account.entity_id)
        lineages = {one.id: list(house.lineage(one.id)) for one in house.under("entity")}
        return cls(lineages, documents, units)


def powers(house: MemoryHouse, humans: Collection[Human], days: Collection[date]) -> Power:
    """Return what everybody may do on some days, if nothing else happens."""
    found: Power = {}
    snapshot = snapshot_of_house(house)
    registry = _Registry.of(house, snapshot.people)
    contexts = [Context(snapshot, Policy(), noon(day)) for day in days]
    for context in contexts:
        for human in humans:
            for target, what in _of_token(house, human, context.today):
                found[Held(f"token of {human.name}", target, context.today)] = what
    for person in snapshot.people:
        # Who stewards what is the same on every day on which they serve.
        lasting = dict(_of_steward(Caller(person.id, frozenset(), ""), registry))
        for context in contexts:
            if person.is_active(context.today):
                more = _of_accounts(person.id, registry, context)
                for target, what in (*lasting.items(), *more):
                    found[Held(person.id, target, context.today)] = what
    return found


def _of_token(house: MemoryHouse, human: Human, day: date) -> Iterator[tuple[str, frozenset[str]]]:
    roster, sign_ins = MemoryRoster(house), UnboundSignIns(house)
    try:
        caller = sign_in(roster, sign_ins, human.claims(), noon(day), OFFICES)
    except DeniedError:
        return
    yield caller.person, frozenset({"be this person"})
    yield EVERYTHING, _allowed(caller.groups)


def _of_steward(caller: Caller, registry: _Registry) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what somebody may do to entities, and whom they may read."""
    stewarded = set()
    for id_, lineage in registry.lineages.items():
        roles = roles_of(caller, lineage=lineage)
        if what := _allowed(roles):
            yield id_, what
        if may("read person", roles):
            stewarded.add(id_)
    for person, units in registry.units.items():
        if stewarded.intersection(units) or may("read person", roles_of(caller, person=person)):
            yield f"record of {person}", frozenset({"read person"})


def _of_accounts(
    id_: str, registry: _Registry, context: Context
) -> Iterator[tuple[str, frozenset[str]]]:
    caller = Caller(id_, frozenset(), "", context.today)
    for document in registry.documents:
        account = document.account
        lineage = registry.lineages.get(account.entity_id, ())
        what = _allowed(roles_of(caller, lineage=lineage, grants=document.grants))
        if right_of(context, account.id, id_).basis is not None:
            what |= {"open secrets"}
        if what:
            yield account.id, what


@cache
def _allowed(roles: frozenset[CallerRole]) -> frozenset[str]:
    return frozenset(one for one in ALLOWED if may(one, roles))


def gained(before: Power, after: Power, there: Collection[str]) -> dict[Held, frozenset[str]]:
    """Return what somebody may do in one state and might not in another.

    :param there: ids of what there was before; of anything new nobody gains.
    """
    nothing: frozenset[str] = frozenset()
    return {
        held: more
        for held, what in after.items()
        if held.target.removeprefix("record of ") in there
        and (more := what - before.get(held, nothing))
    }


def concerned(house: MemoryHouse, finding: Finding) -> set[str]:
    """Return whom a finding concerns: whoever it names, and who heads, owns or holds what it is of.

    Written once more, and not as the use case has it.
    """
    subject = finding.subject
    named = {subject.person, *re.findall(r'"([^"]*)"', finding.evidence.decode())}
    found = {one.id for one in house.under("person")} & named
    document: AccountDocument | None = house.get("account", subject.account).value
    entity = subject.entity
    if document is not None:
        account = document.account
        entity = account.entity_id
        found |= {grant.person_id for grant in document.grants if grant.is_live}
        found |= {account.owner_id} - {None}
    if (unit := house.get("entity", entity).value) is not None:
        found |= {unit.head_id, *unit.it_delegate_ids} - {None}
    return found
