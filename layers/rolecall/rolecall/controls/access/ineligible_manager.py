"""Somebody who manages an account without the clearance that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.clearance import ClearanceLadder
from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import MANAGERS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.model import Grant


def _suspects(context: Context, params: Params) -> Set[str]:
    ladder = ClearanceLadder(context.policy.clearance_levels)
    required = ladder.required(params.level)
    return context.strangers.union(
        [p.id for p in context.snapshot.people if ladder[p.clearance_level] < required]
    )


@control(
    title="Everybody who manages an account has the required clearance level",
    severity="critical",
    rationale=(
        "Who manages an account can write to anybody, minors included, in the organisation's "
        "name. Screening and training come before that, not after."
    ),
    remediation=(
        "Ask the office that gives clearances whether one is under way. If it is not complete "
        f"yet, remove the access until it is. {WITH_CARE}"
    ),
    record=(
        "If it is complete already, enter its level in people.clearance_level, from its record. "
        f"{REMOVED}"
    ),
    detail={
        "empty": (
            "No clearance is on record for {person}; it takes level {level} to manage an account."
        ),
        "unknown": (
            "The clearance of {person}, {clearance_level}, is not a level of the policy; it "
            "takes level {level} to manage an account."
        ),
        "below": (
            "The clearance level of {person} is {clearance_level}; it takes level {level} to "
            "manage an account."
        ),
    },
    references=References(nist=("PS-3",), iso=("A.6.1",), soc2=("CC1.4",)),
    subjects=MANAGERS,
    needs=("people.clearance_level",),
    without="A day on which a clearance ends or a training does not say which level it is.",
    level="C",
    suspects=_suspects,
)
def ineligible_manager(grants: Sequence[Grant], context: Context, params: Params) -> Iterator[Fail]:
    """Fail an administrative grant of an active person whose clearance is below ``level``."""
    people, ladder = context.people, ClearanceLadder(context.policy.clearance_levels)
    required = ladder.required(params.level)
    for grant in grants:
        level = people[grant.person_id].clearance_level
        if (rank := ladder[level]) < required:
            because = "empty" if level is None else "unknown" if rank < 0 else "below"
            evidence = {"because": because, "clearance_level": level, "level": params.level}
            yield Fail(grant, evidence)
