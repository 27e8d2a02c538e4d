"""What somebody saw of a thing that they decide about: nothing is decided that was not read."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec
from msgspec import Struct

from rolecall.errors import DeniedError, PreconditionError
from rolecall.model import Person
from rolecall.usecases.identity.registry_view import RegistryView

__all__ = ["asker_stands", "check_seen", "check_serving", "etag"]

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


def asker_stands(view: RegistryView, person: str, asked_at: datetime, at: datetime) -> bool:
    """Tell whether what somebody asked for still is theirs to ask.

    They serve, and the sign-in by which they asked was not let go since, nor given to another: two
    decided then that who signs in by it is not they.
    """
    known, changed = view.person(person), view.sign_in_changed(person)
    if known is None or not known.is_active(at.date()):
        return False
    return changed is None or changed < asked_at


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
