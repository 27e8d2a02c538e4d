"""A plan is nearly the shortest there is: on small registries it is held against all choices.

What an action ends is not what it says but what the engine finds after it was carried out alone.
The choices are the actions of the plan, and those that each finding would have by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import pytest

from rolecall.actions.action import Action
from rolecall.actions.checking import checked
from rolecall.actions.drafts import Standing
from rolecall.actions.folding import fold
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from tests.planned import Plan, plan_of
from tests.registries import RegistryFiles, crowded
from tests.tiers import cases

_ACCOUNTS = 2
_PAPERS = {
    *("ineligible-manager", "clearance-expired", "untrained-manager", "policy-unacknowledged"),
    *("training-refresher-overdue", "third-party-without-contract", "unsupervised-volunteer"),
}


def small(seed: int) -> RegistryFiles:
    """Return a registry of two accounts, crowded with what is wrong."""
    files = crowded(seed)
    kept = {row["id"] for row in files.tables["accounts"][:_ACCOUNTS]}
    files.tables["accounts"] = files.tables["accounts"][:_ACCOUNTS]
    for table in ("grants", "logins", "incidents", "contents"):
        rows = files.tables[table]
        files.tables[table] = [row for row in rows if row["account_id"] in kept]
    files.tables["observations"] = files.tables["observations"][:2]
    return files


def choices(plan: Plan) -> Iterable[Action]:
    """Yield the actions of a plan, and of each finding by itself."""
    yield from plan.actions
    context = Context(plan.snapshot, plan.policy, plan.as_of)
    for finding in plan.findings:
        yield from fold([Standing(finding, plan.as_of)], context).actions


def ends(plan: Plan) -> Mapping[tuple[str, ...], frozenset[str]]:
    """Return what each different choice ends by itself, by its deeds."""
    found = {}
    for action in choices(plan):
        deeds = tuple(map(str, action.deeds))
        if deeds not in found:
            alone = checked([action], plan.findings, plan.snapshot, plan.policy, plan.as_of)
            found[deeds] = frozenset(alone.ended & named(plan, action))
    return found


def named(plan: Plan, action: Action) -> frozenset[str]:
    """Return what may count as ended by an action.

    To put two entries together ends that there are two; what was wrong with the entry that goes is
    not gone with it. And the papers of a person are one office's business, for all accounts: they
    do not count where somebody else needs them first.
    """
    own = set(action.findings)
    kept = {"duplicate-account"} if action.kind == "duplicate" else catalogue().keys()
    if action.kind != "person":
        kept = kept - _PAPERS
    return frozenset(one.id for one in plan.findings if one.id in own or one.control in kept)


def fewest(wanted: frozenset[str], sets: Sequence[frozenset[str]], most: int) -> int | None:
    """Return how few of some sets hold all that is wanted, if so many of them do."""
    useful = [one & wanted for one in sets]
    useful = [one for one in set(useful) if one and not any(one < other for other in useful)]
    for size in range(most + 1):
        for chosen in combinations(useful, size):
            if wanted <= frozenset().union(*chosen):
                return size
    return None


@pytest.mark.parametrize("seed", range(max(cases("crowded registries") // 4, 1)))
def test_at_most_one_action_more_than_there_must_be(seed: int) -> None:
    plan = plan_of(small(seed))
    alone = ends(plan)
    # What several actions end together, no choice of them ends apart.
    wanted = frozenset().union(*alone.values())
    assert fewest(wanted, list(alone.values()), len(plan.actions) - 2) is None
