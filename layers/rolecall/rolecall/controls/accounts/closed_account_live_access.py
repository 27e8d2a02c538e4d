"""A closed account that somebody can still get into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import CLOSED_ACCOUNTS
from rolecall.model import Account


@control(
    title="Nobody has access to a closed account",
    severity="high",
    rationale=(
        "An account that is closed only in the registry can be woken up by whoever still has "
        "access, and nobody is watching it any more."
    ),
    remediation=(
        "Archive what must be kept, keep the name where the platform lets you, and make sure there "
        "that the account is closed. Remove everybody who still has access, and delete its stored "
        "passwords."
    ),
    record=(
        "Enter the day in grants.revoked_on for each of them, and delete the account's rows in "
        "logins."
    ),
    detail={
        "grants": "The account is closed, and these still have access to it: {person_ids}.",
        "logins": "The account is closed, and these logins of it are still on record: {login_ids}.",
        "both": (
            "The account is closed, and these still have access to it: {person_ids}. And these "
            "logins of it are still on record: {login_ids}."
        ),
    },
    references=References(nist=("AC-2(3)",), cis=("6.2",), iso=("A.5.18",)),
    subjects=CLOSED_ACCOUNTS,
    partly={"logins.account_id": concerns_all, "grants.account_id": concerns_all},
    without="A live grant is access, whether or not logins are on record; and so is a login.",
)
def closed_account_live_access(
    accounts: Sequence[Account], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail a closed account with a live grant or a login record."""
    live_grants, logins = context.live_grants, context.logins
    for account in accounts:
        people = sorted(grant.person_id for grant in live_grants.get(account.id, ()))
        keys = sorted(login.id for login in logins.get(account.id, ()))
        if people or keys:
            because = "both" if people and keys else "grants" if people else "logins"
            yield Fail(account, {"because": because, "person_ids": people, "login_ids": keys})
