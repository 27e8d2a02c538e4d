"""Signing in with a browser: an issuer on this machine, and a browser that does as it is told."""

from __future__ import annotations

import base64
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from rolecall.cli import browser
from rolecall.cli.api_client import read_session
from rolecall.cli.browser import CALLBACK, browser_token, challenge_of
from rolecall.errors import AuditError, DeniedError, UsageError
from tests.functional.command import rolecall

ISSUER = ("--issuer", "https://i.example", "--client", "c")


class Issuer(ThreadingHTTPServer):
    """Gives a token for a code, if the verifier is the one of the challenge."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: dict[str, str] = {}
        self.nonce: str | None = None
        self.status = 200
        self.tokens: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def browse(self, address: str, **changes: str) -> httpx.Response:
        """Do what a browser does after its user signed in: come back with a code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked = query
        back = {"code": "c-1", "state": query["state"], **changes}
        return httpx.get(f"{CALLBACK.replace('localhost', '127.0.0.1')}?{urlencode(back)}")


class _Answers(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        here = self.server.address
        if self.path == "/v1/me":
            self.server.tokens.append(self.headers["Authorization"])
            self._send({"person": {"id": "p-1", "name": "Anna Weller"}})
            return
        self._send({"authorization_endpoint": f"{here}/go", "token_endpoint": f"{here}/token"})

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(data).items()}
        asked = self.server.asked
        is_good = (
            form["code"] == "c-1"
            and form["redirect_uri"] == asked["redirect_uri"]
            and challenge_of(form["code_verifier"]) == asked["code_challenge"]
            and "client_secret" not in form
        )
        if not is_good:
            self._send({"error": "invalid_grant"}, 400)
            return
        claims = {"nonce": self.server.nonce or asked["nonce"]}
        part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        self._send({"id_token": f"h.{part}.s", "expires_in": 1_200}, self.server.status)

    def _send(self, data: Mapping[str, Any], status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def later(issuer: Issuer, pages: list[httpx.Response], **changes: str) -> Any:
    """Return what opens the browser in a moment, when this process listens."""

    def show(address: str) -> None:
        def go() -> None:
            with suppress(httpx.HTTPError):
                pages.append(issuer.browse(address, **changes))

        threading.Thread(target=go).start()

    return show


def unasked(_: str) -> None:
    """Open nothing."""


def test_the_published_vector_of_the_challenge() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_browser_brings_a_token(issuer: Issuer) -> None:
    pages: list[httpx.Response] = []
    token, seconds = browser_token(issuer.address, "client", later(issuer, pages))
    assert (token.split(".")[0], seconds) == ("h", 1_200)
    asked = issuer.asked
    assert asked["code_challenge_method"] == "S256"
    assert (asked["client_id"], asked["scope"]) == ("client", "openid email")
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


def test_who_has_no_account_at_aws_signs_in_by_the_addresses_they_were_given(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    # Neither the stack of whoever looks after it nor any library of AWS is asked.
    monkeypatch.setenv("ROLECALL_STACK", "another")
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setattr("webbrowser.open", later(issuer, []))
    api = issuer.address.replace("127.0.0.1", "api.localhost")
    given = ("--api", f"{api}/", "--issuer", issuer.address, "--client", "client")
    ended = rolecall("login", *given)
    assert ended.status == 0, ended
    assert "signed in as Anna Weller (p-1)" in ended.text
    (token,) = issuer.tokens
    assert token.startswith("Bearer h.")
    assert read_session(datetime.now(UTC)).url == api


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ((), "name a stack (--stack), or what the operator gave you"),
        (("--issuer", "https://i.example", "--client", "c"), "go together"),
        (("--api", "https://a.example"), "go together"),
        (("--api", "http://a.example", *ISSUER), "over https"),
        (("--api", "http://evil-localhost", *ISSUER), "over https"),
        (("--api", "file:///v1", *ISSUER), "over https"),
        (("--api", "https://a.example", *ISSUER, "--email", "a@b.example"), "leave --email out"),
    ],
)
def test_a_token_goes_to_an_address_that_is_whole_and_over_https(
    given: tuple[str, ...], why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("ROLECALL_STACK", raising=False)
    ended = rolecall("login", *given)
    assert ended.status == 2
    assert why in " ".join(ended.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_was_not_asked_for_is_not_taken(issuer: Issuer) -> None:
    pages: list[httpx.Response] = []
    with pytest.raises(UsageError, match="nobody came back"):
        browser_token(issuer.address, "client", later(issuer, pages, state="another"), seconds=1)
    assert [page.status_code for page in pages] == [404]
    assert "c-1" not in pages[0].text


def test_a_token_of_another_question_is_refused(issuer: Issuer) -> None:
    issuer.nonce = "another"
    with pytest.raises(DeniedError, match="another question"):
        browser_token(issuer.address, "client", later(issuer, []))


def test_the_issuer_says_no(issuer: Issuer) -> None:
    with pytest.raises(DeniedError, match="access_denied"):
        browser_token(issuer.address, "client", later(issuer, [], code="", error="access_denied"))
    markup = "<script>"
    with pytest.raises(DeniedError, match="an error"):
        browser_token(issuer.address, "client", later(issuer, [], code="", error=markup))
    issuer.status = 500
    with pytest.raises(DeniedError, match="refused the sign-in: 500"):
        browser_token(issuer.address, "client", later(issuer, []))
    with pytest.raises(DeniedError, match="invalid_grant"):
        browser_token(issuer.address, "client", later(issuer, [], code="c-2"))


def test_two_logins_at_once(issuer: Issuer) -> None:
    def show(_: str) -> None:
        with pytest.raises(UsageError, match="is taken"):
            browser_token(issuer.address, "client", unasked)

    with pytest.raises(UsageError, match="nobody came back"):
        browser_token(issuer.address, "client", show, seconds=0.2)


def test_an_issuer_is_spoken_to_over_https() -> None:
    with pytest.raises(UsageError, match="over https"):
        browser_token("http://issuer.example", "client", unasked)
    with pytest.raises(AuditError, match="ConnectError"):
        browser_token("http://127.0.0.1:9", "client", unasked)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "a.e30.c", "a.W10.c", "a.\u00e9.c"])
def test_tokens_that_say_nothing(token: str) -> None:
    assert browser._claims(token) == {}
