"""A way to remove administrators that nobody has tried lately."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.controls.sieves import empty
from rolecall.model import Account


@control(
    title="The removal of administrators was tried lately on every account",
    severity="medium",
    rationale=(
        "Platforms change their roles and menus, and a way that worked once may be shut on the day "
        "when it is needed. A drill proves it; a belief does not."
    ),
    remediation=(
        "Have the head or IT invite a test member with the lowest role, remove it again, and look "
        "whether an owner could be removed too. Do not remove somebody who is needed today."
    ),
    record="Enter the day in accounts.removal_tested_on.",
    detail={
        "empty": (
            "It is {removal_path} that is to remove administrators, and no try of it is on record."
        ),
        "overdue": (
            "It is {removal_path} that is to remove administrators, and that was last tried on "
            "{removal_tested_on}; it must be tried every {days:day}."
        ),
    },
    references=References(nist=("CP-4", "IR-3", "PS-4"), cis=("17.7",), soc2=("CC7.5",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.removal_path", "accounts.removal_tested_on"),
    without=(
        "Where there is no path there is nothing to try, so a drill that is missing proves "
        "nothing without the path, nor a path without its drills."
    ),
    undecided=empty("removal_path"),
    days=180,
)
def removal_path_untested(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account whose removal path has no try on record, or longer ago than ``days``."""
    oldest = context.days_ago(params.days)
    for account in accounts:
        # Where there is no path there is nothing to try: no-removal-path fails that account.
        if (path := account.removal_path) == "none":
            continue
        facts = {"removal_path": path, "removal_tested_on": account.removal_tested_on}
        if account.removal_tested_on is None:
            yield Fail(account, {"because": "empty", **facts})
        elif account.removal_tested_on < oldest:
            yield Fail(account, {"because": "overdue", **facts, "days": params.days})
