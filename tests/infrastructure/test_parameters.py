"""What the parameters of the template take: nothing that would be wrong after the deployment."""

from __future__ import annotations

import re

import pytest

from infra.template import broken_rules
from tests.cloud import template

PARAMETERS = template()["Parameters"]


def takes(name: str, value: str) -> bool:
    """Tell whether CloudFormation takes a value: it holds patterns against all of it."""
    parameter = PARAMETERS[name]
    if len(value) > parameter.get("MaxLength", len(value)):
        return False
    values = value.split(",") if parameter["Type"] == "CommaDelimitedList" else [value]
    return all(re.fullmatch(parameter.get("AllowedPattern", ".*"), one) for one in values)


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_default_is_taken(name: str) -> None:
    if PARAMETERS[name]["Type"] != "Number":
        assert takes(name, PARAMETERS[name]["Default"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Schedule", "cron(30 3 * * ? *)"),
        ("Schedule", "rate(1 day)"),
        ("ScheduleTimezone", "America/Argentina/Buenos_Aires"),
        ("ScheduleTimezone", "Etc/GMT+3"),
        ("LogName", "my.org/audit"),
        ("LogName", "x" * 200),
        ("Organisation", "Diözese von Ellerwick (West)"),
        ("Organisation", "my-org"),
        ("OidcIssuer", "https://tenant.example.com/"),
        ("OidcIssuer", "https://login.example.com/5f1c/v2.0"),
        ("OidcAudience", "0oa1b2c3-d4"),
        ("CorsOrigins", "https://desk.example.org,http://localhost:3000"),
        ("CorsOrigins", "*"),
        ("LoginDomain", "ellerwick-rolecall"),
        ("AlarmEmail", "alarms+rolecall@example.org"),
    ],
)
def test_what_is_right_is_taken(name: str, value: str) -> None:
    assert takes(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # The scheduler refuses it, or starts one night only.
        ("Schedule", ""),
        ("Schedule", "30 3 * * ? *"),
        ("Schedule", "at(2027-01-01T03:30:00)"),
        ("ScheduleTimezone", ""),
        # The first line of a checkpoint, and KMS signs 4,096 bytes of it.
        ("LogName", "x" * 201),
        ("LogName", "my org"),
        ("LogName", "my+org"),
        ("LogName", "ö"),
        # A variable of policies would be put in, and IAM takes Latin-1.
        ("Organisation", "${aws:username}"),
        ("Organisation", "教区"),
        ("Organisation", " my-org"),
        ("Organisation", "my-org "),
        ("Organisation", "my\norg"),
        ("Organisation", "x" * 129),
        ("OidcIssuer", "http://idp.example.com"),
        ("OidcIssuer", "https://idp.example.com?x=1"),
        ("OidcAudience", "one two"),
        ("CorsOrigins", "desk.example.org"),
        ("CorsOrigins", "https://desk.example.org/"),
        # Cognito refuses the words, and capitals.
        ("LoginDomain", "my-aws-login"),
        ("LoginDomain", "cognito1"),
        ("LoginDomain", "amazonas"),
        ("LoginDomain", "Ellerwick"),
        ("LoginDomain", "x" * 64),
        ("AlarmEmail", "alarms"),
        ("AlarmEmail", "a@example.org, b@example.org"),
    ],
)
def test_what_would_fail_later_is_refused(name: str, value: str) -> None:
    assert not takes(name, value)
    assert PARAMETERS[name]["ConstraintDescription"].endswith(".")


def broken(**changed: str) -> set[str]:
    """Return the rules that refuse parameters."""
    given = {name: str(one["Default"]) for name, one in PARAMETERS.items()} | changed
    told = set(broken_rules(template(), given))
    return {
        name
        for name, rule in template()["Rules"].items()
        if {one["AssertDescription"] for one in rule["Assertions"]} & told
    }


def test_parameters_that_need_each_other() -> None:
    issuer = "https://idp.example.com"
    assert broken() == set()
    assert broken(OidcIssuer=issuer, OidcAudience="client") == set()
    assert broken(OidcIssuer=issuer) == {"IssuerOfOnesOwn"}
    assert broken(OidcAudience="client") == {"AudienceOfNobody"}
    assert broken(ComplianceGroupName="x", RegistrarGroupName="x") == {"TwoOffices"}
