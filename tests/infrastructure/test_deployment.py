"""``make deploy``: answers are kept and offered again; what must not change is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from infra import deployment
from infra.answers import Answers, ask, keep, read
from infra.deployment_guard import NEVER, ON_PURPOSE, Deployed, refusals, would_change
from infra.parameter_overrides import overrides
from infra.remains import Remains
from infra.template import fault_of
from tests.cloud import template

PARAMETERS = template()["Parameters"]
DEFAULTS = {name: str(one["Default"]) for name, one in PARAMETERS.items()}
ACCOUNT = "123456789012"
OTHERS = {
    "LogName": "my.org/audit",
    "Organisation": 'Diözese "West" \\ Ost',
    "CheckpointRetentionDays": "1",
    "AlarmEmail": "a@example.org",
    "Schedule": "cron(0 4 * * ? *)",
    "Local": "no",
}
ANSWERS = Answers("rolecall", "us-east-1", ACCOUNT, {**DEFAULTS, **OTHERS})


def stands(answers: Answers, **changed: str) -> Deployed:
    """Return the stack as these answers left it."""
    given = {**answers.parameters, **changed}
    return Deployed(answers.stack, "id", "UPDATE_COMPLETE", given, {}, {})


def refused(answers: Answers, deployed: Deployed | None, *named: str, **place: object) -> list[str]:
    account, is_aws = str(place.get("account", ACCOUNT)), bool(place.get("is_aws", True))
    found = refusals(answers, deployed, template(), account=account, is_aws=is_aws, named=named)
    return list(found)


def changed(**parameters: str) -> Answers:
    return replace(ANSWERS, parameters={**ANSWERS.parameters, **parameters})


# -- answers are kept ----------------------------------------------------------------------------


def test_answers_come_back_as_they_were_kept(tmp_path: Path) -> None:
    path = tmp_path / "samconfig.toml"
    assert read(path, "default") is None
    keep(path, "default", ANSWERS)
    assert read(path, "default") == ANSWERS
    other = replace(ANSWERS, stack="try", region="eu-west-1")
    keep(path, "try", other)
    assert (read(path, "default"), read(path, "try")) == (ANSWERS, other)
    assert read(path, "nothing") is None


def test_what_else_stands_in_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "samconfig.toml"
    before = "version = 0.1\n\n# Ours.\n[default.build.parameters]\ncached = true\n\n"
    bucket = '[default.deploy.parameters]\ns3_bucket = "artefacts"\ntags = ["team=audit"]\n'
    path.write_text(before + bucket, encoding="utf-8")
    keep(path, "default", ANSWERS)
    text = path.read_text(encoding="utf-8")
    assert "# Ours." in text
    assert "cached = true" in text
    assert 's3_bucket = "artefacts"' in text
    assert 'tags = ["team=audit"]' in text
    # A bucket of one's own is instead of the one that the SAM CLI makes.
    assert "resolve_s3" not in text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('A="b" C="d e"', {"A": "b", "C": "d e"}),
        ("A=b C=d", {"A": "b", "C": "d"}),
        ('A="" B=""', {"A": "", "B": ""}),
        (r'A="say \"x\" \\ y"', {"A": r'say "x" \ y'}),
        ('Schedule="cron(0 2 * * ? *)"', {"Schedule": "cron(0 2 * * ? *)"}),
    ],
)
def test_parameters_as_the_sam_cli_writes_them(text: str, found: dict[str, str]) -> None:
    assert overrides(text) == found


def answering(*given: str) -> Callable[[str], str]:
    """Return what answers questions, and keeps what is offered when there is nothing more."""
    left = list(given)
    return lambda _: left.pop(0) if left else ""


def test_an_empty_answer_keeps_what_is_offered() -> None:
    told: list[str] = []
    assert ask(ANSWERS, template(), answering(), told.append) == ANSWERS
    # Every parameter is explained; whether it is an emulator, nobody is asked.
    asked = {one.strip() for one in told} & {one["Description"] for one in PARAMETERS.values()}
    assert len(asked) == len(PARAMETERS) - 1


def test_what_cannot_be_is_asked_again() -> None:
    told: list[str] = []
    given = answering("", "", "every night", "cron(15 4 * * ? *)")
    found = ask(ANSWERS, template(), given, told.append)
    assert found.parameters["Schedule"] == "cron(15 4 * * ? *)"
    assert any(one.startswith("  Schedule is An expression") for one in told)


def test_a_blank_takes_an_answer_away() -> None:
    offered = changed(Schedule="cron(0 4 * * ? *)")
    names = [
        name
        for group in template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
        for name in group["Parameters"]
    ]
    before = ["", "", *("" for _ in names[: names.index("AlarmEmail")])]
    found = ask(offered, template(), answering(*before, " "), lambda _: None)
    assert found.parameters["AlarmEmail"] == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("KeptVersions", "0"), ("KeptVersions", "1.5"), ("KeptVersions", "three")],
)
def test_numbers_are_whole_and_within_their_limits(name: str, value: str) -> None:
    assert fault_of(PARAMETERS[name], value) is not None


# -- what is refused -----------------------------------------------------------------------------


def test_the_same_answers_are_not_refused() -> None:
    assert refused(ANSWERS, None) == []
    assert refused(ANSWERS, stands(ANSWERS)) == []
    # An empty name is what is made of it.
    plain = changed(LogName="", Organisation="")
    full = changed(
        LogName=f"rolecall.{ACCOUNT}.us-east-1/audit", Organisation=f"rolecall.{ACCOUNT}.us-east-1"
    )
    assert refused(full, stands(plain)) == refused(plain, stands(full)) == []


OTHER = {
    "LogName": "other/audit",
    "Organisation": "",
    "LoginDomain": "other",
    "Local": "yes",
    "SigningKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1",
    "CheckpointRetentionDays": "3650",
    "ReportRetentionDays": "1",
    "OidcIssuer": "https://idp.example.com",
    "OidcAudience": "another",
    "GroupsClaim": "roles",
    "ComplianceGroupName": "everybody",
    "RegistrarGroupName": "everybody",
    "Mfa": "OPTIONAL",
}


@pytest.mark.parametrize("name", [*NEVER, *ON_PURPOSE])
def test_what_would_change_is_refused_by_name(name: str) -> None:
    # An issuer has its audience, and no other way round.
    issuer = {"OidcIssuer": "https://first.example.com", "OidcAudience": "client"}
    before = stands(ANSWERS, **(issuer if name in issuer else {}))
    answers = replace(ANSWERS, parameters={**before.parameters, name: OTHER[name]})
    (said,) = refused(answers, before, is_aws=name != "Local")
    assert said.startswith(f"{name} is ")
    named = refused(answers, before, name, is_aws=name != "Local")
    if name in NEVER:
        assert f"CHANGE names {name}, which never changes" in named
    else:
        assert said.endswith(f"once more with CHANGE={name}")
        assert named == []
    # The first deployment chooses.
    assert refused(answers, None, is_aws=name != "Local") == []


def test_everything_else_changes_as_it_likes() -> None:
    others = {
        "LedgerShards": "8",
        "LogLevel": "DEBUG",
        "Schedule": "rate(1 day)",
        "MaxConcurrency": "2",
    }
    assert refused(changed(**others), stands(ANSWERS)) == []


def test_the_stacks_own_key_is_no_change() -> None:
    own = "arn:aws:kms:us-east-1:123456789012:key/own"
    deployed = replace(stands(ANSWERS), outputs={"SigningKeyArn": own})
    assert refused(ANSWERS, deployed) == []
    assert refused(changed(SigningKeyArn=own), deployed) == []
    rotated = replace(stands(ANSWERS, SigningKeyArn=own), outputs={"SigningKeyArn": own})
    (said,) = refused(ANSWERS, rotated)
    assert said.startswith("SigningKeyArn is ")


def test_an_output_that_says_something_else_is_no_change() -> None:
    """Of the stack's own pool the claim is another one than the parameter, which is not used."""
    own = replace(stands(ANSWERS), outputs={"GroupsClaim": "cognito:groups", "Mfa": "?"})
    assert refused(ANSWERS, own) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"OidcIssuer": "https://idp.example.com"}, "An OidcIssuer needs its OidcAudience"),
        ({"OidcAudience": "client"}, "An OidcAudience needs its OidcIssuer"),
        (
            {"ComplianceGroupName": "officers", "RegistrarGroupName": "officers"},
            "ComplianceGroupName and RegistrarGroupName are two groups",
        ),
    ],
)
def test_answers_that_do_not_go_together_are_refused_before_anything_is_built(
    given: dict[str, str], said: str
) -> None:
    (found,) = refused(changed(**given), None)
    assert found.startswith(said)


