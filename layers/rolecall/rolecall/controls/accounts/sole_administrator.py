"""An account that hangs on one person, or on nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
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
        "Have an administrator of the account make another active person of your own, who has the "
        "clearance and the training, an owner or administrator on the platform."
    ),
    record=(
        "Add the access to grants, with its role in grants.role, the day in grants.granted_on and "
        "who approved it in grants.approved_by."
    ),
    detail={
        "none": "On record no active person has full control; the minimum is {minimum}.",
        "few": "Only {administrators} has full control and is active; the minimum is {minimum}.",
        "granted": "Full control was given to {administrators} alone; the minimum is {minimum}.",
    },
    references=References(
        nist=("CP-2",),
        iso=("A.5.29",),
        practice=(
            "CISA SCuBA, MS.AAD.7.1: at least two highly privileged users, and at most eight",
        ),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("grants.account_id",),
    partly={"people.id": concerns_all},
    without=(
        "Where full control was given to too few, too few have it, whoever of them serves; of more "
        "nobody can tell without a roster. Where no access at all is on record nobody knows who "
        "has it."
    ),
    minimum=2,
)
def sole_administrator(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account on which fewer than ``minimum`` active persons have live full control."""
    minimum = params.minimum
    among, full_control = context.among_active, context.full_control
    some = "few" if context.has_roster else "granted"
    for account in accounts:
        administrators = among(full_control.get(account.id, ()))
        if len(administrators) < minimum:
            because = some if administrators else "none"
            facts = {"administrators": sorted(administrators), "minimum": minimum}
            yield Fail(account, {"because": because, **facts})
