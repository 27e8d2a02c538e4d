"""The rules about who has access, and about those who manage accounts."""

from __future__ import annotations

from rolecall.model import Grant, Person
from tests.second_oracle.book import ADMINISTRATIVE, Book
from tests.second_oracle.rules import (
    ACTIVE_MANAGERS,
    GRANTS,
    LEAVERS,
    MANAGERS,
    OWNERS,
    Answer,
    Limits,
    rule,
)

__all__: list[str] = []

OUTSIDE = ("agency", "partner", "contractor")


@rule("orphaned-admin", "critical", GRANTS)
def orphaned_admin(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    if person is None or person.status == "left":
        return True
    return person.left_on is not None and person.left_on <= book.today


@rule("suspended-admin", "high", GRANTS)
def suspended_admin(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    return person is not None and person.status == "suspended"


@rule("ineligible-manager", "critical", ACTIVE_MANAGERS, "people.clearance_level", level="C")
def ineligible_manager(book: Book, grant: Grant, limits: Limits) -> Answer:
    person = book.person(grant.person_id)
    return person is not None and not book.has_clearance(person, limits["level"])


@rule("clearance-expired", "high", ACTIVE_MANAGERS, "people.clearance_expires")
def clearance_expired(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    if person is None or person.clearance_expires is None:
        return None
    return book.is_past(person.clearance_expires)


@rule("mover-with-access", "high", GRANTS, "people.entity_id", "entities.head_id")
def mover_with_access(book: Book, grant: Grant, _: Limits) -> Answer:
    person, account = book.person(grant.person_id), book.account(grant.account_id)
    if person is None:
        return False
    if person.entity_id is None:
        return None
    at_home = any(person.entity_id == above.id for above in book.line(account.entity_id))
    return not (at_home or grant.delegation_ref or book.serves_in_line(person.id, account))


@rule("expired-grant", "high", GRANTS, "grants.expires_on")
def expired_grant(book: Book, grant: Grant, _: Limits) -> Answer:
    return grant.expires_on is not None and book.is_past(grant.expires_on)


@rule("unused-access", "medium", MANAGERS, "grants.last_used_on", days=45)
def unused_access(book: Book, grant: Grant, limits: Limits) -> Answer:
    used = grant.last_used_on
    return None if used is None else book.is_older(used, limits["days"])


@rule("external-owner", "high", OWNERS, "people.type")
def external_owner(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    return None if person is None or person.type is None else person.type in OUTSIDE


@rule("third-party-without-contract", "high", GRANTS, "people.type")
def third_party_without_contract(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    if person is None or person.type is None:
        return None
    if person.type not in OUTSIDE:
        return False
    if person.contract_ends is not None and book.is_past(person.contract_ends):
        return "critical"
    papers = {
        "people.contract_ref": person.contract_ref,
        "people.dpa_ref": person.dpa_ref,
        "people.contract_ends": person.contract_ends,
    }
    known = {column for column in papers if book.knows(column, person.id)}
    if any(not papers[column] for column in known):
        return True
    return False if known == papers.keys() else None


@rule("unsupervised-volunteer", "high", MANAGERS, "people.type", "people.supervisor_id")
def unsupervised_volunteer(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    if person is None or person.type is None:
        return None
    if person.type not in ("volunteer", "student"):
        return False
    supervisor = book.person(person.supervisor_id)
    if supervisor is not None and not book.knows("people.type", supervisor.id):
        return None if book.is_active(supervisor.id) else True
    on_staff = supervisor is not None and supervisor.type in ("employee", "clergy")
    return not (on_staff and book.is_active(person.supervisor_id))


@rule("self-approved-access", "high", GRANTS, "grants.approved_by")
def self_approved_access(book: Book, grant: Grant, _: Limits) -> Answer:
    if grant.approved_by in (None, grant.person_id):
        return True
    if not book.knows("grants.requested_by", grant.account_id, grant.person_id):
        return None
    return grant.approved_by == grant.requested_by


@rule("access-not-recertified", "medium", GRANTS, days=90, days_lesser=365)
def access_not_recertified(book: Book, grant: Grant, limits: Limits) -> Answer:
    key = grant.account_id, grant.person_id
    has_day = book.knows("grants.attested_on", *key)
    has_name = book.knows("grants.attested_by", *key)
    days = limits["days" if grant.role in ADMINISTRATIVE else "days_lesser"]
    if has_day and (grant.attested_on is None or book.is_older(grant.attested_on, days)):
        return True
    if has_name and grant.attested_by == grant.person_id:
        return True
    return False if has_day and has_name else None


@rule("revocation-unconfirmed", "critical", GRANTS, "grants.revoke_requested_at", hours=24)
def revocation_unconfirmed(book: Book, grant: Grant, limits: Limits) -> Answer:
    asked = grant.revoke_requested_at
    return asked is not None and book.is_later(None, limits["hours"], asked)


# -------------------------------------------------------------------------- training, the policy


@rule("untrained-manager", "high", ACTIVE_MANAGERS, "people.trained_on")
def untrained_manager(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    return person is not None and person.trained_on is None


@rule("training-refresher-overdue", "medium", ACTIVE_MANAGERS, "people.trained_on", days=365)
def training_refresher_overdue(book: Book, grant: Grant, limits: Limits) -> Answer:
    person = book.person(grant.person_id)
    if person is None or person.trained_on is None:
        return None
    return book.is_older(person.trained_on, limits["days"])


@rule(
    "policy-unacknowledged",
    "medium",
    ACTIVE_MANAGERS,
    "people.policy_version",
    "policy.version",
)
def policy_unacknowledged(book: Book, grant: Grant, _: Limits) -> Answer:
    person = book.person(grant.person_id)
    return person is not None and person.policy_version != book.policy.version


@rule("personal-data-past-retention", "medium", LEAVERS, days=None)
def personal_data_past_retention(book: Book, person: Person, limits: Limits) -> Answer:
    if person.left_on is None:
        return None
    has_access = any(
        one.person_id == person.id and one.revoked_on is None for one in book.registry.grants
    )
    return not has_access and book.is_older(person.left_on, limits["days"])