def test_what_becomes_another_is_said() -> None:
    assert list(would_change(ANSWERS, None)) == []
    assert list(would_change(ANSWERS, stands(ANSWERS))) == []
    # What a release before did not ask has no value there.
    fewer = {name: one for name, one in ANSWERS.parameters.items() if name != "Reports"}
    assert list(would_change(ANSWERS, replace(stands(ANSWERS), parameters=fewer))) == []
    told = list(would_change(changed(AlarmEmail="", KeptVersions="03"), stands(ANSWERS)))
    assert told == ["AlarmEmail is 'a@example.org' there, and becomes ''"]


def test_another_account_an_emulators_answers_and_a_name_that_cannot_be() -> None:
    (said,) = refused(ANSWERS, None, account="210987654321")
    assert "are those of the account 123456789012" in said
    (said,) = refused(changed(Local="yes"), None)
    assert said.startswith("Local is 'yes'")
    assert refused(changed(Local="yes"), None, is_aws=False) == []
    # What an emulator cannot do would fail half-way there.
    (said,) = refused(ANSWERS, None, is_aws=False)
    assert "WITH=Local=yes" in said
    for stack in ("Rolecall", "rolecall-on-aws", "x" * 51):
        (said,) = refused(replace(ANSWERS, stack=stack), None)
        assert "the sign-in page would be called" in said
        named = replace(changed(LoginDomain="ellerwick"), stack=stack)
        assert refused(named, None) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("ROLLBACK_COMPLETE", "make destroy clears it away"),
        ("DELETE_FAILED", "make destroy goes on"),
        ("UPDATE_IN_PROGRESS", "wait for its end"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
    ],
)
def test_a_stack_that_takes_no_deployment(status: str, said: str) -> None:
    (found,) = refused(ANSWERS, replace(stands(ANSWERS), status=status))
    assert said in found


