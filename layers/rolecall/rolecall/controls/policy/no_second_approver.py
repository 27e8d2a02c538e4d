"""An account on which one person alone decides what is posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import (
    Evidence,
    Fail,
    Params,
    References,
    concerns_all,
    control,
)
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Enough active people may approve the posts of every account",
    severity="high",
    rationale=(
        "Where one person writes, approves and publishes, no mistake is caught; and when that "
        "person is ill, nothing can be said at all."
    ),
    remediation=(
        "Agree with more people who serve here that they approve posts before they are published."
    ),
    record="Enter them in accounts.post_approver_ids.",
    detail={
        "empty": (
            "Nobody is on record who may approve posts of {account}; the minimum is {minimum}."
        ),
        "inactive": (
            "None of the people who may approve posts of {account} ({post_approver_ids}) is an "
            "active person of the roster; the minimum is {minimum}."
        ),
        "named": (
            "Only {post_approver_ids} are on record as who may approve posts of {account}; the "
            "minimum is {minimum}."
        ),
        "few": (
            "Of the people who may approve posts of {account} ({post_approver_ids}) only {active} "
            "can do so today; the minimum is {minimum}."
        ),
    },
    references=References(nist=("AC-5", "AC-22"), iso=("A.5.3",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.post_approver_ids",),
    partly={"people.id": concerns_all},
    without=(
        "Where too few are named, too few approve, whoever of them serves; of more nobody can tell "
        "without a roster."
    ),
    minimum=2,
)
def no_second_approver(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account with fewer than ``minimum`` active persons among its approvers."""
    minimum, among = params.minimum, context.among_active
    for account in accounts:
        active = among(account.post_approver_ids)
        # An empty cell fails under a minimum of zero too.
        if len(active) < minimum or not account.post_approver_ids:
            approvers = sorted(set(account.post_approver_ids))
            because = "few" if active else "inactive" if approvers else "empty"
            evidence: Evidence = {"because": because, "post_approver_ids": approvers}
            if context.has_roster or not approvers:
                evidence["active"] = sorted(active)
            else:
                evidence["because"] = "named"
            yield Fail(account, {**evidence, "minimum": minimum})
