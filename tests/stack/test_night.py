"""The night on the stack of ``make up``, through the command line as an operator uses it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra import local_stack
from rolecall.aws.clients import client
from rolecall.aws.table import put, transact
from rolecall.errors import VersionConflictError
from rolecall.reports.formats import KEPT, content_type
from tests.cloud import ROOT
from tests.cloud_nights import POLICY, whole
from tests.registries import read

EXAMPLE = ROOT / "examples" / "diocese"


def rolecall(*arguments: str, stdin: str = "") -> str:
    """Run the command line, and return what it printed."""
    command = [str(Path(sys.executable).parent / "rolecall"), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, input=stdin
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(*arguments: str) -> str:
    """Run a command line that is wrong, and return what it said."""
    command = [str(Path(sys.executable).parent / "rolecall"), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2, done
    return done.stderr


def kept(bucket: str, *, entities: bool = False) -> list[dict[str, Any]]:
    """Return what the bucket has of reports of runs, or of entities."""
    pages = boto3.client("s3").get_paginator("list_objects_v2")
    return [
        entry
        for page in pages.paginate(Bucket=bucket, Prefix="reports/")
        for entry in page["Contents"]
        if ("/entities/" in entry["Key"]) is entities
    ]


def latest_report(deployed: dict[str, Any]) -> dict[str, Any]:
    """Return the report that was written last."""
    bucket = deployed["outputs"]["ReportBucket"]
    s3 = boto3.client("s3")
    entries = [one for one in kept(bucket) if one["Key"].endswith("findings.json")]
    key = max(entries, key=lambda entry: entry["LastModified"])["Key"]
    report: dict[str, Any] = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    return report


def verifier_key(deployed: dict[str, Any]) -> str:
    """Return the key that verifies the log."""
    bucket = deployed["outputs"]["ReportBucket"]
    s3 = boto3.client("s3")
    key = s3.list_objects_v2(Bucket=bucket, Prefix="keys/")["Contents"][0]["Key"]
    return str(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode().strip())


@pytest.fixture(scope="module")
def imported(deployed: dict[str, Any]) -> dict[str, Any]:
    """Return the stack with the example in it, and a night over it."""
    name = deployed["stack"]
    rolecall("import", str(EXAMPLE), "--stack", name, "--yes")
    # Other tests may have audited what is there today, and no audit is dated before the last one.
    rolecall("run", "--stack", name, "--wait", *local_stack.day_to_audit())
    return deployed


def test_the_findings_are_those_of_the_offline_audit(imported: dict[str, Any]) -> None:
    report = latest_report(imported)
    as_of = datetime.fromisoformat(report["run"]["as_of"])
    ours = {
        one["id"]: (one["severity"], one["evidence"], one["entity"], one["detail"])
        for one in report["findings"]
        if one["status"] != "resolved"
    }
    offline = {
        one["id"]: (one["severity"], one["evidence"], one["entity"], one["detail"])
        for one in whole(read(EXAMPLE)[0], POLICY, as_of)["findings"]
    }
    assert ours == offline


def test_another_run_opens_nothing(imported: dict[str, Any]) -> None:
    name = imported["stack"]
    told = rolecall("run", "--stack", name, "--wait", *local_stack.day_to_audit())
    assert "0 new, 0 regressed, 0 resolved" in told
    assert {one["status"] for one in latest_report(imported)["findings"]} == {"open", "waived"}
    assert rolecall("runs", "--stack", name).splitlines()[0].startswith("run ")


def test_the_log_proves_itself(imported: dict[str, Any], tmp_path: Path) -> None:
    name, bundle = imported["stack"], str(tmp_path / "proof.zip")
    rolecall("log", "export", "--stack", name, "--output", bundle)
    told = rolecall("verify", bundle, "--key", verifier_key(imported))
    assert told.startswith("valid")
    assert "all that the log has" in told
    shown = rolecall("log", "show", "--stack", name)
    assert "run.completed" in shown
    assert shown.splitlines()[-1].split()[2] == "log.sealed"
    entity = rolecall("log", "show", "--stack", name, "--entity", "st-brigid-parish")
    assert 0 < len(entity.splitlines()) < len(shown.splitlines())


def test_a_night_leaves_every_report_with_its_type_and_digest(imported: dict[str, Any]) -> None:
    buckets, name = boto3.client("s3"), imported["outputs"]["ReportBucket"]
    rolecall("run", "--stack", imported["stack"], "--wait")
    listed = kept(name)
    latest = max(listed, key=lambda one: one["LastModified"])["Key"].rpartition("/")[0]
    found = {}
    for one in listed:
        path, _, file = one["Key"].rpartition("/")
        if path == latest:
            got = buckets.get_object(Bucket=name, Key=one["Key"])
            data = got["Body"].read()
            assert got["Metadata"]["sha256"] == hashlib.sha256(data).hexdigest()
            found[file] = (got["ContentType"], data)
    assert {file: kind for file, (kind, _) in found.items()} == {
        name: content_type(name) for name in KEPT
    }
    assert found["report.pdf"][1].startswith(b"%PDF")
    page = found["report.html"][1].decode()
    # Of each entity with findings there is one that its head can be given.
    each = {
        key.removeprefix(f"{latest}/entities/").partition("/")[0]
        for key in (one["Key"] for one in kept(name, entities=True))
        if key.startswith(latest) and key.endswith("/report.pdf")
    }
    assert each == {
        one["entity"] for one in json.loads(found["findings.json"][1])["findings"] if one["entity"]
    }
    # Sealed, and said so.
    assert json.loads(found["findings.json"][1])["run"]["id"][:12] in page
    assert "rolecall verify proof.zip" in page


def test_the_reports_of_a_night_prove_themselves(imported: dict[str, Any], tmp_path: Path) -> None:
    name, key = imported["stack"], verifier_key(imported)
    for limits, said in (
        ((), "all that the log has"),
        (("--entity", "st-brigid-parish"), "records of st-brigid-parish: all that the log has"),
    ):
        proof = str(tmp_path / "proof.zip")
        rolecall("report", "--stack", name, *limits, "--format", "proof", "--output", proof)
        told = rolecall("verify", proof, "--key", key)
        assert said in told
        assert "9 are what is made of the records then, byte for byte" in told


def test_the_registry_comes_back_as_it_went_in(imported: dict[str, Any], tmp_path: Path) -> None:
    name = imported["stack"]
    rolecall("export", str(tmp_path / "out"), "--stack", name)
    told = rolecall("import", str(tmp_path / "out"), "--stack", name, "--dry-run")
    assert told == "the registry is up to date\n"


def test_a_transaction_whose_reply_was_lost_is_done_once(deployed: dict[str, Any]) -> None:
    tables = client("dynamodb")
    name = deployed["outputs"]["RegistryTable"]
    request = dict(put(name, "TEST", "lost-reply", b"{}").request)
    key = {"pk": {"S": "TEST"}, "sk": {"S": "lost-reply"}}
    token = uuid.uuid4().hex
    tables.delete_item(TableName=name, Key=key)
    try:
        for _ in range(2):
            tables.transact_write_items(TransactItems=[request], ClientRequestToken=token)
        with pytest.raises(VersionConflictError):
            transact(tables, name, [request])
    finally:
        tables.delete_item(TableName=name, Key=key)


def test_mistakes_are_said_plainly(imported: dict[str, Any], tmp_path: Path) -> None:
    name = imported["stack"]
    assert "there is no stack nowhere in this account" in refused("runs", "--stack", "nowhere")
    assert "give the directory of a log, or --stack" in refused("log", "show")
    assert "give the directory of a log, or --stack" in refused(
        "log", "show", str(tmp_path), "--stack", name
    )
    assert "exists already" in refused("export", str(EXAMPLE), "--stack", name)
    assert "is not a date" in refused("run", "--stack", name, "--as-of", "yesterday")
    # Nobody is there to be asked.
    rolecall("export", str(tmp_path / "out"), "--stack", name)
    people = tmp_path / "out" / "people.csv"
    text = people.read_text(encoding="utf-8")
    gone = text.splitlines()[-1].partition(",")[0]
    people.write_text("\n".join(text.splitlines()[:-1]) + "\n", encoding="utf-8")
    assert "--yes" in refused("import", str(tmp_path / "out"), "--stack", name)
    assert rolecall("import", str(tmp_path / "out"), "--stack", name, "--dry-run") == (
        f"  people               1 removed\n    removed: {gone}\nnothing was changed\n"
    )


def test_a_run_that_cannot_be_planned_fails_and_says_so(imported: dict[str, Any]) -> None:
    name = imported["stack"]
    answer = client("lambda").invoke(
        FunctionName=imported["outputs"]["PlanFunctionArn"], Payload=b'{"execution": "x"}'
    )
    assert "FunctionError" in answer
    assert "0 new" in rolecall("runs", "--stack", name)


def test_the_commands_of_the_readme(imported: dict[str, Any], tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0].strip() for line in block.splitlines()]
    assert [line for line in lines if not line.startswith("rolecall ")] == [
        "make up",
        ". infra/local.env",
    ]
    assert imported["stack"] == "rolecall"
    shutil.copytree(EXAMPLE, tmp_path / "examples" / "diocese")
    for line in lines:
        if line.startswith("rolecall "):
            command = [str(Path(sys.executable).parent / "rolecall"), *line.split()[1:]]
            subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "exported" / "accounts.csv").exists()
