"""The API on the stack of ``make up``: real tokens through the real gateway."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import boto3
import httpx
import pytest

from tests.cloud import ROOT
from tests.stack.test_night import EXAMPLE, latest_report, rolecall, verifier_key

ACCOUNT, PERSON = "acc-033", "p-044"
REASON = {"reason": "left the parish two years ago"}
REVOCATION = f"/v1/accounts/{ACCOUNT}/grants/{PERSON}/revocation"


class Answer(NamedTuple):
    status: int
    body: Any


class Gateway:
    """The API, as its gateway serves it."""

    def __init__(self, deployed: dict[str, Any]) -> None:
        self.endpoint = deployed["endpoint"]
        self.host = deployed["outputs"]["ApiUrl"].partition("//")[2]
        self.client = deployed["outputs"]["UserPoolClientId"]
        self.users = {user["role"]: user for user in reversed(deployed["users"])}
        self.heads = [user for user in deployed["users"] if user["role"] == "head"]
        self.tokens: dict[str, str] = {}

    def token(self, user: dict[str, str], kind: str = "IdToken") -> str:
        """Sign somebody in."""
        key = f"{user['email']} {kind}"
        if key not in self.tokens:
            answer = boto3.client("cognito-idp").initiate_auth(
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=self.client,
                AuthParameters={"USERNAME": user["email"], "PASSWORD": user["password"]},
            )
            self.tokens[key] = answer["AuthenticationResult"][kind]
        return self.tokens[key]

    def call(
        self, method: str, path: str, token: str | None, body: Any = None, **query: str
    ) -> Answer:
        """Send a request."""
        headers = {"Host": self.host}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        url = f"{self.endpoint}{path}?{urlencode(query)}"
        answer = httpx.request(method, url, json=body, headers=headers, timeout=30)
        return Answer(answer.status_code, answer.json() if answer.content else None)


@pytest.fixture(scope="module")
def gateway(deployed: dict[str, Any]) -> Gateway:
    """Return the API, over the example."""
    rolecall("import", str(EXAMPLE), "--stack", deployed["stack"], "--yes")
    return Gateway(deployed)


@pytest.fixture
def _undone(deployed: dict[str, Any]) -> Iterator[None]:
    """Forget after a test which access was taken away, so that an import brings it back."""
    yield
    tables, name = boto3.client("dynamodb"), deployed["outputs"]["RegistryTable"]
    key = {"pk": {"S": "ENTITY#st-brigid-youth-ministry"}, "sk": {"S": f"ACCOUNT#{ACCOUNT}"}}
    item = tables.get_item(TableName=name, Key=key)["Item"]
    document = json.loads(item["doc"]["S"])
    document.pop("revoking", None)
    item["doc"] = {"S": json.dumps(document)}
    tables.put_item(TableName=name, Item=item)
    rolecall("import", str(EXAMPLE), "--stack", deployed["stack"], "--yes")


@pytest.mark.usefixtures("_undone")
def test_the_commands_of_the_readme(
    deployed: dict[str, Any], gateway: Gateway, tmp_path: Path
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```shell\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for line in block.splitlines() if line]
    assert len(lines) <= 10
    shown: list[str] = []
    settings = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    for line in lines:
        if line.startswith("REVOCATION="):
            # What the shell takes from the list, once somebody has to act.
            named = handed_over(gateway)
            assert re.search(rf"{PERSON} on {ACCOUNT}  {named}", shown[-1])
            continue
        assert line.startswith("rolecall ")
        words = shlex.split(line)[1:]
        given = ""
        if words[0] == "login":
            words.append("--stdin")
            given = gateway.heads[0]["password"]
        if "$REVOCATION" in words:
            words[words.index("$REVOCATION")] = named
        command = [str(Path(sys.executable).parent / "rolecall"), *words]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, input=given, env=settings
        )
        assert done.returncode == 0, (line, done.stderr)
        shown.append(done.stdout)
    login, before, dry, asked, _, confirmed, _, after, log = shown
    assert "signed in as" in login
    assert f"{ACCOUNT} {PERSON}" in before
    assert "nothing was changed" in dry
    assert asked.splitlines()[-1].startswith("requested")
    assert confirmed.startswith("confirmed")
    assert f"{ACCOUNT} {PERSON}" not in after
    actions = [line.split()[2] for line in log.splitlines()]
    assert actions[-4:].count("revocation.confirmed") <= 1
    for action in ("requested", "handed_over", "confirmed"):
        assert f"revocation.{action}" in actions
    # Resolved in the report, and all of it in a log that proves itself.
    (found,) = [
        one
        for one in latest_report(deployed)["findings"]
        if one["control"] == "orphaned-admin"
        and one["subject"].get("account") == ACCOUNT
        and one["subject"].get("person") == PERSON
    ]
    assert found["status"] == "resolved"
    bundle = tmp_path / "proof.zip"
    rolecall("log", "export", "--stack", deployed["stack"], "--output", str(bundle))
    assert rolecall("verify", str(bundle), "--key", verifier_key(deployed)).startswith("valid")


def handed_over(gateway: Gateway) -> str:
    """Wait until the stream has carried the latest revocation to people; return its id."""
    token = gateway.token(gateway.heads[0])
    deadline = time.monotonic() + 30
    while True:
        items = gateway.call("GET", "/v1/revocations", token).body["items"]
        latest: dict[str, Any] = items[0]
        if latest["state"] == "needs_human":
            assert latest["steps"]
            return str(latest["id"])
        assert time.monotonic() < deadline, latest
        time.sleep(0.3)


def test_the_head_next_door_finds_nothing(gateway: Gateway) -> None:
    here, there = (gateway.token(user) for user in gateway.heads)
    listed = gateway.call("GET", "/v1/findings", here, entity="st-brigid-youth-ministry")
    finding = listed.body["items"][0]["href"]
    paths = [
        finding,
        f"/v1/accounts/{ACCOUNT}",
        f"/v1/accounts/{ACCOUNT}/grants",
        "/v1/entities/st-brigid-parish",
        "/v1/people/p-041",
    ]
    for path in paths:
        assert gateway.call("GET", path, here).status == 200, path
        assert gateway.call("GET", path, there).status == 404, path
    for path in ("/v1/findings", "/v1/accounts", "/v1/revocations"):
        assert gateway.call("GET", path, there, entity="st-brigid-parish").status == 404
    answer = gateway.call("POST", REVOCATION, there, REASON, dry_run="true")
    absent = gateway.call(
        "POST", REVOCATION.replace(ACCOUNT, "acc-999"), there, REASON, dry_run="true"
    )
    assert (answer.status, absent.status) == (404, 404)
    assert answer.body == {
        **absent.body,
        "detail": absent.body["detail"].replace("acc-999", ACCOUNT),
    }
    assert gateway.call("POST", f"/v1/people/{PERSON}/offboarding", there, REASON).status == 404


@pytest.mark.usefixtures("_undone")
def test_fifty_at_once_are_one(deployed: dict[str, Any], gateway: Gateway) -> None:
    token = gateway.token(gateway.heads[0])
    counted = requested(deployed)

    def send(_: int) -> Answer:
        return gateway.call("POST", REVOCATION, token, REASON)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(send, range(50)))
    assert {answer.status for answer in answers} <= {201, 503}
    made = {a.body["revocation"]["id"] for a in answers if a.status == 201}
    assert len(made) == 1
    assert requested(deployed) == counted + 1


def requested(deployed: dict[str, Any]) -> int:
    """Return how many revocations of it are on record."""
    shown = rolecall("log", "show", "--stack", deployed["stack"], "--format", "json")
    lines = [json.loads(line) for line in shown.splitlines()]
    return sum(
        one["action"] == "revocation.requested" and one["subject"]["person"] == PERSON
        for one in lines
    )


def parts(token: str) -> list[dict[str, Any]]:
    """Return header and claims of a token."""
    return [
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        for part in token.split(".")[:2]
    ]


def encoded(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def test_other_tokens_are_refused(gateway: Gateway) -> None:
    head, other = gateway.heads
    good = gateway.token(head)
    assert gateway.call("GET", "/v1/me", good).status == 200
    header, claims = parts(good)
    _, _, signature = good.split(".")
    forged = {
        "none at all": None,
        "no token": "x",
        "no algorithm": f"{encoded({**header, 'alg': 'none'})}.{encoded(claims)}.",
        "tampered": f"{encoded(header)}.{encoded({**claims, 'email': other['email']})}.{signature}",
        "longer": f"{encoded(header)}.{encoded({**claims, 'exp': 4_000_000_000})}.{signature}",
        "issuer": f"{encoded(header)}.{encoded({**claims, 'iss': 'https://x.example'})}.{signature}",
        "audience": f"{encoded(header)}.{encoded({**claims, 'aud': 'other'})}.{signature}",
        "signature": f"{good[:-8]}AAAAAAAA",
    }
    for name, token in forged.items():
        assert gateway.call("GET", "/v1/me", token).status == 401, name
    # An access token is signed as well, and tells nobody's address.
    access = gateway.call("GET", "/v1/me", gateway.token(head, "AccessToken"))
    assert access.status in (401, 403)


def test_an_address_that_is_not_verified_and_a_stranger(
    deployed: dict[str, Any], gateway: Gateway
) -> None:
    cognito, pool = boto3.client("cognito-idp"), deployed["outputs"]["UserPoolId"]
    for email, verified in (("pastor@st-josephine.example", "false"), ("x@else.example", "true")):
        password = "correct-horse-battery-staple"
        with suppress(cognito.exceptions.UsernameExistsException):
            cognito.admin_create_user(
                UserPoolId=pool,
                Username=email,
                TemporaryPassword=password,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": verified},
                ],
            )
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=email, Password=password, Permanent=True
        )
        token = gateway.token({"email": email, "password": password})
        assert gateway.call("GET", "/v1/me", token).status == 403, email


def test_officers_read_and_change_nothing(gateway: Gateway) -> None:
    token = gateway.token(gateway.users["compliance"])
    assert gateway.call("GET", f"/v1/accounts/{ACCOUNT}", token).status == 200
    assert gateway.call("GET", "/v1/findings", token, limit="5").status == 200
    assert gateway.call("POST", REVOCATION, token, REASON).status == 404
    registrar = gateway.token(gateway.users["registrar"])
    assert gateway.call("GET", f"/v1/accounts/{ACCOUNT}", registrar).status == 200
    assert gateway.call("GET", "/v1/findings", registrar).body["items"] == []


def test_the_description_is_open(gateway: Gateway) -> None:
    answer = gateway.call("GET", "/v1/openapi.json", None)
    assert (answer.status, answer.body["openapi"]) == (200, "3.1.0")
