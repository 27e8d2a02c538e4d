"""An active account of which nobody knows how to get in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import ACTIVE_ACCOUNTS
from rolecall.keys.platforms import platform_key
from rolecall.model import Account


@control(
    title="Every active account that has a login of its own has it on record",
    severity="high",
    rationale=(
        "A login that is not on record may be in one person's head, or on their own device. When "
        "that person goes, so does the account."
    ),
    remediation=(
        "Ask whoever posts how they sign in. Where the account has a login of its own, ask where "
        "the password is kept and who knows it; never for the password itself, nor for a person's "
        "private login."
    ),
    record=(
        "Add the login to logins: where the password is kept in logins.storage, and who knows it "
        "in logins.holder_ids; never the password itself, and never a person's private login."
    ),
    detail="Account {account} is active, and no login of it is on record.",
    references=References(nist=("IA-5",), iso=("A.5.17",)),
    subjects=ACTIVE_ACCOUNTS,
    needs=("logins.account_id",),
    individual_roles=frozenset({"facebook", "linkedin", "youtube", "website"}),
)
def account_without_login(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an active account without a login record, on a platform where logins are shared.

    On a platform of ``individual_roles`` a page has no login: people sign in as themselves, and
    nobody should write down how they do.
    """
    logins = context.logins
    individual = set(map(platform_key, params.individual_roles))
    for account in accounts:
        if account.id not in logins and platform_key(account.platform) not in individual:
            yield Fail(account, {"status": account.status})
