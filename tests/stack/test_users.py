"""Users of the stack of ``make up``: made, named officers by two, and ended, by their role."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from tests.stack.test_api import Gateway
from tests.stack.test_night import EXAMPLE, rolecall

PERSON = "p-042"
REASON = ("--reason", "the chancery wrote so on paper")


@pytest.fixture(scope="module")
def gateway(deployed: dict[str, Any]) -> Gateway:
    """Return the API, over the example."""
    rolecall("import", str(EXAMPLE), "--stack", deployed["stack"], "--yes")
    return Gateway(deployed)


@pytest.fixture(scope="module")
def operator(deployed: dict[str, Any]) -> dict[str, str]:
    """Return an environment with the credentials of the role for users, and of nobody else."""
    given = boto3.client("sts").assume_role(
        RoleArn=deployed["outputs"]["UsersRoleArn"], RoleSessionName="test"
    )["Credentials"]
    return {
        **os.environ,
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


@pytest.fixture
def address(deployed: dict[str, Any], gateway: Gateway) -> Iterator[str]:
    """Return the address of somebody who has no user, and leave none."""
    registrar = gateway.token(gateway.users["registrar"])
    person = gateway.call("GET", f"/v1/people/{PERSON}", registrar).body
    yield person["email"]
    pools, pool = boto3.client("cognito-idp"), deployed["outputs"]["UserPoolId"]
    for one in pools.list_users(UserPoolId=pool)["Users"]:
        if {"Name": "email", "Value": person["email"]} in one["Attributes"]:
            pools.admin_delete_user(UserPoolId=pool, Username=one["Username"])


def users(operator: dict[str, str], *arguments: str, status: int | None = 0) -> str:
    command = [str(Path(sys.executable).parent / "rolecall"), "users", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=operator)
    said = " ".join(f"{done.stdout} {done.stderr}".split())
    assert (done.returncode == 0) == (status == 0), said
    return said


def seen(gateway: Gateway, address: str, password: str) -> int:
    """Sign in, and return what somebody is told of what officers alone see."""
    gateway.tokens.clear()
    token = gateway.token({"email": address, "password": password})
    return gateway.call("GET", "/v1/runs", token).status


def test_a_user_from_the_invitation_to_the_end(
    deployed: dict[str, Any], gateway: Gateway, operator: dict[str, str], address: str
) -> None:
    there = ("--stack", deployed["stack"])
    pools, pool = boto3.client("cognito-idp"), deployed["outputs"]["UserPoolId"]
    assert "the pool writes to them" in users(operator, "add", PERSON, *there, "--yes")
    assert f"{address} invited" in users(operator, "list", *there)
    # They choose a password of their own; what an officer may see is not theirs.
    password = secrets.token_urlsafe(18)
    pools.admin_set_user_password(
        UserPoolId=pool, Username=address, Password=password, Permanent=True
    )
    assert seen(gateway, address, password) == 404
    # There are officers: the operator alone names nobody.
    give = ("groups", PERSON, "--give", "compliance", *REASON, *there, "--yes")
    assert "none of them asked" in users(operator, *give, status=None)
    body = {"office": "compliance", "reason": REASON[1]}
    registrar = gateway.token(gateway.users["registrar"])
    asked = gateway.call("POST", f"/v1/people/{PERSON}/sign-in", registrar, body)
    assert asked.status == 202, asked
    assert "asked for it" in users(operator, *give)
    assert seen(gateway, address, password) == 200
    assert f"{address} active - signed in compliance {PERSON}" in users(operator, "list", *there)
    users(operator, "groups", PERSON, "--take", "compliance", *REASON, *there, "--yes")
    assert seen(gateway, address, password) == 404
    assert "no second factor to reset" in users(
        operator, "reset-factor", PERSON, *REASON, *there, "--yes", status=None
    )
    users(operator, "remove", PERSON, *REASON, *there, "--yes")
    with pytest.raises(ClientError, match="NotAuthorized"):
        seen(gateway, address, password)
    users(operator, "remove", PERSON, *REASON, *there, "--yes", "--delete")
    assert address not in users(operator, "list", *there)
    told = rolecall("log", "show", "--stack", deployed["stack"])
    for action in ("user.added", "office.requested", "office.given", "office.taken"):
        assert action in told
    assert address not in told


def test_a_browser_may_ask_before_it_has_a_token(
    deployed: dict[str, Any], gateway: Gateway
) -> None:
    """Ask as a browser does for a page of another origin."""
    gateways, api = boto3.client("apigatewayv2"), deployed["outputs"]["GatewayId"]
    origin, url = "https://desk.example.org", f"{gateway.endpoint}/v1/findings"
    asks = {"Origin": origin, "Access-Control-Request-Method": "GET", "Host": gateway.host}
    cors = {"AllowOrigins": [origin], "AllowMethods": ["GET", "POST", "PUT", "DELETE"]}
    # The emulator takes it by a call alone, and not from a template.
    gateways.update_api(ApiId=api, CorsConfiguration=cors)
    try:
        answer = httpx.options(url, headers=asks)
        assert answer.status_code in (200, 204), answer.text
        assert answer.headers["access-control-allow-origin"] == origin
        stranger = httpx.options(url, headers={**asks, "Origin": "https://other.example"})
        assert "access-control-allow-origin" not in stranger.headers
    finally:
        gateways.delete_cors_configuration(ApiId=api)
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert gateway.call(method, "/v1/findings", None).status == 401
    # What the description does not have, no route takes.
    for method in ("PATCH", "OPTIONS"):
        answer = httpx.request(method, url, headers={"Host": gateway.host})
        # The emulator says of OPTIONS that there is no CORS.
        assert answer.status_code in (403, 404), (method, answer.text)
