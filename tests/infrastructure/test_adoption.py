"""What a stack leaves, and the template by which another takes it up."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from infra import adoption
from infra.account import DeploymentError
from infra.adoption import import_template, to_import
from infra.deployment_guard import Deployed
from infra.remains import IDENTIFIERS, kept_resources, read_remains, remains_of
from tests.cloud import ROOT, template

KINDS = kept_resources(template())
DEPLOYED = Deployed(
    "rolecall",
    "arn:aws:cloudformation:us-east-1:123456789012:stack/rolecall/1",
    "UPDATE_COMPLETE",
    {"LogName": "", "Organisation": "", "KeptVersions": "7"},
    {"Organisation": "my-org"},
    {name: f"{name.lower()}-1" for name in template()["Resources"]},
)
LEFT = remains_of(DEPLOYED, template(), "123456789012", "us-east-1")


def test_what_is_left_is_what_docs_say() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    end = text.partition("\n## The end\n")[2]
    assert "five tables" in end
    assert "four keys" in end
    assert sorted(KINDS.values()) == [
        "AWS::Cognito::UserPool",
        *["AWS::DynamoDB::Table"] * 5,
        *["AWS::KMS::Key"] * 4,
        "AWS::S3::Bucket",
    ]
    # What is bound to a name has it, whatever the next stack is called.
    assert LEFT.parameters["LogName"] == "rolecall.123456789012.us-east-1/audit"
    assert LEFT.parameters["Organisation"] == "my-org"
    assert LEFT.parameters["KeptVersions"] == "7"
    assert LEFT.resources == {name: f"{name.lower()}-1" for name in KINDS}


def test_the_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "remains-rolecall.json"
    LEFT.write(path)
    assert read_remains(path) == LEFT
    path.write_text('{"stack": "rolecall"}', encoding="utf-8")
    with pytest.raises(DeploymentError, match="not what make destroy writes"):
        read_remains(path)
    with pytest.raises(DeploymentError, match="nowhere"):
        read_remains(tmp_path / "nowhere")


def test_what_is_imported_stands_alone(tmp_path: Path) -> None:
    """CloudFormation imports into a stack that has nothing else, and adds no outputs meanwhile."""
    body = import_template(template(), list(KINDS))
    assert set(body["Resources"]) == set(KINDS)
    assert not {"Outputs", "Transform", "Globals", "Rules"} & set(body)
    text = json.dumps(body)
    # It goes with the request, which takes no more.
    assert len(text) < 51_200
    path = tmp_path / "import.json"
    path.write_text(text, encoding="utf-8")
    lint = Path(sys.executable).parent / "cfn-lint"
    # Parameters that the rest of the template needs are not used yet.
    command = [str(lint), "--ignore-checks", "W2001", "W8001", "--", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)
    # The care of the keys stays with the account, or nobody could give them to the new role.
    for name in ("VaultKey", "FingerprintKey"):
        (care,) = body["Resources"][name]["Properties"]["KeyPolicy"]["Statement"]
        assert "kms:PutKeyPolicy" in care["Action"]
    whole = template()["Resources"]["VaultKey"]["Properties"]["KeyPolicy"]["Statement"]
    assert len(whole) == 2


def test_each_is_known_by_its_identifier() -> None:
    listed = to_import(LEFT, KINDS)
    assert {one["LogicalResourceId"]: one["ResourceType"] for one in listed} == KINDS
    for one in listed:
        ((key, value),) = one["ResourceIdentifier"].items()
        assert key == IDENTIFIERS[one["ResourceType"]]
        assert value == LEFT.resources[one["LogicalResourceId"]]


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_made_anew_in_place_of_what_is_missing(name: str) -> None:
    others = {one: value for one, value in LEFT.resources.items() if one != name}
    with pytest.raises(DeploymentError, match=f"names no {name}"):
        to_import(replace(LEFT, resources=others), KINDS)


class Formation:
    """CloudFormation, which keeps the names of change sets that failed."""

    def __init__(self, *, fails: bool) -> None:
        self.fails = fails
        self.names: set[str] = set()
        self.executed = 0

    def create_change_set(self, **given: Any) -> None:
        # AlreadyExistsException, on AWS.
        assert given["ChangeSetName"] not in self.names
        self.names.add(given["ChangeSetName"])

    def get_waiter(self, _: str) -> Formation:
        return self

    def wait(self, **_: Any) -> None:
        if self.fails:
            raise WaiterError("waiter", "it failed", {})

    def execute_change_set(self, **_: Any) -> None:
        self.executed += 1

    def describe_change_set(self, **_: Any) -> dict[str, str]:
        return {"StatusReason": "a key is pending deletion"}


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "IMPORT_ROLLBACK_COMPLETE"])
def test_an_import_that_failed_is_tried_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    status: str,
) -> None:
    formation, stands = Formation(fails=True), [False]
    empty = Deployed("rolecall", "arn:stack", status, {}, {}, {})

    class Account:
        number, region, is_aws = "123456789012", "us-east-1", True

        def __init__(self, _: str) -> None:
            pass

        def client(self, _: str) -> Formation:
            return formation

        def stack(self, _: str) -> Deployed | None:
            return empty if stands[0] else None

    deployed: list[str] = []
    monkeypatch.setattr(adoption, "Account", Account)
    monkeypatch.setattr(adoption, "SETTINGS", tmp_path / "samconfig.toml")
    monkeypatch.setattr(adoption, "deploy", lambda one, **_: deployed.append(one))
    path = tmp_path / "remains-rolecall.json"
    LEFT.write(path)
    assert adoption.main(["--remains", str(path)]) == 1
    assert "nothing was made: a key is pending deletion" in capsys.readouterr().err
    stands[0], formation.fails = True, False
    assert adoption.main(["--remains", str(path)]) == 0
    assert (len(formation.names), formation.executed, deployed) == (2, 1, ["default"])
