"""An account that stands in the registry more than once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control, others
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Every account is registered once",
    severity="medium",
    rationale=(
        "Of two entries for one account, one is kept up and the other goes stale: access taken "
        "back in the one stays live in the other."
    ),
    remediation=(
        "Leave the account on the platform as it is: it is the registry that has it twice. Ask "
        "those who look after either entry which of the two is right, and who really has access."
    ),
    record=(
        "Keep one row of accounts, move what the other has to it by its id in grants.account_id, "
        "logins.account_id, incidents.account_id and contents.account_id, and delete the other "
        "row. What was wrong with the other counts for the one that is kept."
    ),
    detail=(
        "The same account of the platform is registered {number:more time|more times}: "
        "{account_ids}."
    ),
    references=References(nist=("CM-8",), iso=("A.5.9",)),
    subjects=OPEN_ACCOUNTS,
)
def duplicate_account(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an account whose key another account has that is not closed."""
    duplicates, keys = context.duplicates, context.keys
    for account in accounts:
        same = duplicates.get(keys[account.id])
        if same is not None:
            named, number = others(same, account.id)
            yield Fail(account, {"account_ids": named, "number": number})
