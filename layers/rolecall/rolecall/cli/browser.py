"""Signs somebody in with their browser: authorisation code with PKCE (RFC 7636, RFC 8252).

The browser comes back to this machine with a code, which is good for nothing without the verifier
that never left this process. The password, and the second factor, are between browser and issuer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from rolecall.errors import AuditError, DeniedError, UsageError
from rolecall.system import IS_WINDOWS

__all__ = ["CALLBACK", "browser_token", "challenge_of"]

_PORT = 8976
CALLBACK = f"http://localhost:{_PORT}/callback"
"""Where the browser comes back; the user pool, or an issuer of one's own, knows it by heart."""
_SECONDS = 300
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Rolecall</title>'
    "<p>{}</p><p>You may close this page.</p></html>"
)


def challenge_of(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636, section 4.2, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def browser_token(
    issuer: str, client: str, show: Callable[[str], object], *, seconds: float = _SECONDS
) -> tuple[str, int]:
    """Return an ID token, and for how many seconds it is good.

    :param issuer: its address; where to go is looked up there (OpenID Connect Discovery).
    :param client: the id of the client.
    :param show: called with the address to open in a browser.
    :param seconds: how long to wait for the browser to come back.
    :raises DeniedError: the issuer says no, or the answer is not to what was asked.
    :raises UsageError: the port is taken, or nobody came back.
    :raises AuditError: the issuer could not be reached.
    """
    places = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    verifier, state, nonce = (secrets.token_urlsafe(48) for _ in range(3))
    query = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": CALLBACK,
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    with _Server(state) as server:
        show(f"{places['authorization_endpoint']}?{urlencode(query)}")
        code = server.wait(seconds)
    given = {
        "grant_type": "authorization_code",
        "client_id": client,
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": verifier,
    }
    answer = _asked("POST", places["token_endpoint"], given)
    token = str(answer.get("id_token", ""))
    # The gateway verifies the token; here it must only be the one that was asked for.
    if not hmac.compare_digest(str(_claims(token).get("nonce", "")), nonce):
        raise DeniedError("the issuer answered another question; sign in again")
    return token, int(answer.get("expires_in", 3_600))


def _claims(token: str) -> dict[str, Any]:
    part = f"{token}..".split(".")[1]
    try:
        found = msgspec.json.decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _asked(method: str, url: str, data: dict[str, str] | None = None) -> dict[str, Any]:
    import httpx

    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise UsageError(f"{url}: an issuer is spoken to over https")
    try:
        answer = httpx.request(method, url, data=data, timeout=30)
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        # Neither code nor verifier may stand in a message.
        raise AuditError(f"{parts.hostname}: {type(error).__name__}") from None
    if answer.status_code >= 400 or not isinstance(found, dict):
        told = found.get("error", "") if isinstance(found, dict) else ""
        raise DeniedError(f"{parts.hostname} refused the sign-in: {told or answer.status_code}")
    return found


class _Server(HTTPServer):
    """Waits on this machine for the browser to come back."""

    # On Windows to reuse an address is to take it from whoever listens there.
    allow_reuse_address = not IS_WINDOWS

    def __init__(self, state: str) -> None:
        self.state = state
        self.code = ""
        self.problem = ""
        try:
            super().__init__(("127.0.0.1", _PORT), _Handler)
        except OSError as error:
            raise UsageError(
                f"port {_PORT} of this machine is taken: {error.strerror}; is another login "
                "waiting?"
            ) from error

    def wait(self, seconds: float) -> str:
        """Return the code."""
        deadline = time.monotonic() + seconds
        while not self.code and not self.problem:
            self.timeout = deadline - time.monotonic()
            if self.timeout <= 0:
                raise UsageError("nobody came back from the browser; sign in again")
            self.handle_request()
        if self.problem:
            raise DeniedError(f"the issuer refused the sign-in: {self.problem}")
        return self.code


class _Handler(BaseHTTPRequestHandler):
    """Takes what the browser brings back; anything else on this machine gets nothing."""

    server: _Server
    timeout = 10

    def do_GET(self) -> None:
        """Take the code, if it is the answer to what was asked."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != "/callback" or not hmac.compare_digest(
            query.get("state", "").encode(), self.server.state.encode()
        ):
            self._answer(404, "This is not what was asked for.")
        elif query.get("code"):
            self.server.code = query["code"]
            self._answer(200, "You are signed in.")
        else:
            error = query.get("error", "no code")
            self.server.problem = error if error.replace("_", "").isalnum() else "an error"
            self._answer(400, "You are not signed in.")

    def _answer(self, status: int, text: str) -> None:
        data = _PAGE.format(text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the address has the code in it."""
