"""What the stack of ``make up`` lost comes back by the commands of the runbook, and nothing else.

Copies are made as an operator makes them, by a restore to a point in time; what is lost is deleted
past Rolecall. Whatever a test finds wrong, the stack is whole again after it.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from rolecall.aws.restoring import copied_items
from rolecall.quantity import counted
from tests.stack.test_api import Gateway
from tests.stack.test_night import EXAMPLE, latest_report, refused, rolecall, verifier_key
from tests.stack.test_vault import change

ACCOUNT = "acc-032"
FORMER, LATTER = "st-brigid-parish", "our-lady-of-the-lake-parish"
Where = tuple[str, str]


class Losses:
    """Copies of the stack's tables, and what is deleted from those."""

    def __init__(self, deployed: dict[str, Any]) -> None:
        self._outputs = deployed["outputs"]
        self._tables = boto3.client("dynamodb")
        self._copies: list[str] = []
        self._deleted: list[tuple[str, dict[str, Any]]] = []

    def copy(self, output: str) -> str:
        """Restore a table to this moment under another name; return it."""
        name = f"{self._outputs[output]}-copy"
        self._delete(name)
        self._copies.append(name)
        self._tables.restore_table_to_point_in_time(
            SourceTableName=self._outputs[output],
            TargetTableName=name,
            UseLatestRestorableTime=True,
        )
        self._tables.get_waiter("table_exists").wait(
            TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        return name

    def lose(self, output: str, is_lost: Callable[[Where], bool]) -> list[Where]:
        """Delete items; return where they were."""
        gone = []
        for item in list(copied_items(self._outputs[output])):
            where = item["pk"]["S"], item["sk"]["S"]
            if is_lost(where):
                self._deleted.append((self._outputs[output], item))
                key = {"pk": item["pk"], "sk": item["sk"]}
                self._tables.delete_item(TableName=self._outputs[output], Key=key)
                gone.append(where)
        assert gone
        return gone

    def contents(self, output: str) -> dict[Where, str]:
        """Return what a table holds, but for what counts its changes."""
        return {
            (item["pk"]["S"], item["sk"]["S"]): item["doc"]["S"]
            for item in copied_items(self._outputs[output])
            if item["pk"]["S"] != "TREE" and "doc" in item
        }

    def make_good(self) -> None:
        """Put back what is still missing, and delete the copies."""
        for name, item in self._deleted:
            try:
                self._tables.put_item(
                    TableName=name, Item=item, ConditionExpression="attribute_not_exists(pk)"
                )
            except self._tables.exceptions.ConditionalCheckFailedException:
                continue
        for name in self._copies:
            self._delete(name)

    def _delete(self, name: str) -> None:
        try:
            self._tables.delete_table(TableName=name)
        except self._tables.exceptions.ResourceNotFoundException:
            return
        self._tables.get_waiter("table_not_exists").wait(
            TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )


@pytest.fixture
def losses(deployed: dict[str, Any]) -> Iterator[Losses]:
    made = Losses(deployed)
    rolecall("import", str(EXAMPLE), "--stack", deployed["stack"], "--yes")
    yield made
    made.make_good()
    rolecall("import", str(EXAMPLE), "--stack", deployed["stack"], "--yes")


def put_back(deployed: dict[str, Any], copy: str, table: str, *more: str) -> list[str]:
    """Look at what would come back, see that nothing did, then have it come back."""
    command = ("restore", copy, "--table", table, "--stack", deployed["stack"], *more)
    dry = rolecall(*command, "--dry-run").splitlines()
    assert dry[-1] in ("nothing was changed", "nothing is missing")
    done = rolecall(*command, "--yes").splitlines()
    assert done[: len(dry) - 1] == dry[:-1]
    assert rolecall(*command, "--dry-run").splitlines()[-1] == "nothing is missing"
    return done


def a_night(deployed: dict[str, Any]) -> dict[str, Any]:
    """Audit today, and return the report."""
    rolecall("run", "--stack", deployed["stack"], "--wait")
    return latest_report(deployed)


def proven(deployed: dict[str, Any], folder: Path) -> None:
    """Hold the whole log against its key."""
    bundle = str(folder / "proof.zip")
    rolecall("log", "export", "--stack", deployed["stack"], "--output", bundle)
    told = rolecall("verify", bundle, "--key", verifier_key(deployed))
    assert told.startswith("valid\n")
    assert "all that the log has" in told


def test_an_account_that_moved_since_comes_back_to_where_it_is(
    deployed: dict[str, Any],
    losses: Losses,
    tmp_path: Path,
) -> None:
    """A copy has it below its former owner, who gets no access by it; and it is there once."""
    name, gateway = deployed["stack"], Gateway(deployed)
    former, latter = (gateway.token(user) for user in gateway.heads)
    path = f"/v1/accounts/{ACCOUNT}"
    assert [gateway.call("GET", path, one).status for one in (former, latter)] == [200, 404]
    copy = losses.copy("RegistryTable")
    registry = str(shutil.copytree(EXAMPLE, tmp_path / "diocese"))
    change(Path(registry), "accounts", ACCOUNT, entity_id=LATTER)
    rolecall("import", registry, "--stack", name, "--yes")
    whole = losses.contents("RegistryTable")
    # The account itself is lost, the person who has it, and what leads to both.
    lost = losses.lose(
        "RegistryTable",
        lambda where: (
            where[1] in ("p-041", f"ACCOUNT#{ACCOUNT}", FORMER)
            and not where[0].startswith("REMOVED#")
        ),
    )
    assert (f"ENTITY#{LATTER}", f"ACCOUNT#{ACCOUNT}") in lost
    done = put_back(deployed, copy, "registry")
    assert f"  not put back: {ACCOUNT} is of {LATTER} by now" in done
    after = losses.contents("RegistryTable")
    assert after.keys() ^ whole.keys() == {(f"ENTITY#{LATTER}", f"ACCOUNT#{ACCOUNT}")}
    for token in (former, latter):
        assert gateway.call("GET", path, token).status == 404
    # Where it is now the files know, and so they bring it.
    rolecall("import", registry, "--stack", name, "--yes")
    assert losses.contents("RegistryTable") == whole
    assert [gateway.call("GET", path, one).status for one in (former, latter)] == [404, 200]
    assert gateway.call("GET", f"/v1/entities/{FORMER}", former).status == 200
    why = ("--reason", "to answer the parish", "--stdout")
    said = refused("vault", "reveal", name, ACCOUNT, "--as", "p-040", *why)
    assert "p-040" in said
    report = a_night(deployed)
    assert "problems" not in report
    rolecall("export", str(tmp_path / "out"), "--stack", name)
    lines = (tmp_path / "out" / "accounts.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1] for line in lines if line.startswith(f"{ACCOUNT},")] == [LATTER]
    told = rolecall("log", "show", "--stack", name, "--format", "json").splitlines()
    restored = [one for one in map(json.loads, told) if one["action"] == "stack.restored"]
    assert restored[-1]["payload"]["table"] == "RegistryTable"
    proven(deployed, tmp_path)


def test_what_was_asked_for_stored_and_recorded_comes_back(
    deployed: dict[str, Any],
    losses: Losses,
    tmp_path: Path,
) -> None:
    name = deployed["stack"]
    gateway = Gateway(deployed)
    head = gateway.token(gateway.heads[0])
    assert gateway.call("GET", "/v1/me", head).status == 200
    # No password is taken twice, and the stack remembers.
    password = f"kestrel-{uuid.uuid4().hex}"
    secret = json.dumps({"password": password})
    where = ("--as", "p-007", "--login", "log-007")
    rolecall("vault", "put", name, "acc-006", *where, "--stdin", stdin=secret)
    for output, table, is_lost in (
        ("DeskTable", "desk", lambda place: place[0].startswith(("SUBJECT#", "PERSON#"))),
        ("VaultTable", "vault", lambda place: place[0].startswith("SECRETS#")),
        ("AuditLogTable", "log", lambda place: place[0].startswith("S#")),
    ):
        copy = losses.copy(output)
        lost = losses.lose(output, is_lost)
        done = put_back(deployed, copy, table)
        assert done[-1] == f"put back into {name}: {counted(len(lost), 'item')}"
    assert gateway.call("GET", "/v1/me", head).body["person"]["id"] == "p-040"
    why = ("--reason", "to answer the parents", "--stdout")
    shown = rolecall("vault", "reveal", name, "acc-006", *where, *why)
    assert json.loads(shown)["password"] == password
    rolecall("vault", "destroy", name, "acc-006", *where, "--yes")
    a_night(deployed)
    proven(deployed, tmp_path)


def test_findings_that_were_lost_are_rebuilt_from_the_log(
    deployed: dict[str, Any], losses: Losses, tmp_path: Path
) -> None:
    name = deployed["stack"]
    before = a_night(deployed)
    kept = losses.contents("FindingsTable")
    lost = losses.lose("FindingsTable", lambda where: where[0].startswith("PLACE#"))
    dry = rolecall("rebuild", "--stack", name, "--dry-run").splitlines()
    assert dry[-1] == "nothing was changed"
    told = f"{len(lost):,} findings in the log; missing or behind: {len(lost):,}"
    assert dry[0] == told
    assert kept.keys() - losses.contents("FindingsTable").keys() == set(lost)
    assert rolecall("rebuild", "--stack", name).splitlines() == [told]
    assert losses.contents("FindingsTable") == kept
    again = rolecall("rebuild", "--stack", name)
    assert again == f"{len(lost):,} findings in the log; missing or behind: 0\n"
    after = a_night(deployed)
    assert [one["id"] for one in after["findings"] if one["status"] != "resolved"] == [
        one["id"] for one in before["findings"] if one["status"] != "resolved"
    ]
    assert not {one["status"] for one in after["findings"]} & {"new", "regressed"}
    proven(deployed, tmp_path)
