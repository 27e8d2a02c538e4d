"""An account registered with an e-mail address that is not the organisation's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.keys.addresses import bare_address, domain_key
from rolecall.model import Account


def _without_address_or_domains(
    accounts: Sequence[Account], context: Context
) -> Iterator[Undecided]:
    line_domains = context.line_domains
    for account in accounts:
        if account.login_email is None:
            yield account, "login_email is empty"
        elif not line_domains[account.entity_id]:
            yield account, "no email_domains on record for the entity or above it"


@control(
    title="Every account is registered with an address of the organisation",
    severity="high",
    rationale=(
        "Whoever owns the mailbox owns the account: password resets go there. A private mailbox "
        "leaves with its owner, and nobody else can open it."
    ),
    remediation=(
        "Change the login address on the platform to a mailbox of the organisation that two people "
        "can reach."
    ),
    record=(
        "Enter the new address in accounts.login_email. If the domain is the organisation's after "
        "all, add it to entities.email_domains."
    ),
    detail=(
        "The login address is of {domain:?the domain %|no domain}; allowed here, with what is "
        "below them: {email_domains}."
    ),
    references=References(nist=("PL-4(1)",), iso=("A.5.16",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.login_email", "entities.email_domains"),
    without=(
        "No address is private by itself: some organisations have theirs with a public "
        "provider, and only their domains tell."
    ),
    undecided=_without_address_or_domains,
)
def personal_email_login(
    accounts: Sequence[Account], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an account whose login address is in no domain of an entity in line, nor below one."""
    line_domains = context.line_domains
    for account in accounts:
        # What has no @ has no domain, and must not be shown as one.
        _name, at, domain = bare_address(account.login_email or "").casefold().rpartition("@")
        domains = line_domains[account.entity_id]
        if not at or not _is_within(domain, domains):
            shown = domain if at and domain else None
            yield Fail(account, {"domain": shown, "email_domains": sorted(domains)})


def _is_within(domain: str, domains: Set[str]) -> bool:
    """Tell whether a domain is one of some, or below one: whoever has a domain has all below it."""
    labels = domain.split(".")
    above = [".".join(labels[first:]) for first in range(len(labels))]
    return not domains.isdisjoint(above) or not set(map(domain_key, domains)).isdisjoint(
        map(domain_key, above)
    )
