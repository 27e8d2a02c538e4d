"""The rules about accounts and entities."""

from __future__ import annotations

from datetime import timedelta

from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import bare_address, domain_key
from rolecall.keys.platforms import platform_key
from rolecall.model import Account, Entity, Observation
from tests.second_oracle.book import FULL_CONTROL, Book
from tests.second_oracle.rules import (
    ACCOUNTS,
    ACTIVE_ACCOUNTS,
    CLOSED_ACCOUNTS,
    ENTITIES,
    OBSERVED,
    Answer,
    Limits,
    rule,
)

__all__: list[str] = []


@rule("account-without-owner", "high", ACCOUNTS, "accounts.owner_id")
def account_without_owner(book: Book, account: Account, _: Limits) -> Answer:
    return not book.is_active(account.owner_id)


@rule("entity-without-head", "high", ENTITIES, "entities.head_id")
def entity_without_head(book: Book, entity: Entity, _: Limits) -> Answer:
    return not book.is_active(entity.head_id)


@rule("head-without-access", "critical", ACCOUNTS, "entities.head_id")
def head_without_access(book: Book, account: Account, _: Limits) -> Answer:
    head = book.head(account)
    if not book.is_active(head):
        return None
    return head not in book.controllers(account.id)


@rule("no-removal-path", "critical", ACCOUNTS, "accounts.removal_path")
def no_removal_path(book: Book, account: Account, _: Limits) -> Answer:
    controllers = book.controllers(account.id)
    match account.removal_path:
        case None:
            return None
        case "none":
            return True
        case "head":
            if book.knows("entities.head_id", account.entity_id):
                return book.head(account) not in controllers
            # Whoever heads it: nobody could.
            return None if controllers else True
    delegates = {one for above in book.line(account.entity_id) for one in above.it_delegate_ids}
    kept = book.logins(account.id)
    if delegates & controllers or any(one.storage == "vault" for one in kept):
        return False
    is_known = all(book.knows("logins.storage", account.id, one.id) for one in kept)
    # Without the table there may be a login, and it may be in the vault.
    return True if is_known and book.tracks("logins.account_id") else None


@rule(
    "removal-path-untested",
    "medium",
    ACCOUNTS,
    "accounts.removal_path",
    "accounts.removal_tested_on",
    days=180,
)
def removal_path_untested(book: Book, account: Account, limits: Limits) -> Answer:
    if account.removal_path is None:
        return None
    if account.removal_path == "none":
        return False
    tested = account.removal_tested_on
    return tested is None or book.is_older(tested, limits["days"])


@rule("sole-administrator", "high", ACCOUNTS, minimum=2)
def sole_administrator(book: Book, account: Account, limits: Limits) -> Answer:
    return bool(len(book.controllers(account.id)) < limits["minimum"])


@rule("too-many-administrators", "medium", ACCOUNTS, maximum=8)
def too_many_administrators(book: Book, account: Account, limits: Limits) -> Answer:
    return bool(len(book.live(account.id, *FULL_CONTROL)) > limits["maximum"])


@rule("personal-email-login", "high", ACCOUNTS, "accounts.login_email", "entities.email_domains")
def personal_email_login(book: Book, account: Account, _: Limits) -> Answer:
    above = book.line(account.entity_id)
    ours = [domain_key(one) for entity in above for one in entity.email_domains]
    is_known = all(book.knows("entities.email_domains", entity.id) for entity in above)
    if account.login_email is None or not ours or not is_known:
        return None
    _name, at, domain = bare_address(account.login_email).rpartition("@")
    theirs = domain_key(domain)
    return not at or not any(theirs == one or theirs.endswith(f".{one}") for one in ours)


@rule("account-unapproved", "high", ACCOUNTS, "accounts.approved_by", "entities.head_id")
def account_unapproved(book: Book, account: Account, _: Limits) -> Answer:
    head = book.head(account)
    if not book.is_active(head):
        return None
    return head not in account.approved_by


@rule("unapproved-platform", "medium", ACCOUNTS, "policy.approved_platforms")
def unapproved_platform(book: Book, account: Account, _: Limits) -> Answer:
    approved = {platform_key(one) for one in book.policy.approved_platforms or ()}
    return platform_key(account.platform) not in approved


@rule("dormant-account", "low", ACTIVE_ACCOUNTS, "accounts.last_post_on", days=90)
def dormant_account(book: Book, account: Account, limits: Limits) -> Answer:
    last = account.last_post_on
    return None if last is None else book.is_older(last, limits["days"])


