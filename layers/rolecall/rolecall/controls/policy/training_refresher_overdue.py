"""Somebody who manages an account on training of long ago."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import MANAGERS
from rolecall.controls.sieves import person_empty
from rolecall.model import Grant


def _suspects(context: Context, params: Params) -> Set[str]:
    oldest = context.days_ago(params.days)
    return context.strangers.union(
        [p.id for p in context.snapshot.people if p.trained_on is None or p.trained_on < oldest]
    )


@control(
    title="The training of everybody who manages an account is fresh",
    severity="medium",
    rationale=(
        "Platforms, tricks and the policy change every year; what was learnt once is soon not "
        "enough."
    ),
    remediation="Have the person repeat the social media training.",
    record="Enter the day on which they did in people.trained_on.",
    detail=(
        "{person}, who manages {account}, was last trained on {trained_on}; once in {days:day} "
        "is needed."
    ),
    references=References(nist=("AC-22", "AT-3"), cis=("14.1",), iso=("A.6.3",)),
    subjects=MANAGERS,
    needs=("people.trained_on",),
    undecided=person_empty("trained_on"),
    days=365,
    suspects=_suspects,
)
def training_refresher_overdue(
    grants: Sequence[Grant], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an administrative grant of an active person trained longer than ``days`` ago."""
    people, oldest = context.people, context.days_ago(params.days)
    for grant in grants:
        trained = people[grant.person_id].trained_on
        if trained is not None and trained < oldest:
            yield Fail(grant, {"trained_on": trained, "days": params.days})
