"""Speaks to the API for the commands of heads and officers, with a token in a file of mode 0600."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from rolecall.cli.arguments import configured
from rolecall.durable import make_directory, replace, whole
from rolecall.errors import (
    AuditError,
    ConflictError,
    DeniedError,
    InputError,
    NotFoundError,
    UsageError,
)

__all__ = [
    "ApiClient",
    "Session",
    "download",
    "reachable",
    "read_session",
    "session_file",
    "write_session",
]


class Session(Struct, frozen=True):
    """Where the API is, and who is signed in until when."""

    url: str
    token: str
    email: str
    expires: datetime

    def __repr__(self) -> str:
        return f"Session({self.url!r}, {self.email!r}, [secure])"


def session_file() -> Path:
    """Return where the session is kept."""
    return configured("session")


def write_session(session: Session) -> Path:
    """Keep a session in a file that nobody else may read; return where."""
    path = session_file()
    make_directory(path.parent)
    replace(path, msgspec.json.encode(session))
    return path


def read_session(now: datetime) -> Session:
    """Return the session.

    :raises UsageError: nobody is signed in, or not any more.
    """
    try:
        session = msgspec.json.decode(session_file().read_bytes(), type=Session)
    except FileNotFoundError:
        raise UsageError("nobody is signed in; rolecall login does that") from None
    except (OSError, msgspec.MsgspecError):
        raise UsageError(f"{session_file()}: cannot be read; sign in again") from None
    if session.expires <= now:
        raise UsageError(f"the sign-in was good until {session.expires}; sign in again")
    return session


class ApiClient:
    """The API, as whoever is signed in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, path: str, **query: str | None) -> Any:
        """Return what is there.

        :raises InputError: the API says no; the message is the API's.
        :raises AuditError: it could not be reached, or failed.
        """
        given = {name: value for name, value in query.items() if value is not None}
        return self._send("GET", path, given, None)

    def post(self, path: str, body: Mapping[str, Any], **query: str) -> Any:
        """Send something, and return what came of it; see :meth:`get`."""
        return self._send("POST", path, query, body)

    def approve(self, path: str, tag: str) -> Any:
        """Approve what was read, which a tag names; see :meth:`get`."""
        return self._send("POST", path, {}, None, {"If-Match": tag})

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None,
        more: Mapping[str, str] = {},
    ) -> Any:
        import httpx

        base, headers = reachable(self._session.url)
        headers |= {**more, "Authorization": f"Bearer {self._session.token}"}
        try:
            answer = httpx.request(
                method, f"{base}{path}", params=query, json=body, headers=headers, timeout=30
            )
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            # The error may name the address, never the token.
            raise AuditError(f"{self._session.url}: {type(error).__name__}") from None
        if answer.status_code >= 400:
            raise _raised(answer.status_code, found)
        return found


def download(url: str, path: Path) -> str:
    """Write what is at an address to a new file; return its SHA-256 (hex).

    :raises AuditError: it could not be had; the file is not there then.
    """
    import httpx

    digest = hashlib.sha256()
    try:
        with whole(path) as file, httpx.stream("GET", url, timeout=60) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                digest.update(piece)
                file.write(piece)
    except httpx.HTTPError as error:
        # The address is as good as the report: it stays out of the message.
        raise AuditError(f"downloading {path.name}: {type(error).__name__}") from None
    return digest.hexdigest()


def reachable(url: str) -> tuple[str, dict[str, str]]:
    """Return the address of an API to connect to, and the headers that it takes.

    Names below ``localhost`` are this machine (RFC 6761), which not every resolver knows.

    :raises UsageError: a token would go there over no TLS, or nowhere.
    """
    host = urlsplit(url).hostname or ""
    if host.endswith(".localhost"):
        parts = urlsplit(url)
        return f"{parts.scheme}://127.0.0.1:{parts.port}", {"Host": parts.netloc}
    if urlsplit(url).scheme != "https" or not host:
        raise UsageError(f"{url}: the API is spoken to over https")
    return url, {}


def _raised(status: int, found: Any) -> Exception:
    told = found if isinstance(found, dict) else {}
    message = str(told.get("detail") or told.get("message") or f"status {status}")
    for one in told.get("fields", ()):
        message += f"; {one['field']}: {one['problem']}"
    match status:
        case 401:
            return DeniedError("the token is not good any more; sign in again")
        case 403:
            return DeniedError(message)
        case 404:
            return NotFoundError(message)
        case 409:
            kind = str(told.get("type", "")).rpartition(":")[2]
            if told.get("candidates"):
                message += f" (could be added: {', '.join(told['candidates'])})"
            return ConflictError(kind, message)
        case _ if status < 500:
            return InputError(message)
        case _:
            return AuditError(f"the API failed: {message}")
