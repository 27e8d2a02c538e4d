"""The rules about whose an account is: seen, paid for, owned and answered for by whom."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from rolecall.keys.addresses import address_key, bare_address, mailbox_key
from rolecall.keys.platforms import platform_key
from rolecall.model import Account, Person
from tests.second_oracle.book import ADMINISTRATIVE, Book
from tests.second_oracle.rules import ACCOUNTS, WEBSITES, Answer, Limits, rule

__all__: list[str] = []


def _is_among(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name is one of a list, whatever its spaces, case and normal form."""
    return _plain(name) in map(_plain, names)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


@rule(
    "observation-stale",
    "high",
    ACCOUNTS,
    "observations.platform",
    days=45,
    require_observation=False,
)
def observation_stale(book: Book, account: Account, limits: Limits) -> Answer:
    rows = book.listing(account.platform, account.handle)
    if not rows:
        return True if limits["require_observation"] else None
    return book.is_older(rows[0].observed_on, limits["days"])


@rule("login-email-of-leaver", "critical", ACCOUNTS, "accounts.login_email", "people.email")
def login_email_of_leaver(book: Book, account: Account, _: Limits) -> Answer:
    mailbox = mailbox_key(account.login_email) if account.login_email else None
    if mailbox is None:
        return None
    whose = [one.id for one in book.registry.people if book.mailbox(one.id) == mailbox]
    if not whose and address_key(bare_address(account.login_email or "")) is None:
        # Two addresses, or a telephone number: nobody knows whose it is.
        return None
    return bool(whose) and not any(map(book.is_active, whose))


@rule(
    "domain-expiring",
    "critical",
    WEBSITES,
    one_of=(
        ("accounts.domain_expires_on",),
        ("accounts.domain_registrant", "policy.legal_names"),
    ),
    days=60,
)
def domain_expiring(book: Book, account: Account, limits: Limits) -> Answer:
    halves = []
    if book.knows("accounts.domain_expires_on", account.id):
        halves.append(_expires(book, account, limits["days"]))
    names = book.policy.legal_names
    if names is not None and book.knows("accounts.domain_registrant", account.id):
        registrant = account.domain_registrant
        halves.append(None if registrant is None else not _is_among(registrant, names))
    if True in halves:
        return True
    return None if None in halves or not halves else False


def _expires(book: Book, account: Account, days: int) -> bool | None:
    last = account.domain_expires_on
    if last is None:
        return None
    if book.is_past(last):
        return True
    return last < book.today + timedelta(days=days) and not account.domain_auto_renew


@rule("youth-account-one-adult", "critical", ACCOUNTS, "accounts.audience", minimum=2, level="C")
def youth_account_one_adult(book: Book, account: Account, limits: Limits) -> Answer:
    if account.audience is None:
        return None
    if account.audience != "minors":
        return False
    readers = {one.person_id for one in book.live(account.id, *ADMINISTRATIVE, "editor")}
    active = [one for id_ in readers if (one := book.person(id_)) and book.is_active(id_)]
    # Whose clearance nobody keeps may have one.
    fit = [_is_fit(book, one, limits["level"]) for one in active]
    if len(fit) - fit.count(False) < limits["minimum"]:
        return True
    # What is kept of other rows than the account's is kept of all, or counts as kept of none.
    kept = {"people.clearance_level", "people.clearance_expires"} <= book.registry.tracked
    return False if kept else None


def _is_fit(book: Book, person: Person, level: str) -> bool | None:
    """Tell whether somebody's clearance is high enough and in date; ``None`` where it may be."""
    last = person.clearance_expires
    has_level, has_day = (
        book.knows(f"people.clearance_{name}", person.id) for name in ("level", "expires")
    )
    if has_level and not book.has_clearance(person, level):
        return False
    if has_day and (last is None or book.is_past(last)):
        return False
    return True if has_level and has_day else None


@rule(
    "not-in-our-portfolio",
    "high",
    ACCOUNTS,
    "accounts.owned_by",
    "policy.portfolios",
    platforms=("facebook", "instagram", "youtube", "linkedin"),
)
def not_in_our_portfolio(book: Book, account: Account, limits: Limits) -> Answer:
    if platform_key(account.platform) not in map(platform_key, limits["platforms"]):
        return False
    return not _is_among(account.owned_by or "", book.policy.portfolios or ())


@rule(
    "money-to-unknown-payee",
    "high",
    ACCOUNTS,
    one_of=(
        ("accounts.ads_payer", "policy.payees"),
        ("accounts.donations_payee", "policy.payees"),
        ("accounts.payment_holder_id",),
    ),
)
def money_to_unknown_payee(book: Book, account: Account, _: Limits) -> Answer:
    parts = []
    if (payees := book.policy.payees) is not None:
        paid = {"ads_payer": account.ads_payer, "donations_payee": account.donations_payee}
        parts = [
            name is not None and not _is_among(name, payees)
            for column, name in paid.items()
            if book.knows(f"accounts.{column}", account.id)
        ]
    if book.knows("accounts.payment_holder_id", account.id):
        holder = account.payment_holder_id
        parts.append(holder is not None and not book.is_active(holder))
    return True in parts if parts else None
