"""An account that nobody has reviewed lately."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Every account was reviewed lately",
    severity="medium",
    rationale=(
        "People, purposes and platforms change. Without a review nobody notices that an account is "
        "no longer needed, or that the wrong people look after it."
    ),
    remediation=(
        "Go through the account with whoever answers for it: whether it is needed, whether what it "
        "says is still true, and who has access."
    ),
    record="Enter the day of the review in accounts.reviewed_on.",
    detail={
        "empty": "No review is on record.",
        "overdue": (
            "The last review was on {reviewed_on}; an account must be reviewed every {days:day}."
        ),
    },
    references=References(nist=("AC-2",), iso=("A.5.9",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.reviewed_on",),
    days=365,
)
def account_review_overdue(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account that was never reviewed, or longer ago than ``days``."""
    oldest = context.days_ago(params.days)
    for account in accounts:
        reviewed = account.reviewed_on
        if reviewed is None:
            yield Fail(account, {"because": "empty", "reviewed_on": None})
        elif reviewed < oldest:
            facts = {"reviewed_on": reviewed, "days": params.days}
            yield Fail(account, {"because": "overdue", **facts})