@rule("account-review-overdue", "medium", ACCOUNTS, "accounts.reviewed_on", days=365)
def account_review_overdue(book: Book, account: Account, limits: Limits) -> Answer:
    reviewed = account.reviewed_on
    return reviewed is None or book.is_older(reviewed, limits["days"])


@rule("closed-account-live-access", "high", CLOSED_ACCOUNTS)
def closed_account_live_access(book: Book, account: Account, _: Limits) -> Answer:
    if book.live(account.id) or book.logins(account.id):
        return True
    return False if book.tracks("logins.account_id") else None


@rule("duplicate-account", "medium", ACCOUNTS)
def duplicate_account(book: Book, account: Account, _: Limits) -> Answer:
    key = match_key(account.platform, account.handle)
    others = (one for one in book.open_accounts() if one.id != account.id)
    return any(match_key(one.platform, one.handle) == key for one in others)


@rule("unregistered-account", "high", OBSERVED, "observations.platform")
def unregistered_account(book: Book, seen: Observation, _: Limits) -> Answer:
    key = match_key(seen.platform, seen.handle)
    if any(match_key(one.platform, one.handle) == key for one in book.registry.accounts):
        return False
    return not any(_is_reported(book, one) for one in book.seen(seen.platform, seen.handle))


def _is_reported(book: Book, seen: Observation) -> bool:
    """Tell whether it is reported as not the organisation's, and that answer holds today."""
    reported = seen.reported_on
    if reported is None or reported > book.today:
        return False
    last = seen.reported_until or reported + timedelta(days=90)
    return book.today <= min(last, reported + timedelta(days=365))


@rule("unapproved-app", "high", ACCOUNTS, "accounts.connected_apps", "policy.approved_apps")
def unapproved_app(book: Book, account: Account, _: Limits) -> Answer:
    approved = {one.casefold() for one in book.policy.approved_apps or ()}
    return any(one.casefold() not in approved for one in account.connected_apps)


@rule("archive-off", "high", ACCOUNTS, "accounts.record_class", "accounts.archive")
def archive_off(_: Book, account: Account, __: Limits) -> Answer:
    if not account.record_class:
        return False
    return "medium" if account.archive is None else not account.archive


@rule("privacy-record-missing", "medium", ACCOUNTS, "policy.privacy_law")
def privacy_record_missing(book: Book, account: Account, _: Limits) -> Answer:
    papers = {
        "accounts.privacy_record_ref": account.privacy_record_ref,
        "accounts.lawful_basis": account.lawful_basis,
        "accounts.privacy_notice_url": account.privacy_notice_url,
    }
    known = {column for column in papers if book.knows(column, account.id)}
    if any(not papers[column] for column in known):
        return True
    return False if known == papers.keys() else None


@rule("recovery-contact-leaver", "critical", ACCOUNTS, "accounts.recovery_person_id")
def recovery_contact_leaver(book: Book, account: Account, _: Limits) -> Answer:
    if account.recovery_person_id is None:
        return "medium"
    return not book.is_active(account.recovery_person_id)


@rule(
    "account-without-login",
    "high",
    ACTIVE_ACCOUNTS,
    "logins.account_id",
    individual_roles=("facebook", "linkedin", "youtube", "website"),
)
def account_without_login(book: Book, account: Account, limits: Limits) -> Answer:
    as_themselves = {platform_key(one) for one in limits["individual_roles"]}
    return platform_key(account.platform) not in as_themselves and not book.logins(account.id)


@rule("no-second-approver", "high", ACCOUNTS, "accounts.post_approver_ids", minimum=2)
def no_second_approver(book: Book, account: Account, limits: Limits) -> Answer:
    approvers = account.post_approver_ids
    return not approvers or book.count_active(approvers) < limits["minimum"]


@rule("crisis-contacts-thin", "medium", ACCOUNTS, minimum=2, days=90)
def crisis_contacts_thin(book: Book, account: Account, limits: Limits) -> Answer:
    contacts, verified = account.crisis_contact_ids, account.crisis_contacts_verified_on
    has_contacts = book.knows("accounts.crisis_contact_ids", account.id)
    has_days = book.knows("accounts.crisis_contacts_verified_on", account.id)
    too_few = not contacts or book.count_active(contacts) < limits["minimum"]
    too_old = verified is None or book.is_older(verified, limits["days"])
    if (has_contacts and too_few) or (has_days and too_old):
        return True
    return False if has_contacts and has_days else None
