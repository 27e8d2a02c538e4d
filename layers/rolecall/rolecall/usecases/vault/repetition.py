"""A request that comes again, told from another that comes under the same id.

A key that a caller chose stands for one request for a day. What a request writes is kept with the
version that it made, as a MAC under the vault's key: the same again is answered with that version,
and something else under the key is a conflict. Nothing is thrown away and called done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import timedelta

import msgspec
from msgspec.structs import asdict

from rolecall.errors import ConflictError
from rolecall.finding import identity
from rolecall.usecases.vault.admission import AdmittedRequest, VaultStore
from rolecall.vault.fingerprint import Mac
from rolecall.vault.life import Version
from rolecall.vault.secret import Secret

__all__ = ["content_mark", "days_of", "destroyed_before", "written_before"]

_DOMAIN = b"rolecall request 1\0"
_DAY = timedelta(days=1)
_HEX = 32


def content_mark(case: AdmittedRequest, secret: Secret, clear: Collection[str], mac: Mac) -> str:
    """Return what binds a request to what it writes: its id, and a MAC of both."""
    name = _name(case)
    told = msgspec.json.encode([name, asdict(secret), sorted(clear)])
    message = _DOMAIN + hashlib.sha256(told).digest()
    return f"{name}:{mac.mac(message).hex()[:_HEX]}"


def written_before(case: AdmittedRequest, mark: str) -> Version | None:
    """Return the version that a request made, if it comes again within a day.

    :raises ConflictError: under its id something else was written.
    """
    for version in case.life.versions:
        if version.at <= case.ask.at - _DAY or not version.request.startswith(f"{_name(case)}:"):
            continue
        if version.request == mark:
            return version
        raise _conflict()
    return None


def destroyed_before(vault: VaultStore, case: AdmittedRequest) -> bool:
    """Tell whether a request to destroy comes again, and nothing was stored since.

    :raises ConflictError: what is there now is not what the request destroyed.
    """
    if not any(vault.recorded(case.event_id(day)) for day in days_of(case)):
        return False
    if case.life.current is not None:
        raise _conflict()
    return True


def days_of(case: AdmittedRequest) -> tuple[str, str]:
    """Return the day of a request, and the one before: one of them is in the id of its event."""
    at = case.ask.at
    return at.date().isoformat(), (at - _DAY).date().isoformat()


def _name(case: AdmittedRequest) -> str:
    return identity("request", case.event_id())


def _conflict() -> ConflictError:
    return ConflictError(
        "idempotency-mismatch",
        "this Idempotency-Key was sent with another request; take a new one",
    )
