"""Every column that a registry has is read: what nobody reads is asked for in vain."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rolecall.model import TABLES
from rolecall.registry.schema import columns

PACKAGE = Path(__file__).parents[2] / "layers" / "rolecall" / "rolecall"

READERS = {
    "entities.id": "controls.context",
    "entities.name": "reports.assembly",
    "entities.parent_id": "lineage",
    "entities.head_id": "controls.accounts.entity_without_head",
    "entities.it_delegate_ids": "controls.context",
    "entities.email_domains": "controls.accounts.personal_email_login",
    "people.id": "controls.people_index",
    "people.name": "reports.assembly",
    "people.status": "controls.access.suspended_admin",
    "people.email": "controls.people_index",
    "people.left_on": "controls.access.orphaned_admin",
    "people.type": "controls.access.external_owner",
    "people.entity_id": "controls.access.mover_with_access",
    "people.supervisor_id": "controls.access.unsupervised_volunteer",
    "people.clearance_level": "controls.access.ineligible_manager",
    "people.clearance_expires": "controls.access.clearance_expired",
    "people.trained_on": "controls.policy.training_refresher_overdue",
    "people.policy_version": "controls.policy.policy_unacknowledged",
    "people.contract_ref": "controls.access.third_party_without_contract",
    "people.dpa_ref": "controls.access.third_party_without_contract",
    "people.contract_ends": "controls.access.third_party_without_contract",
    "people.language": "adopt.collecting",
    "accounts.id": "controls.account_index",
    "accounts.entity_id": "controls.accounts.head_without_access",
    "accounts.platform": "controls.account_index",
    "accounts.handle": "controls.account_index",
    "accounts.status": "controls.account_index",
    "accounts.url": "usecases.vault.credentials",
    "accounts.owner_id": "controls.accounts.account_without_owner",
    "accounts.approved_by": "controls.accounts.account_unapproved",
    "accounts.login_email": "controls.accounts.personal_email_login",
    "accounts.recovery_person_id": "controls.logins.recovery_contact_leaver",
    "accounts.removal_path": "controls.accounts.no_removal_path",
    "accounts.removal_tested_on": "controls.accounts.removal_path_untested",
    "accounts.last_post_on": "controls.accounts.dormant_account",
    "accounts.reviewed_on": "controls.accounts.account_review_overdue",
    "accounts.post_approver_ids": "controls.policy.no_second_approver",
    "accounts.crisis_contact_ids": "controls.incidents.crisis_contacts_thin",
    "accounts.crisis_contacts_verified_on": "controls.incidents.crisis_contacts_thin",
    "accounts.privacy_record_ref": "controls.accounts.privacy_record_missing",
    "accounts.lawful_basis": "controls.accounts.privacy_record_missing",
    "accounts.privacy_notice_url": "controls.accounts.privacy_record_missing",
    "accounts.record_class": "controls.accounts.archive_off",
    "accounts.archive": "controls.accounts.archive_off",
    "accounts.connected_apps": "controls.accounts.unapproved_app",
    "accounts.domain_expires_on": "controls.accounts.domain_expiring",
    "accounts.domain_auto_renew": "controls.accounts.domain_expiring",
    "accounts.domain_registrant": "controls.accounts.domain_expiring",
    "accounts.audience": "controls.accounts.youth_account_one_adult",
    "accounts.owned_by": "controls.accounts.not_in_our_portfolio",
    "accounts.ads_payer": "controls.accounts.money_to_unknown_payee",
    "accounts.donations_payee": "controls.accounts.money_to_unknown_payee",
    "accounts.payment_holder_id": "controls.accounts.money_to_unknown_payee",
    "grants.account_id": "controls.account_index",
    "grants.person_id": "controls.access.orphaned_admin",
    "grants.role": "controls.access.role_drift",
    "grants.granted_on": "usecases.governance.record_validation",
    "grants.requested_by": "controls.access.self_approved_access",
    "grants.approved_by": "controls.access.self_approved_access",
    "grants.expires_on": "controls.access.expired_grant",
    "grants.last_used_on": "controls.access.unused_access",
    "grants.attested_on": "controls.access.access_not_recertified",
    "grants.attested_by": "controls.access.access_not_recertified",
    "grants.revoke_requested_at": "controls.access.revocation_unconfirmed",
    "grants.revoked_on": "controls.traces",
    "grants.delegation_ref": "controls.access.mover_with_access",
    "logins.id": "controls.context",
    "logins.account_id": "controls.context",
    "logins.storage": "controls.logins.unsecured_login",
    "logins.holder_ids": "controls.logins.leaver_knows_password",
    "logins.rotated_on": "controls.logins.emergency_reveal_not_rotated",
    "logins.mfa": "controls.logins.login_without_mfa",
    "logins.strength": "controls.logins.weak_password",
    "logins.fingerprint": "controls.context",
    "logins.emergency_revealed_on": "controls.logins.emergency_reveal_not_rotated",
    "observations.platform": "controls.observation_index",
    "observations.handle": "controls.observation_index",
    "observations.observed_on": "controls.observation_index",
    "observations.entity_id": "controls.populations",
    "observations.person_email": "controls.observation_index",
    "observations.role": "controls.observation_index",
    "observations.reported_on": "controls.observation_index",
    "observations.reported_until": "controls.observation_index",
    "incidents.id": "controls.context",
    "incidents.account_id": "controls.populations",
    "incidents.opened_at": "controls.incidents.incident_overdue",
    "incidents.aware_at": "controls.incidents.incident_overdue",
    "incidents.due_on": "controls.incidents.incident_overdue",
    "incidents.closed_on": "controls.incidents.incident_overdue",
    "incidents.personal_data": "controls.incidents.incident_overdue",
    "incidents.notified_decision_at": "controls.incidents.incident_overdue",
    "incidents.delay_reason": "controls.incidents.incident_overdue",
    "incidents.high_risk": "controls.incidents.incident_overdue",
    "incidents.subjects_told_at": "controls.incidents.incident_overdue",
    "incidents.minor_involved": "controls.incidents.report_to_authorities_undecided",
    "incidents.authority_decided_at": "controls.incidents.report_to_authorities_undecided",
    "incidents.subject_id": "controls.incidents.single_investigator",
    "incidents.investigators": "controls.incidents.single_investigator",
    "incidents.sanction": "controls.incidents.sanction_step_skipped",
    "incidents.previous_sanction": "controls.incidents.sanction_step_skipped",
    "incidents.skip_reason": "controls.incidents.sanction_step_skipped",
    "contents.id": "controls.populations",
    "contents.account_id": "controls.populations",
    "contents.published_on": "registry.references",
    "contents.removed_on": "model.occurrences",
    "contents.url": "reports.labels",
    "contents.shows_minors": "controls.policy.minor_shown_without_consent",
    "contents.consent_ref": "controls.policy.minor_shown_without_consent",
    "contents.consent_ends": "controls.policy.minor_shown_without_consent",
}
"""Of each column one of those who decide or show something by it."""

KEPT = {
    "people.policy_acknowledged_on": (
        "the version decides whether somebody acknowledged the policy; the day is for whoever asks"
    ),
    "observations.person_handle": (
        "a name on a platform says who somebody is to a person who looks; without an e-mail "
        "address nothing is decided by it"
    ),
}
"""What is kept for people alone, and why no control can read it. The list only shrinks."""


def _read(module: str) -> set[str]:
    """Return what a module names: attributes, and texts that could be names of columns."""
    path = PACKAGE / Path(*module.split(".")).with_suffix(".py")
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_column_has_a_reader_or_a_reason() -> None:
    every = {f"{table}.{name}" for table in TABLES for name in columns(table)}
    assert READERS.keys() | KEPT.keys() == every
    assert not READERS.keys() & KEPT.keys()
    assert len(KEPT) <= 2


@pytest.mark.parametrize("column", sorted(READERS))
def test_who_is_said_to_read_a_column_does(column: str) -> None:
    assert column.partition(".")[2] in _read(READERS[column])
