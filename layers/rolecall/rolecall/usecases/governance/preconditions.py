"""What somebody saw of a thing that they decide about: nothing is decided that was not read."""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec
from msgspec import Struct

from rolecall.errors import DeniedError, PreconditionError
from rolecall.model import Person

__all__ = ["check_seen", "check_serving", "etag"]

_encode = msgspec.json.Encoder(order="sorted").encode


def etag(seen: Struct | None) -> str:
    """Return what names the content of a thing, as HTTP has it; empty for nothing."""
    if seen is None:
        return ""
    return f'"{hashlib.sha256(_encode(seen)).hexdigest()[:32]}"'


def check_serving(caller: Person | None, today: date) -> None:
    """Hold a caller to serve at the moment for which something is decided.

    Of two who suspend each other at once both had signed in before: one is first, and the other
    decides anew, and is suspended by then.

    :raises DeniedError: they do not.
    """
    if caller is None or not caller.is_active(today):
        raise DeniedError("you are not an active person of the roster")


def check_seen(match: str | None, tag: str) -> None:
    """Hold a thing to be what somebody saw.

    :param match: the ``If-Match`` of their request.
    :param tag: that names the thing as it is now; empty where there is none.
    :raises PreconditionError: it is not, or they do not say what they saw.
    """
    if match is None:
        raise PreconditionError(
            "precondition-required", "say what you saw: If-Match with the ETag that it had"
        )
    if not tag or match != tag:
        raise PreconditionError("precondition-failed", "it is not what you saw; read it again")
