"""An account on a platform that the policy does not approve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.controls.remedy_words import CLOSED, CLOSING, MAY_BE_DUE
from rolecall.keys.platforms import platform_key
from rolecall.model import Account


@control(
    title="Every account is on an approved platform",
    severity="medium",
    rationale=(
        "A platform is approved after somebody has looked at its terms, its privacy and the ways "
        "to take access back. On any other platform nobody has."
    ),
    remediation=(
        f"Close the account: {CLOSING}. Or ask those who answer for the policy to look at the "
        "platform and approve it."
    ),
    record=(
        f"{CLOSED} A platform that was approved is added to policy.approved_platforms. {MAY_BE_DUE}"
    ),
    detail="The platform {platform} is not approved; approved are {approved_platforms}.",
    references=References(nist=("AC-20", "PL-4(1)"), iso=("A.5.23",)),
    subjects=OPEN_ACCOUNTS,
    needs=("policy.approved_platforms",),
)
def unapproved_platform(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an account whose platform is not in the policy's list."""
    approved = frozenset(name.casefold() for name in context.policy.approved_platforms or ())
    keys = frozenset(map(platform_key, approved))
    for account in accounts:
        platform = account.platform
        if platform not in approved and platform_key(platform) not in keys:
            yield Fail(account, {"platform": platform, "approved_platforms": sorted(approved)})
