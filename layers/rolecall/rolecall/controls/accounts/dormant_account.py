"""An active account on which nobody posts any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import ACTIVE_ACCOUNTS
from rolecall.controls.remedy_words import CLOSED, CLOSING, MAY_BE_DUE
from rolecall.controls.sieves import empty
from rolecall.model import Account


@control(
    title="Every active account is in use",
    severity="low",
    rationale=(
        "An account that nobody tends is an account that nobody watches: comments, messages and "
        "break-ins go unseen. One channel kept well serves people better than five kept poorly."
    ),
    remediation=(
        "If people still look for the account, answer what came in, and post again. If it rests "
        "on purpose, let whoever keeps the registry know. If nobody needs it, close it: "
        f"{CLOSING}."
    ),
    record=(
        "Enter the day of the new post in accounts.last_post_on or, if the account rests on "
        f"purpose, dormant in accounts.status. {CLOSED} {MAY_BE_DUE}"
    ),
    detail="The last post was on {last_post_on}; more than {days:day} without one is too long.",
    references=References(iso=("A.5.9",)),
    subjects=ACTIVE_ACCOUNTS,
    needs=("accounts.last_post_on",),
    undecided=empty("last_post_on"),
    days=90,
)
def dormant_account(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an active account whose last post is older than ``days``."""
    oldest = context.days_ago(params.days)
    for account in accounts:
        if (last := account.last_post_on) is not None and last < oldest:
            yield Fail(account, {"last_post_on": last, "days": params.days})
