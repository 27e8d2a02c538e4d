"""Makes the vectors of a release: what it writes, and what a stack of it leaves behind.

``python -m tests.releases.make FOLDER`` in the tree of the release, once, when it is released; the
next one is held against what it wrote, by tests/functional/test_releases.py. Another run writes the
same bytes: clocks, random numbers and keys are those of the test.

Everything is done by the release's own code, as people would have it done: the command line for
what lies in files, the functions of the template, over moto, for the stack.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import os
import random
import secrets
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random

from rolecall.cli import vault, vault_location
from rolecall.ledger.key_file import write_key_file
from rolecall.registry.documents import documents
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.vault.secret import Secret
from tests.api import call, claims
from tests.cloud import ROOT, SIGNER, Cloud, Invocation, cloud, resources
from tests.functional.command import rolecall
from tests.functional.test_cli_vault import Given
from tests.registries import read

EXAMPLE = ROOT / "examples" / "diocese"
FIRST = datetime(2026, 11, 2, 2, tzinfo=UTC)
DAY = FIRST + timedelta(hours=7)
SECOND = FIRST + timedelta(days=1)
REPORTS = {
    # One of each format is enough, and a PDF, the largest, is in the bundle of the files.
    FIRST: "report.md,findings.csv,findings.json",
    SECOND: "report.html,report.xlsx,report.md,findings.csv,findings.json,findings.ocsf.json,"
    "findings.asff.zip",
}
REASON = {"reason": "no longer serves in this office"}
PASSWORD, NEXT_PASSWORD = "kestrel-Anvil-0-plum", "another-Heron-Thimble"
_ONCE = "aws_lambda_powertools.utilities.idempotency"
_CLOCKS = ("base", "persistence.base", "persistence.datarecord", "persistence.dynamodb")


class _Day(datetime):
    """The clock of whatever asks for this instant."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return DAY if tz is None else DAY.astimezone(tz)


@contextmanager
def the_same_every_time() -> Iterator[None]:
    """Draw the same numbers each time: nothing that is made here protects anything."""
    chance = random.Random(0)  # noqa: S311 - that they are the same is what they are for.
    clock = SimpleNamespace(datetime=_Day, timedelta=timedelta)
    mock_random.seed(0)
    patches: list[tuple[Any, str, Any]] = [
        (os, "urandom", chance.randbytes),
        (secrets, "token_bytes", chance.randbytes),
        (secrets, "token_hex", lambda count: chance.randbytes(count).hex()),
        (uuid, "uuid4", lambda: uuid.UUID(bytes=chance.randbytes(16))),
        (vault_location, "now", lambda: DAY),
        (vault_location, "user", lambda: "os:tester"),
        (vault, "now", lambda: DAY),
        *((import_module(f"{_ONCE}.{name}"), "dt", clock) for name in _CLOCKS),
    ]
    with ExitStack() as stack:
        for module, name, instead in patches:
            stack.enter_context(mock.patch.object(module, name, instead))
        yield


def run(*arguments: object) -> str:
    """Run the command line, which must be content."""
    ended = rolecall(*arguments)
    assert ended.status == 0, ended.stderr
    return ended.text


# -- what lies in files -----------------------------------------------------------------------


def make_files(folder: Path) -> None:
    """Write the registry in its three forms, a log of two audits, a vault, and its bundles."""
    registry = Path(shutil.copytree(EXAMPLE, folder / "registry"))
    (registry / "README.md").unlink()
    for form in ("xlsx", "json"):
        run("convert", registry, folder / f"registry.{form}")
    # Of one text there is one copy; the other two forms have it beside them, too.
    (folder / "policy.toml").unlink()
    log, key, vault_key = folder / "log", folder / "signing-key", folder / "vault-key"
    write_key_file(key, SIGNER)
    kept = ("--log", log, "--vault-key", vault_key)
    secret = {"username": "comms", "password": PASSWORD, "totp": "JBSWY3DPEHPK3PXP"}
    with mock.patch("sys.stdin", Given(json.dumps(secret).encode())):
        run("vault", "put", registry, "acc-001", "--as", "p-007", *kept, "--stdin")
    reason = ("--reason", "to answer the parents", "--stdout")
    run("vault", "reveal", registry, "acc-001", "--as", "p-007", *kept, *reason)
    sealed = ("--log", log, "--signing-key", key)
    run("audit", registry, *sealed, "--as-of", FIRST.isoformat(), "--output", os.devnull)
    with without(registry / "grants.csv", "acc-010,p-015,owner,2022-05-16"):
        reports = folder / "reports"
        night = ("--as-of", SECOND.isoformat(), "--report", reports, "--output", os.devnull)
        run("audit", registry, *sealed, *night)
    bundles = folder / "bundles"
    bundles.mkdir()
    # The reports are in the bundle, all of them.
    (reports / "proof.zip").rename(bundles / "reports.zip")
    shutil.rmtree(reports)
    for name, limits in (
        ("whole", ()),
        ("entity", ("--entity", "ellerwick-herald")),
        ("since", ("--since", SECOND.date().isoformat())),
    ):
        run("log", "export", log, *limits, "--output", bundles / f"{name}.zip")
    (folder / "verifier-key").write_text(f"{SIGNER.key}\n", encoding="utf-8")
    # It is the test's own, made of its seed.
    key.unlink()


