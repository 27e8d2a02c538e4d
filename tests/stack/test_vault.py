"""The vault on the stack of ``make up``: from a secret that is stored to a leaver who knew it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.stack.test_least_privilege import Role
from tests.stack.test_night import EXAMPLE, latest_report, refused, rolecall, verifier_key

LOGIN = ("acc-006", "--login", "log-007")
REASON = ("--reason", "to answer the parents")
# No password is taken twice, and the stack remembers.
FIRST, SECOND = f"kestrel-{uuid.uuid4().hex}", f"Heron-{uuid.uuid4().hex}"


@pytest.fixture
def registry(deployed: dict[str, Any], tmp_path: Path) -> Iterator[Path]:
    """Give a registry to change, imported; put everything back after it."""
    name = deployed["stack"]
    directory = Path(shutil.copytree(EXAMPLE, tmp_path / "diocese"))
    # Whatever day it is, the manager's clearance is in date.
    change(directory, "people", "p-008", clearance_expires="2999-01-01")
    rolecall("import", str(directory), "--stack", name, "--yes")
    yield directory
    vault("destroy", name, *LOGIN, "--as", "p-007", "--yes")
    rolecall("import", str(EXAMPLE), "--stack", name, "--yes")


def change(registry: Path, table: str, id_: str, **cells: str) -> None:
    """Change cells of a row."""
    path = registry / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    (row,) = [row for row in rows if row[0] == id_]
    for column, value in cells.items():
        row[header.index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def vault(command: str, name: str, *arguments: str, secret: Any = None) -> str:
    """Run a command of the vault."""
    if secret is None:
        return rolecall("vault", command, name, *arguments)
    data = json.dumps(secret)
    return rolecall("vault", command, name, *arguments, "--stdin", stdin=data)


def today() -> str:
    """Return this day, as the functions count it."""
    return datetime.now(UTC).date().isoformat()


def knowing_leavers(deployed: dict[str, Any]) -> set[str]:
    """Return the logins that a leaver knows, as the last report has them."""
    return {
        one["subject"]["login"]
        for one in latest_report(deployed)["findings"]
        if one["control"] == "leaver-knows-password" and one["status"] != "resolved"
    }


def test_a_leaver_knows_a_password_until_it_is_rotated(
    deployed: dict[str, Any], registry: Path, tmp_path: Path
) -> None:
    name = deployed["stack"]
    # The head of the entity stores it; a manager reads it, and says why.
    secret = {"username": "comms", "password": FIRST, "totp": "JBSWY3DPEHPK3PXP"}
    assert "stored login log-007" in vault("put", name, *LOGIN, "--as", "p-007", secret=secret)
    shown = vault("reveal", name, *LOGIN, "--as", "p-008", *REASON, "--stdout")
    assert json.loads(shown) == {"username": "comms", "password": FIRST}
    assert re.fullmatch(r"[0-9]{6}\n", vault("code", name, *LOGIN, "--as", "p-008"))
    rolecall("run", "--stack", name, "--wait")
    assert "log-007" not in knowing_leavers(deployed)
    # The manager leaves.
    change(registry, "people", "p-008", status="left", left_on=today())
    rolecall("import", str(registry), "--stack", name, "--yes")
    said = refused("vault", "reveal", name, *LOGIN, "--as", "p-008", *REASON, "--stdout")
    assert "p-008 is not an active person of the roster" in said
    rolecall("run", "--stack", name, "--wait")
    assert "log-007" in knowing_leavers(deployed)
    # The head rotates it, and the next night is content.
    vault("rotate", name, *LOGIN, "--as", "p-007", secret={"password": SECOND})
    rolecall("run", "--stack", name, "--wait")
    assert "log-007" not in knowing_leavers(deployed)
    the_log_has_it(deployed, tmp_path)
    nothing_is_readable(deployed)


def the_log_has_it(deployed: dict[str, Any], tmp_path: Path) -> None:
    """Hold the sealed log against what was done."""
    name = deployed["stack"]
    bundle = tmp_path / "proof.zip"
    rolecall("log", "export", "--stack", name, "--output", str(bundle))
    told = rolecall("verify", str(bundle), "--key", verifier_key(deployed))
    assert told.startswith("valid")
    lines = [
        json.loads(line)
        for line in rolecall("log", "show", "--stack", name, "--format", "json").splitlines()
    ]
    last = max(i for i, one in enumerate(lines) if one["action"] == "secret.stored")
    mine = [one for one in lines[last:] if one["action"].startswith("secret.")]
    assert [(one["action"], one["actor"]) for one in sorted(mine, key=lambda one: one["at"])] == [
        ("secret.stored", "p-007"),
        ("secret.revealed", "p-008"),
        ("secret.code_given", "p-008"),
        ("secret.refused", "p-008"),
        ("secret.rotated", "p-007"),
    ]
    assert {one["payload"]["via"] for one in mine} == {"arn:aws:iam::000000000000:root"}
    assert lines[-1]["action"] == "log.sealed"


def nothing_is_readable(deployed: dict[str, Any]) -> None:
    """Look for the secrets where they must not be, and try as the auditor."""
    outputs = deployed["outputs"]
    tables = boto3.client("dynamodb")
    stored = {
        name: repr(tables.scan(TableName=outputs[f"{name}Table"]))
        for name in ("Vault", "Registry", "Findings", "AuditLog")
    }
    assert "SECRETS#" in stored["Vault"]
    for text in stored.values():
        assert FIRST not in text
        assert SECOND not in text
    auditor = Role(deployed, "Audit")
    item = next(
        one for one in tables.scan(TableName=outputs["VaultTable"])["Items"] if "envelope" in one
    )
    where = {"pk": item["pk"], "sk": item["sk"]}
    with pytest.raises(ClientError, match="AccessDenied"):
        auditor.tables.get_item(TableName=outputs["VaultTable"], Key=where)
    envelope = item["envelope"]["B"]
    wrapped = envelope[8 : 8 + int.from_bytes(envelope[6:8], "big")]
    account, login, number = item["sk"]["S"].split("#")
    context = {
        "organisation": outputs["Organisation"],
        "account": account,
        "login": login,
        "version": str(int(number)),
    }
    # The vault's own role can, with the right context and no other.
    opener = Role(deployed, "Credential")
    given = {"KeyId": outputs["VaultKeyArn"], "CiphertextBlob": wrapped}
    assert len(opener.keys.decrypt(**given, EncryptionContext=context)["Plaintext"]) == 32
    for role, said in ((auditor, "AccessDenied"), (opener, "InvalidCiphertext")):
        other = context if role is auditor else {**context, "version": "99"}
        with pytest.raises(ClientError, match=said):
            role.keys.decrypt(**given, EncryptionContext=other)


def test_many_who_read_at_once_are_all_holders(
    deployed: dict[str, Any], registry: Path, tmp_path: Path
) -> None:
    name = deployed["stack"]
    vault("put", name, *LOGIN, "--as", "p-007", secret={"password": FIRST})
    # By role, as its head, as IT, and as head and IT of the entity above.
    people = ["p-008", "p-007", "p-009", "p-001", "p-004"]
    assert registry.exists()

    def read(person: str) -> str:
        return vault("reveal", name, *LOGIN, "--as", person, *REASON, "--stdout")

    with ThreadPoolExecutor(len(people)) as pool:
        shown = list(pool.map(read, people))
    assert [json.loads(one)["password"] for one in shown] == [FIRST] * len(people)
    rolecall("export", str(tmp_path / "out"), "--stack", name)
    with (tmp_path / "out" / "logins.csv").open(encoding="utf-8", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["id"] == "log-007"]
    assert row["holder_ids"].split("|") == sorted(people)


def test_a_proof_is_for_one_stack_and_one_request(deployed: dict[str, Any]) -> None:
    functions = boto3.client("lambda")
    request = {"action": "history", "id": "x" * 32, "account": "acc-006", "person": "p-007"}
    for proof in ("", "https://sts.example/?Action=GetCallerIdentity"):
        answer = functions.invoke(
            FunctionName=deployed["outputs"]["CredentialFunctionArn"],
            Payload=json.dumps({**request, "proof": proof}),
        )
        reply = json.loads(answer["Payload"].read())
        assert reply["failure"]["kind"] == "denied"
