"""An account that hangs on one person, or on nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Every account has enough active persons with full control",
    severity="high",
    rationale=(
        "When the only administrator falls ill, leaves or loses a telephone, the page is locked "
        "out, and platforms seldom give it back."
    ),
    remediation=(
        "Make another active person an owner or admin on the platform, one with the clearance and "
        "training that it takes, and record the grant."
    ),
    detail={
        "none": "No active person has full control; the minimum is {minimum}.",
        "few": "Active persons with full control: {administrators}; the minimum is {minimum}.",
    },
    references=References(nist=("AC-2",)),
    subjects=OPEN_ACCOUNTS,
    minimum=2,
)
def sole_administrator(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account on which fewer than ``minimum`` active persons have live full control."""
    minimum = params.minimum
    among, full_control = context.active.intersection, context.full_control
    for account in accounts:
        administrators = among(full_control.get(account.id, ()))
        if len(administrators) < minimum:
            because = "few" if administrators else "none"
            facts = {"administrators": sorted(administrators), "minimum": minimum}
            yield Fail(account, {"because": because, **facts})
