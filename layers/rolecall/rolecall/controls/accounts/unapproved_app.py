"""An account to which an application is connected that nobody approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Only approved applications are connected to the accounts",
    severity="high",
    rationale=(
        "A connected application can read and post like an administrator, and it keeps that power "
        "when passwords change and people leave."
    ),
    remediation=(
        "Ask who uses the application and for what. Then disconnect it in the account's settings "
        "on the platform, or ask those who answer for the policy to approve it."
    ),
    record=(
        "Take what was disconnected out of accounts.connected_apps. What was approved is added to "
        "policy.approved_apps."
    ),
    detail="Connected without approval: {unapproved}; approved are {approved_apps}.",
    references=References(nist=("AC-20", "CM-7(5)"), cis=("2.3",), iso=("A.5.23",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.connected_apps", "policy.approved_apps"),
)
def unapproved_app(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an account with a connected application that is not in the policy's list."""
    # Letter case is how somebody typed the name of an application, not which one it is.
    approved = frozenset(app.casefold() for app in context.policy.approved_apps or ())
    for account in accounts:
        if not (apps := account.connected_apps):
            continue
        if unapproved := sorted(app for app in apps if app.casefold() not in approved):
            yield Fail(account, {"unapproved": unapproved, "approved_apps": sorted(approved)})
