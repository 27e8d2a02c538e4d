"""Whoever carries all actions out is rid of what they name, and gets nothing new unannounced.

The registry as it would be is audited by the engine itself. The registries are crowded with what
is wrong: leavers in control, accounts that stand there twice, heads who are outside parties.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from rolecall.actions.checking import EFFECTS
from rolecall.actions.deed import DEED_KINDS
from rolecall.actions.folding import ENDED_CONTROLS
from rolecall.controls.catalogue import catalogue
from rolecall.model import Policy
from tests.planned import Plan, plan_of
from tests.registries import RegistryFiles, crowded, parish, registries
from tests.tiers import cases, examples


def test_every_control_has_deeds() -> None:
    assert catalogue().keys() == ENDED_CONTROLS


def test_every_deed_has_an_effect() -> None:
    assert EFFECTS.keys() == set(DEED_KINDS)


@pytest.mark.parametrize("seed", range(cases("crowded registries")))
def test_what_is_carried_out_ends_what_it_names(seed: int) -> None:
    plan = plan_of(crowded(seed, has_waivers=True))
    assert_complete(plan)
    found = plan.check()
    by_id = {one.id: one for one in plan.findings}
    assert [by_id[id_] for id_ in found.left] == []
    assert list(found.new) == []


@settings(max_examples=examples(200))
@given(registries(has_waivers=True))
def test_so_it_is_whatever_a_registry_tracks_and_a_policy_asks(files: RegistryFiles) -> None:
    plan = plan_of(files)
    assume(is_possible(plan.policy))
    assert_complete(plan)
    found = plan.check()
    assert list(found.left) == []
    assert list(found.new) == []


def test_a_policy_that_asks_for_a_crowd_asks_for_no_more_deeds() -> None:
    files = parish()
    asked = ("no-second-approver", "crisis-contacts-thin", "sole-administrator")
    for control in asked:
        files.policy += f"\n[controls.{control}]\nminimum = 1_000_000\n"
    plan = plan_of(files)
    assert sum(len(one.deeds) for one in plan.actions) < 100


def is_possible(policy: Policy) -> bool:
    """Tell whether a policy asks for nothing that cannot be: no password is stronger than 4.

    Nor does anybody find a thousand who approve posts; and what came late can be accepted at least
    once.
    """
    crowds = ("no-second-approver", "crisis-contacts-thin", "youth-account-one-adult")
    asked = [policy.controls, *policy.entities.values()]

    def values(control: str, name: str, usual: int) -> list[int]:
        found = [one.get(control, {}).get(name) for one in asked]
        return [usual, *(one for one in found if isinstance(one, int))]

    most = min(values("too-many-administrators", "maximum", 8))
    least = max(values("sole-administrator", "minimum", 2))
    if any(max(values(one, "minimum", 2)) > 50 for one in crowds):
        return False
    if min(values("waiver-without-end", "maximum", 2)) < 1:
        return False
    return max(values("weak-password", "minimum", 3)) <= 4 and least <= most


def assert_complete(plan: Plan) -> None:
    """Each finding is ended by one action, or none ends it; no action is empty."""
    named = [id_ for action in plan.actions for id_ in action.findings]
    without = [one.finding for one in plan.folded.without]
    assert sorted(named + without) == sorted(one.id for one in plan.findings)
    assert without == []
    for action in plan.actions:
        assert action.deeds, action
        assert action.findings, action
        assert sum(action.severities.values()) == len(action.findings)


def test_a_removal_that_leaves_too_few_lets_others_in_first() -> None:
    for seed in range(20):
        plan = plan_of(crowded(seed))
        for action in plan.actions:
            kinds = [deed.kind for deed in action.deeds]
            if "give-control" in kinds and "take-access" in kinds:
                last = len(kinds) - kinds[::-1].index("give-control")
                assert last <= kinds.index("take-access")
                return
    raise AssertionError("no registry of these has such a removal")
