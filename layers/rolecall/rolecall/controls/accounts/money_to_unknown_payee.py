"""An account whose money comes from, or goes to, somebody whom the policy does not name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.keys.names import name_key, name_mark
from rolecall.model import Account

_PAYEES = ("ads_payer", "donations_payee")


def _has_holder(account: Account, _: Context, __: Params) -> bool:
    return account.payment_holder_id is not None


@control(
    title="Money for advertisements and from donations goes through known hands",
    severity="high",
    rationale=(
        "Whoever takes an account over can spend on advertisements what is not theirs, or ask for "
        "donations to themselves. And a card that stays with somebody after they went is a burden "
        "for both sides."
    ),
    remediation=(
        "Ask the finance office who pays and who is paid. What it does not know is stopped on the "
        "platform first, and then changed to a name that it knows. Let somebody who serves here "
        "hold the card or the bank access, by an access of their own."
    ),
    record=(
        "Enter who pays in accounts.ads_payer, who is paid in accounts.donations_payee, and who "
        "holds the card or the bank access in accounts.payment_holder_id. A name that the finance "
        "office knows as ours is added to policy.payees."
    ),
    detail={
        "payee": "Not on the policy's list of payees: the name on record as {columns}.",
        "holder": (
            "The card or bank access is with {payment_holder_id}, who is not an active person."
        ),
        "payee, holder": (
            "Not on the policy's list of payees: the name on record as {columns}. And the card or "
            "bank access is with {payment_holder_id}, who is not an active person."
        ),
    },
    references=References(nist=("AC-5",), iso=("A.5.3",)),
    subjects=OPEN_ACCOUNTS,
    needs_one=(
        ("accounts.ads_payer", "policy.payees"),
        ("accounts.donations_payee", "policy.payees"),
        ("accounts.payment_holder_id",),
    ),
    partly={"people.id": _has_holder},
    without=(
        "Who pays, who is paid and who holds the card are judged each by itself: the names where "
        "the policy has payees, the holder where there is a roster."
    ),
)
def money_to_unknown_payee(
    accounts: Sequence[Account], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an account with a payer or payee that the policy does not have, or a holder gone."""
    payees, has_roster, known = context.policy.payees, context.has_roster, {*context.active, None}
    for account in accounts:
        if account.ads_payer is account.donations_payee is account.payment_holder_id is None:
            continue
        because: list[str] = []
        evidence: Evidence = {}
        named = {one: name for one in _PAYEES if (name := getattr(account, one)) is not None}
        if payees is not None:
            marks = {
                one: name_mark(name) for one, name in named.items() if name_key(name) not in payees
            }
            if marks:
                because.append("payee")
                evidence |= {"columns": sorted(marks), **marks, "payees": sorted(payees)}
        if has_roster and (holder := account.payment_holder_id) not in known:
            because.append("holder")
            evidence["payment_holder_id"] = holder
        if because:
            yield Fail(account, {"because": ", ".join(because), **evidence})