@contextmanager
def without(path: Path, start: str) -> Iterator[None]:
    """Leave out a row of a table for as long as the block lasts."""
    before = path.read_bytes()
    rows = before.decode().splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith(start)]
    assert len(kept) == len(rows) - 1
    path.write_bytes("".join(kept).encode())
    yield
    path.write_bytes(before)


# -- what a stack leaves ----------------------------------------------------------------------


def make_stack(folder: Path) -> None:
    """Write the dump of a stack: an import, two nights, and a day of people between them."""
    with cloud() as sky:
        os.environ["ENTITY_REPORTS"] = "report.md"
        registry = sky.stack().registry
        policy = (EXAMPLE / "policy.toml").read_text(encoding="utf-8")
        registry.apply(registry.compare(documents(read(EXAMPLE)[0], policy)))
        night(sky, FIRST)
        one_day(sky)
        night(sky, SECOND)
        # What nobody sealed yet.
        reveal(sky, "reveal-2")
        lines = sorted(dump(sky))
    data = b"".join(line + b"\n" for line in lines)
    (folder / "stack.jsonl.gz").write_bytes(gzip.compress(data, 9, mtime=0))


def night(sky: Cloud, as_of: datetime) -> None:
    """Run a night as the state machine does."""
    os.environ["REPORTS"] = REPORTS[as_of]
    event = {
        "execution": f"night-{as_of.date()}",
        "started": as_of.isoformat(),
        "input": {"as_of": as_of.isoformat()},
    }
    planned = sky.function("plan").handler(event, Invocation())
    audit = sky.function("audit")
    for item in json.loads(sky.stack().files.get(planned["manifest"])):
        audit.handler(item, Invocation())
    for name in ("seal", "report"):
        sky.function(name).handler({"prefix": planned["prefix"]}, Invocation())


@contextmanager
def fixed_day(function: ModuleType) -> Iterator[None]:
    """Have it be the day between the nights for a function, for as long as the block lasts."""
    with mock.patch.object(function, "datetime", _Day):
        yield


def user(person: str, *groups: str) -> dict[str, str]:
    """Return the claims of a person of the example."""
    people = {one.id: one for one in read(EXAMPLE)[0].people}
    return claims(str(people[person].email), *groups)


def one_day(sky: Cloud) -> None:
    """Do what people do between two nights: waive, edit, revoke, keep secrets, sign."""
    api = sky.function("api")
    with fixed_day(api):
        waivers(api)
        edits(api)
        revocations(sky, api)
        sign(sky, api)
    credentials = sky.stack().credentials
    secret = Secret(username="comms", password=PASSWORD, totp="JBSWY3DPEHPK3PXP")
    credentials.store(ask("store-1"), secret)
    reveal(sky, "reveal-1")
    credentials.rotate(ask("rotate-1"), Secret(password=NEXT_PASSWORD))


def ask(id_: str) -> SecretRequest:
    """Return a request about the secret of the diocese's page."""
    return SecretRequest(
        id=id_, at=DAY, account="acc-001", person="p-007", login="log-001", via="os:tester"
    )


def reveal(sky: Cloud, id_: str) -> None:
    """Reveal the secret."""
    sky.stack().credentials.reveal(ask(id_), "to answer the parents")


def ok(answer: Any, *statuses: int) -> Any:
    """Return the body of an answer, which must be one of success."""
    assert answer.status in (statuses or (200, 201)), answer
    return answer.body


def waivers(api: ModuleType) -> None:
    """Accept a finding, and one that takes two; propose a third."""
    officer, second = user("p-005", "compliance"), user("p-003", "compliance")
    until = {"reason": "accepted until the office has moved", "expires": "2027-03-01"}

    def findings(severity: str) -> list[Any]:
        query = {"severity": severity, "status": "open"}
        listed: list[Any] = ok(call(api, "GET", "/v1/findings", officer, query=query))["items"]
        return listed

    def accepted(severity: str, most: int) -> list[str]:
        """Accept findings of a severity, those that are about the officer passed over."""
        found: list[str] = []
        for one in findings(severity):
            if len(found) < most:
                path, seen = f"{one['href']}/waiver", {"If-Match": one["etag"]}
                answer = call(api, "POST", path, officer, until, headers=seen)
                if answer.status != 403:
                    ok(answer)
                    found.append(path)
        return found

    accepted("medium", 1)
    critical, _ = accepted("critical", 2)
    read = {"If-Match": call(api, "GET", critical, second).headers["ETag"]}
    ok(call(api, "POST", f"{critical}/approval", second, headers=read))


