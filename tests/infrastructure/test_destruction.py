"""``make destroy``: in which order a stack ends, and what it takes for that."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import boto3
import pytest
from moto import mock_aws

from infra import destruction
from infra.deployment_guard import Deployed
from infra.remains import Remains, kept_resources, read_remains
from tests.cloud import CREDENTIALS, template

STACK = "rolecall"
TABLES = [name for name in kept_resources(template()) if name.endswith("Table")]


class Recorder:
    """A client that notes what it is asked; only Lambda's answer matters.

    :ivar seals: what the seal function answers, one after another; an error where it is none.
    """

    calls: ClassVar[list[str]] = []
    seals: ClassVar[list[dict[str, Any]]] = []

    class Exceptions:
        ResourceNotFoundException = KeyError

    exceptions = Exceptions

    def __getattr__(self, name: str) -> Any:
        def called(**given: Any) -> Any:
            self.calls.append(name)
            if name == "get_schedule":
                return {"ScheduleExpression": "rate(1 day)", "Target": {}, "State": "ENABLED"}
            if name == "list_executions":
                return {"executions": [{"executionArn": "arn:run", "name": "run"}]}
            if name == "invoke":
                answer = self.seals.pop(0)
                error = {"FunctionError": "Unhandled"} if "size" not in answer else {}
                return {"Payload": io.BytesIO(json.dumps(answer).encode()), **error}
            assert given is not None
            return None

        return called

    def get_waiter(self, name: str) -> Any:
        self.calls.append(name)
        return self

    def wait(self, **_: Any) -> None:
        self.calls.append("wait")


class Pools:
    """A user pool, with the users that there are."""

    users: ClassVar[list[dict[str, str]]] = []
    is_protected: ClassVar[bool] = True
    deleted: ClassVar[list[str]] = []

    def list_users(self, **_: Any) -> dict[str, Any]:
        return {"Users": self.users}

    def update_user_pool(self, UserPoolId: str, DeletionProtection: str) -> None:  # noqa: N803
        assert (UserPoolId, DeletionProtection) == ("pool", "INACTIVE")
        Pools.is_protected = False

    def delete_user_pool(self, UserPoolId: str) -> None:  # noqa: N803
        assert not Pools.is_protected
        self.deleted.append(UserPoolId)


class StandingAccount:
    """An account with one stack, whose data is in moto."""

    number = "123456789012"
    region = "us-east-1"
    is_aws = False
    status = "UPDATE_COMPLETE"
    resources: ClassVar[dict[str, str]] = {}

    def __init__(self, region: str) -> None:
        assert region == self.region

    def client(self, service: str) -> Any:
        if service in ("dynamodb", "s3"):
            return boto3.client(service)
        return Pools() if service == "cognito-idp" else Recorder()

    def stack(self, name: str) -> Deployed | None:
        return Deployed(name, "arn:stack", self.status, {}, {}, self.resources)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a stack as it stands, and return where its remains will be written."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(destruction, "ROOT", tmp_path)
    monkeypatch.setattr(destruction, "SETTINGS", tmp_path / "samconfig.toml")
    monkeypatch.setattr(destruction, "Account", StandingAccount)
    monkeypatch.setattr(destruction, "read_template", lambda _: template())
    monkeypatch.setattr(Recorder, "calls", [])
    monkeypatch.setattr(Recorder, "seals", [{"size": 7}, {"size": 8}])
    monkeypatch.setattr(Pools, "users", [])
    monkeypatch.setattr(Pools, "is_protected", True)
    monkeypatch.setattr(Pools, "deleted", [])
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with mock_aws():
        tables = boto3.client("dynamodb")
        for name in TABLES:
            tables.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
                DeletionProtectionEnabled=True,
            )
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="work")
        for number in range(3):
            s3.put_object(Bucket="work", Key=f"runs/{number}", Body=b"")
        others = ("NightlySchedule", "ApiFunction", "CredentialFunction", "RevokeFunction")
        monkeypatch.setattr(
            StandingAccount,
            "resources",
            {
                **{name: name for name in (*TABLES, *others, "SealFunction", "StateMachine")},
                "UserPool": "pool",
                "WorkBucket": "work",
            },
        )
        yield tmp_path / f"remains-{STACK}.json"


def end(confirm: str = STACK) -> int:
    return destruction.main(["--stack", STACK, "--confirm", confirm])


def files() -> int:
    count: int = boto3.client("s3").list_objects_v2(Bucket="work")["KeyCount"]
    return count


def test_it_is_sealed_stopped_sealed_emptied_and_deleted(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert end() == 0
    assert Recorder.calls == [
        "invoke",
        *("get_schedule", "update_schedule"),
        *["put_function_concurrency"] * 3,
        *("list_executions", "stop_execution"),
        "invoke",
        *("delete_stack", "stack_delete_complete", "wait"),
    ]
    assert files() == 0
    said = capsys.readouterr().out
    assert "the log is sealed, at size 8" in said
    assert "deleted 3 files of nights" in said
    left = read_remains(place)
    assert all(physical in said for physical in left.resources.values())
    # What is kept is what was protected, and is so yet.
    for name in TABLES:
        table = boto3.client("dynamodb").describe_table(TableName=name)["Table"]
        assert table["DeletionProtectionEnabled"] is True


@pytest.mark.parametrize("confirm", ["", "other", "rolecall2"])
def test_nothing_is_done_unless_the_stack_is_named(place: Path, confirm: str) -> None:
    assert end(confirm) == 1
    assert Recorder.calls == []
    assert files() > 0
    assert not place.exists()


def test_a_log_that_cannot_be_sealed_is_a_reason_to_look(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Recorder.seals[:] = [{"errorType": "LogForkError"}]
    assert end() == 1
    assert "could not be sealed (LogForkError)" in capsys.readouterr().err
    assert Recorder.calls == ["invoke"]
    assert files() > 0
    assert end(f"{STACK} unsealed") == 0
    assert Recorder.calls.count("invoke") == 1
    assert place.exists()


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_FAILED"])
def test_what_a_first_deployment_that_failed_left_is_cleared_away_where_it_is_empty(
    place: Path, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    monkeypatch.setattr(StandingAccount, "status", status)
    tables = boto3.client("dynamodb")
    tables.put_item(TableName="RegistryTable", Item={"pk": {"S": "ENTITY#x"}})
    assert end() == 0
    assert tables.list_tables()["TableNames"] == ["RegistryTable"]
    assert Pools.deleted == ["pool"]
    # Nothing was ever served, so there was nothing to stop and nothing to take up.
    assert Recorder.calls == ["delete_stack", "stack_delete_complete", "wait"]
    assert not place.exists()


def test_a_user_is_a_reason_to_keep_the_pool(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StandingAccount, "status", "ROLLBACK_COMPLETE")
    Pools.users.append({"Username": "head@example.org"})
    assert end() == 0
    assert (Pools.deleted, Pools.is_protected) == ([], True)
    assert not place.exists()


def test_what_an_earlier_stack_left_is_not_written_over(place: Path) -> None:
    """Its file may be all that knows the names yet."""
    resources = {"RegistryTable": "another", "DataKey": "another"}
    earlier = Remains(STACK, "arn:earlier", "123456789012", "us-east-1", {}, resources)
    earlier.write(place)
    second = place.with_name(f"remains-{STACK}-2.json")
    second.write_text("kept by hand", encoding="utf-8")
    assert end() == 0
    assert read_remains(place) == earlier
    assert second.read_text(encoding="utf-8") == "kept by hand"
    third = read_remains(place.with_name(f"remains-{STACK}-3.json"))
    assert third.id == "arn:stack"
    # Interrupted, it goes on, and says the same in the same place.
    assert end(f"{STACK} unsealed") == 0
    assert len(list(place.parent.glob("remains-*.json"))) == 3


def test_a_stack_that_took_it_up_says_it_anew(place: Path) -> None:
    assert end() == 0
    first = read_remains(place)
    replace(first, id="arn:earlier").write(place)
    assert end(f"{STACK} unsealed") == 0
    assert read_remains(place) == first
    assert len(list(place.parent.glob("remains-*.json"))) == 1


def test_a_change_set_and_nothing_else_leaves_no_file(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever says no to the first deployment has a stack in review, and nothing in it."""
    monkeypatch.setattr(StandingAccount, "status", "REVIEW_IN_PROGRESS")
    monkeypatch.setattr(StandingAccount, "resources", {})
    assert end() == 0
    assert Recorder.calls[0] == "delete_stack"
    assert not place.exists()
