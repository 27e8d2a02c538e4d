"""Every role may do what the suites saw it do, and nothing else: by the template's own policies."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.cloud import resources
from tests.permissions.inventory import KNOWN, Noted
from tests.permissions.regions import PLACES
from tests.permissions.requests import Request
from tests.permissions.services import asked_by_services
from tests.permissions.template_access import Granted, answer, granted, needed, wider
from tests.rendered import Rendered

ROLES = tuple(resources("AWS::IAM::Role"))
ASKED: frozenset[Noted] = KNOWN | frozenset(asked_by_services(KNOWN))

OTHERS: Mapping[str, Mapping[str, str]] = {
    "by default": {},
    "with names of one's own": {"Organisation": "diocese", "LogName": "diocese/audit"},
    "with another key": {
        "SigningKeyArn": "arn:{place.partition}:kms:{place.region}:123456789012:key/other"
    },
}

ELSEWHERE = {
    "DoctorRole": "each check says what it asks for, and tests/functional/test_doctor.py holds the "
    "role to that"
}
"""Roles that make no call which is noted; with the first one they come out of here."""

REASONS = {
    Granted("PlanRole", "Work", "s3:AbortMultipartUpload"): "a file of more than eight megabytes "
    "goes up in parts, and what broke off is put away; no registry of the tests is so large",
    Granted(
        "BreakGlassRole", "Append", "dynamodb:GetItem"
    ): "whoever appends to a shard as another "
    "does looks whether the event is there already; nobody appends while glass is broken in a test",
    Granted("RevokeRole", "Append", "dynamodb:GetItem"): "the same: two that append to a shard",
    Granted("UsersRole", "Append", "dynamodb:GetItem"): "the same: two that append to a shard",
    Granted(
        "StateMachineRole", "MapRuns", "states:RedriveExecution"
    ): "an operator redrives a night "
    "whose batches failed (docs/runbooks.md), and its map is redriven with it",
    Granted(
        "StateMachineRole",
        "MapRuns",
        Rendered().arn("StateMachine").replace(":stateMachine:", ":execution:") + "/*",
    ): "the runs of its map, "
    "which Step Functions names after the map and by an id that nobody knows before",
}
"""What is granted and no call needs: why all the same."""


def test_nobody_is_refused_what_they_ask() -> None:
    for parameters in OTHERS.values():
        for place in PLACES:
            given = {name: one.format(place=place) for name, one in parameters.items()}
            stack = Rendered(given, place)
            refused = [one for one in ASKED if not answer(stack, one).allowed]
            assert not refused, (place, parameters)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_granted_what_they_never_ask(role: str) -> None:
    stack = Rendered()
    if role in ELSEWHERE:
        assert not any(one[0] == role for one in KNOWN)
        return
    assert granted(stack, role)
    idle = idle_of(stack, role)
    known = {one for one in REASONS if one.role == role}
    assert idle - known == set(), "no call needs this: take it away, or say why not in REASONS"
    assert known - idle == set(), "this is needed, or not granted at all: it wants no reason"


def idle_of(stack: Rendered, role: str) -> set[Granted]:
    """Return what a role is granted, and no call needs, or not so widely."""
    idle = granted(stack, role) - needed(stack, role, ASKED)
    return idle | wider(stack, role, ASKED)


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("AuditRole", {"Action": "s3:GetObject", "Resource": "*"}),
        ("AuditRole", {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::rolecall-workbucket/*"}),
        ("SealRole", {"Action": "*", "Resource": "*"}),
        ("PlanRole", {"Action": "dynamodb:*", "Resource": "*"}),
        ("ApiRole", {"Action": "dynamodb:Scan", "Resource": "*"}),
        ("CredentialRole", {"Action": "kms:Decrypt", "Resource": "*"}),
    ],
    ids=lambda one: one if isinstance(one, str) else " ".join(one.values()),
)
def test_what_is_granted_beside_what_is_needed_is_seen(role: str, more: dict[str, str]) -> None:
    """However wide it is: what covers all that is called is used by all of it."""
    stack = Rendered()
    policy = stack.resources[role]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"].append({"Sid": "More", "Effect": "Allow", **more})
    known = {one for one in REASONS if one.role == role}
    assert {one.sid for one in idle_of(stack, role) - known} >= {"More"}


def test_what_is_wider_than_it_needs_to_be_is_seen_though_it_is_needed() -> None:
    stack = Rendered()
    (work,) = (
        one
        for one in stack.resources["AuditRole"]["Properties"]["Policies"][0]["PolicyDocument"][
            "Statement"
        ]
        if one["Sid"] == "Work"
    )
    work["Resource"] = f"{stack.arn('WorkBucket')}/*"
    assert idle_of(stack, "AuditRole") == {Granted("AuditRole", "Work", work["Resource"])}


def test_every_role_acts_in_a_suite_or_for_a_service() -> None:
    assert {role for role, _ in ASKED} | set(ELSEWHERE) == set(ROLES)


@pytest.mark.parametrize(
    "noted",
    [
        # What no condition on keys can see must not be granted where one stands.
        *((role, Request("dynamodb:Scan", "RegistryTable")) for role in ROLES),
        *((role, Request("dynamodb:PartiQLUpdate", "AuditLogTable")) for role in ROLES),
        *((role, Request("dynamodb:BatchWriteItem", "AuditLogTable")) for role in ROLES),
        *(
            (role, Request("dynamodb:PutItem", table, (("dynamodb:LeadingKeys", "FORMAT"),)))
            for role in ROLES
            for table in ("RegistryTable", "FindingsTable", "AuditLogTable", "VaultTable")
        ),
        # The policy of the audit, and which columns there are, is what files say.
        *(
            (role, Request("dynamodb:PutItem", "RegistryTable", (("dynamodb:LeadingKeys", key),)))
            for role in ROLES
            for key in ("SETTINGS", "REMOVED#*")
        ),
        *((role, Request("kms:Decrypt", "DataKey")) for role in ROLES),
        *((role, Request("kms:Decrypt", "VaultKey")) for role in ROLES),
        *((role, Request("kms:PutKeyPolicy", "VaultKey")) for role in ROLES),
        *((role, Request("kms:Sign", "SigningKey")) for role in ROLES if role != "SealRole"),
        *(
            (role, Request("s3:PutObject", f"ReportBucket/{folder}/*"))
            for role in ROLES
            if role != "SealRole"
            for folder in ("segments", "tallies", "checkpoints", "keys")
        ),
        *((role, Request("s3:BypassGovernanceRetention", "ReportBucket/*")) for role in ROLES),
    ],
    ids=lambda noted: f"{noted[0]} {noted[1].action} {noted[1].resource}",
)
def test_what_would_be_power_is_refused(noted: Noted) -> None:
    assert not answer(Rendered(), noted).allowed


def test_the_vaults_key_opens_nothing_of_another_organisation() -> None:
    own = next(
        one for one in KNOWN if one[1].action == "kms:Decrypt" and one[0] == "CredentialRole"
    )
    stack = Rendered()
    assert answer(stack, own).allowed
    role, request = own
    for key, _ in request.context:
        less = tuple(one for one in request.context if one[0] != key)
        assert not answer(stack, (role, request._replace(context=less))).allowed, key
        if key.endswith("organisation"):
            other = (*less, (key, "another"))
            assert not answer(stack, (role, request._replace(context=other))).allowed


def test_even_who_may_do_everything_does_not_write_what_is_sealed() -> None:
    """The bucket refuses, whatever else a role of the account is given."""
    stack = Rendered()
    everything = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    stack.resources["ReportRole"]["Properties"]["Policies"] = [
        {"PolicyDocument": {"Statement": everything}}
    ]
    assert answer(stack, ("ReportRole", Request("s3:PutObject", "ReportBucket/reports/*"))).allowed
    sealed = Request("s3:PutObject", "ReportBucket/segments/*")
    assert not answer(stack, ("ReportRole", sealed)).allowed
    # A key that names whom it serves serves nobody else.
    assert not answer(stack, ("ReportRole", Request("kms:GenerateMac", "FingerprintKey"))).allowed
