"""Whom the findings of the example are about: nobody who is named anywhere in one is left out."""

from __future__ import annotations

import re
from functools import cache

from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.finding import Finding
from rolecall.model import Person, Snapshot
from rolecall.usecases.identity.involvement import EntityReport, SignInChange, involvement
from tests.functional.command import EXAMPLE
from tests.registries import AS_OF, read
from tests.stores.memory import MemoryHouse, MemoryRegistryView


@cache
def example() -> tuple[Snapshot, tuple[Finding, ...], MemoryRegistryView]:
    snapshot, policy = read(EXAMPLE)
    found = evaluate(Context(snapshot, policy, AS_OF), list(catalogue().values()), None)
    return snapshot, tuple(found.findings), MemoryRegistryView(MemoryHouse(snapshot))


def concerned(finding: Finding, people: tuple[Person, ...]) -> set[str]:
    _, _, view = example()
    found = involvement(finding, view, AS_OF.date())
    return {one.id for one in people if found.concerns(one)}


def test_everybody_who_is_named_in_a_finding_is_concerned() -> None:
    snapshot, findings, _ = example()
    elsewhere = set()
    for finding in findings:
        text = finding.evidence.decode()
        named = {
            one.id
            for one in snapshot.people
            if re.search(rf"(?<![\w-]){re.escape(one.id)}(?![\w-])", text)
            or (one.email and one.email.casefold() in f"{text} {finding.subject.email}".casefold())
        } | ({finding.subject.person} - {""})
        assert named <= concerned(finding, snapshot.people) | {
            # Somebody may be named who is not on the roster, and so decides nothing.
            id_
            for id_ in named
            if all(one.id != id_ for one in snapshot.people)
        }, finding
        if named - {finding.subject.person}:
            elsewhere.add(finding.control)
    # The evidence names others than the subject in many controls.
    assert len(elsewhere) >= 10, elsewhere


def test_somebody_is_left_to_decide_of_every_finding() -> None:
    snapshot, findings, _ = example()
    active = tuple(one for one in snapshot.people if one.is_active(AS_OF.date()))
    # The compliance officers of the example head nothing, and hold little.
    officers = {"p-002", "p-003", "p-005", "p-008", "p-009"}
    stuck = [one for one in findings if officers <= concerned(one, active)]
    assert stuck == []


def test_an_address_is_somebody_however_it_is_written() -> None:
    snapshot, findings, view = example()
    someone = next(one for one in snapshot.people if one.email)
    assert someone.email is not None
    told = replace(findings[0], evidence=f'{{"seen":["{someone.email.upper()}"]}}'.encode())
    assert involvement(told, view, AS_OF.date()).concerns(someone)


def test_a_sign_in_is_its_persons_and_the_report_of_all_nobodys() -> None:
    snapshot, _, view = example()
    one, other = snapshot.people[:2]
    found = involvement(SignInChange(one.id, "mark"), view, AS_OF.date())
    assert (found.concerns(one), found.concerns(other)) == (True, False)
    assert found.gainers == {one.id}
    whole = involvement(EntityReport(None), view, AS_OF.date())
    assert not any(whole.concerns(one) for one in snapshot.people)
