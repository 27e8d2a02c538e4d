"""An account for which nobody on the roster answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Every account has an owner who is an active person",
    severity="high",
    rationale=(
        "An account for which nobody answers is not reviewed, not closed when it should be, and "
        "not missed when it is stolen."
    ),
    remediation=(
        "Ask somebody who serves here and knows the account whether they will answer for it: for "
        "its reviews, and for its end once nobody needs it."
    ),
    record="Enter who it is in accounts.owner_id.",
    detail={
        "empty": "Nobody is on record who answers for the account.",
        "unknown": "{owner_id}, who is to answer for the account, is not on the roster.",
        "inactive": (
            "{owner_id}, who is to answer for the account, is not active "
            "({status}{left_on:?, last day %|})."
        ),
    },
    references=References(nist=("AC-2",), cis=("5.1",), iso=("A.5.9",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.owner_id",),
    partly={"people.id": concerns_all},
    without=(
        "An account without an owner has none, whoever there is; of one who is named nobody can "
        "tell without a roster."
    ),
)
def account_without_owner(
    accounts: Sequence[Account], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an account whose owner is not an active person."""
    active, people, has_roster = context.active, context.people, context.has_roster
    for account in accounts:
        if (owner := account.owner_id) in active:
            continue
        if owner is None:
            yield Fail(account, {"because": "empty", "owner_id": None})
        elif not has_roster:
            continue
        elif (person := people.get(owner)) is None:
            yield Fail(account, {"because": "unknown", "owner_id": owner})
        else:
            facts = {"owner_id": owner, "status": person.status, "left_on": person.left_on}
            yield Fail(account, {"because": "inactive", **facts})
