"""An active account on which nobody posts any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control, empty
from rolecall.controls.populations import ACTIVE_ACCOUNTS
from rolecall.model import Account


@control(
    title="Every active account is in use",
    severity="medium",
    rationale=(
        "An account that nobody tends is an account that nobody watches: comments, messages and "
        "break-ins go unseen. One channel kept well serves people better than five kept poorly."
    ),
    remediation=(
        "Post again, or archive the account, close it on the platform and set its status to "
        "closed. If it rests on purpose, set its status to dormant."
    ),
    detail="The last post was on {last_post_on}; more than {days} days without one is too long.",
    references=References(iso=("A.5.9",), policy=("One channel nicely, rather than five poorly",)),
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
