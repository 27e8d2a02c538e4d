"""Which answers are kept: the route that was matched says so, and nobody reads the path again."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import boto3
import pytest

from rolecall.http.idempotency import keeps_answers
from rolecall.vault.secret import Secret
from tests.api import REASON, after_their_night, call, who
from tests.cloud import Cloud, cloud

HEAD = who("head-mid")
REVEAL = "/v1/accounts/page-mid/logins/login-mid/reveal"
PASSWORD = "kestrel-Anvil-0-plum"


class Open:
    """A vault that shows everybody the same secret."""

    def reveal(self, *_: Any, **__: Any) -> Secret:
        return Secret("comms", PASSWORD)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Cloud, ModuleType]]:
    """Return a stack that a night was over, and its function of the API."""
    with cloud(after_their_night) as sky:
        function = sky.function("api")
        function.stack.__dict__["vault_service"] = Open()
        yield sky, function


def answers(sky: Cloud) -> list[Any]:
    """Return every answer that was kept."""
    found = boto3.client("dynamodb").scan(TableName=sky.outputs["AnswersTable"])
    items: list[Any] = found["Items"]
    return items


ENDINGS = ["", "\n", "\r", "\r\n", "\x0b", "\x85", "\u2028", "\u2029", "\u200b", "\0"]
ENCODED = ["%0A", "%0a", "%0D%0A", "%00", "%C2%85", "%E2%80%A8"]


@pytest.mark.parametrize("ending", [*ENDINGS, *ENCODED], ids=ascii)
@pytest.mark.parametrize("place", ["end", "login", "account"])
def test_a_secret_is_never_kept_however_its_path_is_spelt(
    shared: tuple[Cloud, ModuleType], ending: str, place: str
) -> None:
    sky, function = shared
    path = {
        "end": f"{REVEAL}{ending}",
        "login": REVEAL.replace("login-mid", f"login-mid{ending}"),
        "account": REVEAL.replace("page-mid", f"page-mid{ending}"),
    }[place]
    key = {"idempotency-key": "one"}
    answer = call(function, "POST", path, HEAD, REASON, headers=key)
    assert answer.status == (404 if ending else 200)
    assert answers(sky) == []


def test_a_route_that_says_nothing_keeps_nothing(shared: tuple[Cloud, ModuleType]) -> None:
    _, function = shared
    routes = [*function.app._static_routes, *function.app._dynamic_routes]
    kept = {(one.method, one.path) for one in routes if keeps_answers(one)}
    assert kept == {
        ("POST", path)
        for path in (
            "/v1/accounts/<id_>/grants/<person>/revocation",
            "/v1/changes/<id_>/approval",
            "/v1/changes/<id_>/refusal",
            "/v1/findings/<href>/waiver",
            "/v1/findings/<href>/waiver/approval",
            "/v1/findings/<href>/waiver/withdrawal",
            "/v1/people/<id_>/brake-lift",
            "/v1/people/<id_>/offboarding",
            "/v1/people/<id_>/sign-in",
            "/v1/people/<id_>/sign-in/approval",
            "/v1/people/<id_>/sign-in/refusal",
            "/v1/reports/<id_>/signature",
            "/v1/revocations/<id_>/cancellation",
            "/v1/revocations/<id_>/confirmation",
            "/v1/runs",
            "/v1/sign-ins",
            "/v1/sign-ins/<id_>/refusal",
        )
    }
    # Every other that is sent by POST shows what nobody may keep, but for one that is sent again
    # until it is done.
    rest = {one.path for one in routes if one.method == "POST" and not keeps_answers(one)}
    rest.remove("/v1/sign-ins/<id_>/approval")
    assert all("/logins/" in path for path in rest)
