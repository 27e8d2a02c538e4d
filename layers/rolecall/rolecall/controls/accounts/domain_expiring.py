"""A website whose domain runs out, or is registered in a name that is not the organisation's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, Undecided, control
from rolecall.controls.populations import WEBSITES
from rolecall.keys.names import name_key, name_mark
from rolecall.model import Account


def _not_on_record(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Undecided]:
    has_names = context.policy.legal_names is not None
    for account in accounts:
        has_day = context.tracks("accounts.domain_expires_on", account.id)
        has_name = has_names and context.tracks("accounts.domain_registrant", account.id)
        if has_day and account.domain_expires_on is None:
            yield account, "domain_expires_on is empty"
        elif has_name and account.domain_registrant is None:
            yield account, "domain_registrant is empty"


@control(
    title="Every website's domain is paid for, and registered in the organisation's name",
    severity="critical",
    rationale=(
        "Once a domain runs out anybody may have it, with its visitors and its mail: the address "
        "of a parish has become a page for gambling. And a domain belongs to the name in which it "
        "is registered, so one in a helper's name goes where the helper goes."
    ),
    remediation=(
        "Renew the domain at the registrar, and let it renew itself from now on. If another name "
        "stands there, ask whoever it is to transfer the domain to the organisation, with thanks "
        "for having looked after it."
    ),
    record=(
        "Enter the day until which it is paid in accounts.domain_expires_on, yes in "
        "accounts.domain_auto_renew, and the organisation's legal name in "
        "accounts.domain_registrant once it stands at the registrar. A name belongs in "
        "policy.legal_names only if it is the organisation's own."
    ),
    detail={
        "expired": "Its domain was paid for until {domain_expires_on}.",
        "expiring": (
            "Its domain is paid for until {domain_expires_on}, and nothing on record says that it "
            "renews itself; it is to be renewed {days:day} before."
        ),
        "registrant": (
            "The name in which its domain is registered is not a legal name of the organisation by "
            "the policy."
        ),
        "expired, registrant": (
            "Its domain was paid for until {domain_expires_on}. And the name in which it is "
            "registered is not a legal name of the organisation by the policy."
        ),
        "expiring, registrant": (
            "Its domain is paid for until {domain_expires_on}, and nothing on record says that it "
            "renews itself; it is to be renewed {days:day} before. And the name in which it is "
            "registered is not a legal name of the organisation by the policy."
        ),
    },
    references=References(
        nist=("CM-8",),
        iso=("A.5.9",),
        practice=(
            "Archdiocese of Los Angeles, handbook 10.3.5: in the name of the Archdiocese or of "
            "the location",
        ),
    ),
    subjects=WEBSITES,
    needs_one=(
        ("accounts.domain_expires_on",),
        ("accounts.domain_registrant", "policy.legal_names"),
    ),
    without=(
        "The day and the name are judged each by itself, the name where the policy has "
        "legal_names. Who does not keep whether domains renew themselves is told in time."
    ),
    unsettled=_not_on_record,
    days=60,
)
def domain_expiring(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail a website whose domain ran out, does so within ``days``, or is not ours by its name."""
    legal_names, soon = context.policy.legal_names, timedelta(days=params.days)
    for account in accounts:
        because: list[str] = []
        evidence: Evidence = {}
        if (day := account.domain_expires_on) is None:
            pass
        elif day < context.today:
            because.append("expired")
            evidence["domain_expires_on"] = day
        elif day - context.today < soon and not account.domain_auto_renew:
            because.append("expiring")
            renewal = account.domain_auto_renew
            evidence |= {"domain_expires_on": day, "domain_auto_renew": renewal}
            evidence["days"] = params.days
        name = account.domain_registrant
        if name is not None and legal_names is not None and name_key(name) not in legal_names:
            because.append("registrant")
            evidence |= {"domain_registrant": name_mark(name), "legal_names": sorted(legal_names)}
        if because:
            yield Fail(account, {"because": ", ".join(because), **evidence})
