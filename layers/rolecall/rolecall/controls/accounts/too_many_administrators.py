"""An account that too many people control."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="No account has too many administrators",
    severity="medium",
    rationale=(
        "Everybody with full control can remove the others, and each of them is one more way in "
        "for whoever steals a password. Most people need less to do their work."
    ),
    remediation=(
        "Decide who must have full control: the head, whoever of IT removes people, and one more. "
        "Give the others a lesser role on the platform, such as editor, or remove their access."
    ),
    record="Enter the lesser role in grants.role, or the day of the removal in grants.revoked_on.",
    detail="More than {maximum:person has|people have} full control: {administrators}.",
    references=References(
        nist=("AC-6(5)",),
        iso=("A.8.2",),
        soc2=("CC6.3",),
        practice=(
            "CISA SCuBA, MS.AAD.7.1: at least two highly privileged users, and at most eight",
        ),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("grants.account_id",),
    maximum=8,
)
def too_many_administrators(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account with more than ``maximum`` live full-control grants."""
    maximum, full_control = params.maximum, context.full_control
    for account in accounts:
        holders = full_control.get(account.id, ())
        if len(holders) > maximum:
            yield Fail(account, {"administrators": sorted(holders), "maximum": maximum})
