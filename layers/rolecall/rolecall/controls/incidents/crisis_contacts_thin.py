"""An account for which too few people can be reached in a crisis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, concerns_all, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Every account has enough crisis contacts, confirmed lately",
    severity="medium",
    rationale=(
        "A break-in or a harmful post spreads within the hour. Time spent looking for somebody who "
        "can act is time in which the harm grows."
    ),
    remediation=(
        "Ask enough people who serve here whether they may be called when something goes wrong, "
        "and how they are reached."
    ),
    record=(
        "Enter them in accounts.crisis_contact_ids, and the day in "
        "accounts.crisis_contacts_verified_on."
    ),
    detail={
        "few": "Active crisis contacts: {active_contacts:?%|nobody}; the minimum is {minimum}.",
        "named": (
            "Crisis contacts on record: {crisis_contact_ids:?%|nobody}; the minimum is {minimum}."
        ),
        "named-both": (
            "Crisis contacts on record: {crisis_contact_ids:?%|nobody}; the minimum is {minimum}. "
            "Last confirmation: {crisis_contacts_verified_on:?%|none}; one is due every "
            "{days:day}."
        ),
        "unconfirmed": (
            "Last confirmation of the crisis contacts: {crisis_contacts_verified_on:?%|none}; one "
            "is due every {days:day}."
        ),
        "both": (
            "Active crisis contacts: {active_contacts:?%|nobody}; the minimum is {minimum}. Last "
            "confirmation: {crisis_contacts_verified_on:?%|none}; one is due every {days:day}."
        ),
    },
    references=References(nist=("IR-6", "IR-8"), cis=("17.1", "17.2"), iso=("A.5.24",)),
    subjects=OPEN_ACCOUNTS,
    partly={
        "accounts.crisis_contact_ids": concerns_all,
        "accounts.crisis_contacts_verified_on": concerns_all,
        "people.id": lambda account, _context, _: bool(account.crisis_contact_ids),
    },
    without=(
        "Too few contacts are too few, and an old confirmation is old, each by itself; that too "
        "few are named is so without a roster too."
    ),
    minimum=2,
    days=90,
)
def crisis_contacts_thin(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account with too few active contacts, or not confirmed within ``days``."""
    minimum, oldest = params.minimum, context.days_ago(params.days)
    among = context.among_active
    for account in accounts:
        are_named = context.tracks("accounts.crisis_contact_ids", account.id)
        are_dated = context.tracks("accounts.crisis_contacts_verified_on", account.id)
        contacts = among(account.crisis_contact_ids)
        verified = account.crisis_contacts_verified_on
        # An empty cell fails under a minimum of zero too.
        few = are_named and (len(contacts) < minimum or not account.crisis_contact_ids)
        unconfirmed = are_dated and (verified is None or verified < oldest)
        if few or unconfirmed:
            because = "both" if few and unconfirmed else "few" if few else "unconfirmed"
            evidence: Evidence = {"because": because}
            if few and (context.has_roster or not contacts):
                evidence |= {"active_contacts": sorted(contacts) or None, "minimum": minimum}
            elif few:
                named = {"because": "named-both" if unconfirmed else "named"}
                evidence |= {**named, "crisis_contact_ids": sorted(contacts), "minimum": minimum}
            if unconfirmed:
                evidence |= {"crisis_contacts_verified_on": verified, "days": params.days}
            yield Fail(account, evidence)
