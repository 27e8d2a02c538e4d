"""An account that no business portfolio of the organisation owns, where the platform has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.keys.names import name_key, name_mark
from rolecall.keys.platforms import platform_key
from rolecall.model import Account


@control(
    title="Accounts are owned by a portfolio of the organisation where the platform has them",
    severity="high",
    rationale=(
        "What a person owns by their own profile goes where they go. A business portfolio or a "
        "brand account belongs to the organisation, which can let people in and out of it, "
        "whoever they are."
    ),
    remediation=(
        "See that two people of yours control the organisation's portfolio on the platform. Then "
        "have an owner of the account move it there."
    ),
    record=(
        "Enter the portfolio's name in accounts.owned_by. A name belongs in policy.portfolios only "
        "if the portfolio is the organisation's."
    ),
    detail={
        "empty": "On {platform} no portfolio is on record as its owner.",
        "other": (
            "On {platform} it is in a portfolio that is not one of the organisation's by the "
            "policy."
        ),
    },
    references=References(
        nist=("AC-20",),
        iso=("A.5.9", "A.5.23"),
        practice=(
            "CISA, Capacity Enhancement Guide on social media accounts, 2021: use the platform's "
            "accounts for organisations where it has them",
        ),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.owned_by", "policy.portfolios"),
    platforms=frozenset({"facebook", "instagram", "youtube", "linkedin"}),
)
def not_in_our_portfolio(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account on one of ``platforms`` that none of the policy's portfolios owns."""
    platforms = set(map(platform_key, params.platforms))
    portfolios = context.policy.portfolios or frozenset()
    for account in accounts:
        platform = platform_key(account.platform)
        if platform not in platforms:
            continue
        facts: Evidence = {"platform": platform, "portfolios": sorted(portfolios)}
        if (owner := account.owned_by) is None:
            yield Fail(account, {"because": "empty", "owned_by": None, **facts})
        elif name_key(owner) not in portfolios:
            yield Fail(account, {"because": "other", "owned_by": name_mark(owner), **facts})
