"""Whoever carries all actions out is rid of what they name, and gets nothing new unannounced.

The registry as it would be is audited by the engine itself. The registries are crowded with what
is wrong: leavers in control, accounts that stand there twice, heads who are outside parties.
"""

from __future__ import annotations

import pytest

from rolecall.actions.checking import EFFECTS
from rolecall.actions.deed import DEED_KINDS
from rolecall.actions.folding import ENDED_CONTROLS
from rolecall.controls.catalogue import catalogue
from tests.planned import Plan, plan_of
from tests.registries import crowded
from tests.tiers import cases


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
