"""Controls of people leave most grants out; whomever they leave out they would have passed."""

from __future__ import annotations

from collections import Counter

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.controls.judgement import failures, suspects
from rolecall.controls.parameters import resolve
from rolecall.controls.tracking import unmet, unproven
from tests.registries import MOMENTS, crowded, read, written
from tests.tiers import cases


def test_whoever_is_no_suspect_passes() -> None:
    told, left_out = Counter[str](), Counter[str]()
    for number in range(cases("crowded registries")):
        for as_of in MOMENTS:
            with written(crowded(number)) as directory:
                snapshot, policy = read(directory, as_of.date())
            context = Context(snapshot, policy, as_of)
            for control in catalogue().values():
                params, _ = resolve(control, context.policy, context)
                missing, sieve = unmet(control, context)
                people = suspects(control, context, params)
                if people is None or missing or sieve or unproven(control, context):
                    continue
                grants = control.subjects.select(context)
                fails, undecided = failures(control, grants, context, params)
                holders = {fail.subject.person_id for fail in fails}
                holders |= {grant.person_id for grant, _ in undecided}
                assert holders <= people, control.id
                told[control.id] += len(holders)
                left_out[control.id] += len({grant.person_id for grant in grants} - people)
    wanted = {control.id for control in catalogue().values() if control.suspects is not None}
    # Neither may be untried: those who are told of, and those who are left out.
    assert {id_ for id_, count in told.items() if count} == wanted
    assert {id_ for id_, count in left_out.items() if count} == wanted
