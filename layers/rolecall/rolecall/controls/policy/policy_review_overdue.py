"""A policy whose day of review has passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import POLICY
from rolecall.model import Policy


@control(
    title="The policy is reviewed in time",
    severity="medium",
    rationale=(
        "A policy that nobody looks at falls behind the platforms and the law, and people stop "
        "taking it for the rule."
    ),
    remediation=(
        "Put the policy before those who answer for it, and agree on the day of the next review."
    ),
    record=(
        "Enter that day in policy.next_review; a changed policy also needs a new policy.version."
    ),
    detail="The review of the policy was due on {next_review}, and no later one is on record.",
    references=References(nist=("PL-4", "PL-4(1)"), iso=("A.5.1",), soc2=("CC5.3",)),
    subjects=POLICY,
    needs=("policy.next_review",),
)
def policy_review_overdue(
    policies: Sequence[Policy], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail the policy when its next review lies before today."""
    for policy in policies:
        if (review := policy.next_review) and review < context.today:
            yield Fail(policy, {"next_review": review})