# -- the whole of it, in an account that is not there ----------------------------------------------


class FakeAccount:
    """An account of AWS in which stacks are what was deployed."""

    number = ACCOUNT
    is_aws = True
    stacks: ClassVar[dict[str, Deployed]] = {}

    def __init__(self, region: str) -> None:
        self.region = region

    def stack(self, name: str) -> Deployed | None:
        return self.stacks.get(f"{self.region}/{name}")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the answers are kept; what is deployed with them stands in an account."""
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    path = tmp_path / "samconfig.toml"
    monkeypatch.setattr(deployment, "SETTINGS", path)
    monkeypatch.setattr(deployment, "Account", FakeAccount)
    monkeypatch.setattr(FakeAccount, "stacks", {})

    def pretended(environment: str, *, confirm: bool) -> None:
        assert not confirm
        kept = read(path, environment)
        assert kept is not None
        FakeAccount.stacks[f"{kept.region}/{kept.stack}"] = stands(kept)

    monkeypatch.setattr(deployment, "deploy", pretended)
    return path


def deployed_parameters() -> dict[str, str]:
    (only,) = FakeAccount.stacks.values()
    return dict(only.parameters)


def test_a_second_deployment_changes_nothing_and_another_organisation_is_refused(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deployment.main([]) == 1
    assert "there are no answers" in capsys.readouterr().err
    given = "Organisation='My Org' LogName=my.org/audit CheckpointRetentionDays=1"
    assert deployment.main(["--with", given]) == 0
    first, kept = deployed_parameters(), place.read_bytes()
    chosen = {"Organisation": "My Org", "LogName": "my.org/audit", "CheckpointRetentionDays": "1"}
    assert first == {**DEFAULTS, **chosen}
    assert deployment.main([]) == 0
    assert (deployed_parameters(), place.read_bytes()) == (first, kept)
    for wrong in ("Organisation=another", "LogName=''", "CheckpointRetentionDays=3650"):
        assert deployment.main(["--with", wrong]) == 1
        said = capsys.readouterr().err
        assert "refused, and nothing was changed" in said
        assert wrong.partition("=")[0] in said
        assert (deployed_parameters(), place.read_bytes()) == (first, kept)
    changes = ["--with", "CheckpointRetentionDays=3650", "--change", "CheckpointRetentionDays"]
    assert deployment.main(changes) == 0
    assert deployed_parameters()["CheckpointRetentionDays"] == "3650"


def test_answers_that_were_lost_are_those_of_the_stack(place: Path) -> None:
    assert deployment.main(["--with", "Organisation=my-org KeptVersions=7"]) == 0
    first = deployed_parameters()
    place.unlink()
    assert deployment.main([]) == 0
    assert deployed_parameters() == first
    kept = read(place, "default")
    assert kept is not None
    assert kept.parameters == first


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Schedule='cron(30 2 * * ? *)' ScheduleTimezone=America/Chicago", "has no 02:30 on"),
        ("ScheduleTimezone=Europe/Atlantis", "Europe/Atlantis"),
        ("LogRetentionDays=8", "LogRetentionDays is '8'; it must be one of 1, 3"),
        ("Nonsense=1", "give parameters of the template"),
        ("Local=yes", "Local is 'yes'"),
    ],
)
def test_what_cannot_be_deployed_is_said_before_anything_is_made(
    place: Path, capsys: pytest.CaptureFixture[str], given: str, said: str
) -> None:
    assert deployment.main(["--with", given]) == 1
    assert said in capsys.readouterr().err
    assert not place.exists()
    assert FakeAccount.stacks == {}


def test_older_answers_do_not_change_a_stack_without_a_word(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deployment.main(["--with", "AlarmEmail=first@example.org"]) == 0
    older = place.read_bytes()
    assert deployment.main(["--with", "AlarmEmail=second@example.org"]) == 0
    place.write_bytes(older)
    capsys.readouterr()
    assert deployment.main([]) == 0
    said = capsys.readouterr().out
    assert "AlarmEmail is 'second@example.org' there, and becomes 'first@example.org'" in said


def left(name: str, **parameters: str) -> Remains:
    return Remains(name, "id", ACCOUNT, "us-east-1", parameters, {"DataKey": "1"})


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (left("rolecall", LogName="my.org/audit", Organisation="other"), "same LogName with"),
        (left("earlier", LogName="other", Organisation="my-org"), "same Organisation with"),
        (
            left("rolecall", LogName="my.org/audit", Organisation="my-org"),
            "same LogName and Organisation with",
        ),
        (left("rolecall", LogName="other", Organisation="other"), ""),
        (replace(left("rolecall", LogName="my.org/audit"), region="eu-west-1"), ""),
        (replace(left("rolecall", LogName="my.org/audit"), account="210987654321"), ""),
    ],
)
def test_a_new_stack_does_not_begin_a_log_that_another_left(
    place: Path, capsys: pytest.CaptureFixture[str], before: Remains, said: str
) -> None:
    file = place.parent / "remains-rolecall.json"
    before.write(file)
    given = ["--with", "LogName=my.org/audit Organisation=my-org"]
    assert deployment.main(given) == (1 if said else 0)
    told = capsys.readouterr().err
    assert said in told
    assert ("make adopt REMAINS=remains-rolecall.json" in told) is bool(said)
    assert place.exists() is not bool(said)
    # A stack that took it up is deployed again, whatever the file says.
    file.unlink()
    assert deployment.main(given) == 0
    before.write(file)
    assert deployment.main([]) == 0


@pytest.mark.parametrize("content", ["[]", "{", '{"stack": "x"}', ""])
def test_a_new_stack_waits_for_a_file_that_nobody_can_read(
    place: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = place.parent / "remains-nonsense.json"
    file.write_text(content, encoding="utf-8")
    given = ["--with", "LogName=my.org/audit Organisation=my-org"]
    assert deployment.main(given) == 1
    told = capsys.readouterr().err
    assert "remains-nonsense.json: not what make destroy writes" in told
    assert "move it away" in told
    assert not place.exists()
    file.unlink()
    assert deployment.main(given) == 0


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks"),
            1,
            "(AccessDenied) when calling the DescribeStacks operation: no\nmake deploy goes on",
        ),
        (EndpointConnectionError(endpoint_url="https://x"), 1, "make deploy goes on where it was"),
        (EOFError(), 130, "stopped; make deploy goes on where it was"),
        (KeyboardInterrupt(), 130, "stopped; make deploy goes on where it was"),
    ],
)
def test_what_ends_it_early_is_a_sentence(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    said: str,
) -> None:
    def raising(*_: object) -> None:
        raise error

    monkeypatch.setattr(FakeAccount, "stack", raising)
    assert deployment.main(["--with", "KeptVersions=7"]) == status
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not place.exists()


def test_another_region_is_another_stack(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deployment.main(["--with", "KeptVersions=7"]) == 0
    assert place.exists()
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert deployment.main([]) == 1
    assert "AWS_REGION is eu-west-1" in capsys.readouterr().err