def edits(api: ModuleType) -> None:
    """Edit a record, and ask for two edits that give power, of which one is approved."""
    clerk, other = user("p-002", "registrar"), user("p-009", "registrar")

    def edit(path: str, **changes: Any) -> Any:
        seen = call(api, "GET", path, clerk)
        own = ("id", "account_id", "person_id", "revoke_requested_at", "revoked_on")
        body = {**{k: v for k, v in seen.body.items() if k not in own}, **changes}
        tag = {"If-Match": seen.headers["ETag"]}
        return call(api, "PUT", path, clerk, body, headers=tag)

    ok(edit("/v1/accounts/acc-002", url="https://ellerwick.example/news"))
    approved = ok(edit("/v1/accounts/acc-001/grants/p-011", role="admin"), 202)
    ok(call(api, "POST", f"/v1/changes/{approved['change']['id']}/approval", other))
    ok(edit("/v1/people/p-008", clearance_expires="2027-09-01"), 202)


def revocations(sky: Cloud, api: ModuleType) -> None:
    """Revoke three: one is confirmed, one waits for people, one was taken back."""
    head = user("p-040")
    accounts = [
        (grant.account_id, grant.person_id)
        for grant in read(EXAMPLE)[0].grants
        if grant.person_id in ("p-042", "p-044", "p-045") and grant.revoked_on is None
    ]
    made = []
    for number, (account, person) in enumerate(accounts[:3]):
        path = f"/v1/accounts/{account}/grants/{person}/revocation"
        key = {"Idempotency-Key": f"revocation-{number}"} if number == 1 else {}
        answer = ok(call(api, "POST", path, head, REASON, headers=key))
        made.append(answer["revocation"]["id"])
    assert len(made) == 3
    records = [
        {
            "eventID": "1",
            "eventName": "INSERT",
            "eventSource": "aws:dynamodb",
            "dynamodb": {
                "Keys": {"pk": {"S": f"REVOCATION#{id_}"}, "sk": {"S": "-"}},
                "SequenceNumber": "1",
            },
        }
        for id_ in made[:2]
    ]
    revoke = sky.function("revoke")
    with fixed_day(revoke):
        assert revoke.handler({"Records": records}, Invocation()) == {"batchItemFailures": []}
    done = {"removed_by": "p-043", "removed_on": DAY.date().isoformat(), "note": "removed"}
    ok(call(api, "POST", f"/v1/revocations/{made[0]}/confirmation", head, done))
    ok(call(api, "POST", f"/v1/revocations/{made[2]}/cancellation", head, REASON))


def sign(sky: Cloud, api: ModuleType) -> None:
    """Sign off the report of the first night."""
    officer = user("p-005", "compliance")
    listed = ok(call(api, "GET", "/v1/reports", officer))["items"]
    (one,) = [row for row in listed if row["name"] == "report.md"]
    stored = sky.stack().records.get("reports/" + one["id"].replace("_", "/")) or b""
    body = {"digest": hashlib.sha256(stored).hexdigest(), "capacity": "compliance officer"}
    ok(call(api, "POST", f"/v1/reports/{one['id']}/signature", officer, body))


# -- the dump ---------------------------------------------------------------------------------


def dump(sky: Cloud) -> Iterator[bytes]:
    """Yield what a stack holds, an item, an object or a key a line."""
    tables = boto3.client("dynamodb")
    for name in resources("AWS::DynamoDB::Table"):
        for page in tables.get_paginator("scan").paginate(TableName=sky.outputs[name]):
            for item in page["Items"]:
                yield line(table=name, item=item)
    objects = boto3.client("s3")
    for name in resources("AWS::S3::Bucket"):
        bucket = sky.outputs[name]
        for page in objects.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for entry in page.get("Contents", ()):
                found = objects.get_object(Bucket=bucket, Key=entry["Key"])
                about = {"type": found["ContentType"], "metadata": found["Metadata"]}
                yield line(bucket=name, name=entry["Key"], data=found["Body"].read(), **about)
    keys = kms_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].keys
    for name in ("VaultKey", "FingerprintKey"):
        key = keys[sky.outputs[f"{name}Arn"].rpartition("/")[2]]
        yield line(key=name, id=key.id, material=key.key_material)


def line(**document: Any) -> bytes:
    """Return a line of JSON; bytes are in base64."""

    def packed(value: Any) -> str:
        return base64.b64encode(bytes(value)).decode()

    return json.dumps(document, sort_keys=True, separators=(",", ":"), default=packed).encode()


def main() -> None:
    """Make the vectors of this release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder, such as .../release-0.1.0")
    folder = parser.parse_args().folder
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Where a set is written, it is in the order of hashes.
        ordered = {**os.environ, "PYTHONHASHSEED": "0"}
        os.execve(sys.executable, sys.orig_argv, ordered)  # noqa: S606
    folder.mkdir(parents=True)
    shutil.copyfile(ROOT / "template.yaml", folder / "template.yaml")
    with the_same_every_time():
        make_files(folder)
        make_stack(folder)


if __name__ == "__main__":
    main()
