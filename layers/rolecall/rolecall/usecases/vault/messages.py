"""What goes to a vault that is far away, and what comes back: one form of request an operation.

What comes over the wire is parsed here, and only here. A request names its operation in ``action``
and holds what that needs, and nothing else. Requests and replies hold secrets: neither is logged,
and neither shows what it holds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from rolecall.errors import UsageError
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.usecases.vault.credentials import Stored
from rolecall.vault.life import Life
from rolecall.vault.one_time import Code
from rolecall.vault.secret import Secret

__all__ = [
    "CodeRequest",
    "DestroyRequest",
    "Failure",
    "HistoryRequest",
    "LoginRequest",
    "Message",
    "RegistryId",
    "Reply",
    "Request",
    "RevealRequest",
    "RewrapRequest",
    "Rewrapping",
    "RotateRequest",
    "StoreRequest",
    "parse_request",
]

RegistryId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1_000)]


class Message(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="action",
):
    """What every request has.

    :ivar id: of the request, the same when it is sent again.
    :ivar proof: proves who sends it (:mod:`rolecall.aws.caller`).
    """

    id: Annotated[str, Meta(min_length=16, max_length=64)]
    proof: Annotated[str, Meta(max_length=8_192)] = ""

    @property
    def action(self) -> str:
        """The operation that is asked for."""
        tag = self.__struct_config__.tag
        return tag if isinstance(tag, str) else ""

    def __repr__(self) -> str:
        return f"Request({self.action}, [secure])"


class LoginRequest(Message, frozen=True, kw_only=True):
    """What every request about a login has.

    :ivar login: ``None`` for the only one of the account.
    """

    account: RegistryId
    person: RegistryId
    login: RegistryId | None = None

    def asked(self, at: datetime, via: str) -> SecretRequest:
        """Return who asks for which login, at an instant, through what was proven."""
        return SecretRequest(
            id=self.id,
            at=at,
            account=self.account,
            person=self.person,
            login=self.login,
            via=via,
        )


# What is left out is empty: that it may not be is the use case's to say, in words.


class StoreRequest(LoginRequest, frozen=True, kw_only=True, tag="store"):
    """Put a secret into the vault, or change what is beside its password."""

    secret: Secret = Secret()


class RotateRequest(LoginRequest, frozen=True, kw_only=True, tag="rotate"):
    """Put a new password in place of the one there is, and clear fields beside it."""

    secret: Secret = Secret()
    clear: tuple[str, ...] = ()


class RevealRequest(LoginRequest, frozen=True, kw_only=True, tag="reveal"):
    """Give a secret out: of a version, or with the seed of one-time codes."""

    reason: str = ""
    version: int | None = None
    seed: bool = False


class CodeRequest(LoginRequest, frozen=True, kw_only=True, tag="code"):
    """Give the one-time code of this moment."""


class HistoryRequest(LoginRequest, frozen=True, kw_only=True, tag="history"):
    """Tell every version there was, and who has known it."""


class DestroyRequest(LoginRequest, frozen=True, kw_only=True, tag="destroy"):
    """Delete all that is kept of a secret."""


class RewrapRequest(Message, frozen=True, kw_only=True, tag="rewrap"):
    """Wrap some more data keys anew."""


Request: TypeAlias = (
    StoreRequest
    | RotateRequest
    | RevealRequest
    | CodeRequest
    | HistoryRequest
    | DestroyRequest
    | RewrapRequest
)


class Failure(Struct, frozen=True):
    """Why nothing was given: a kind for programs, a message for people."""

    kind: Literal["denied", "input", "conflict", "unreadable", "failed"]
    message: str


class Rewrapping(Struct, frozen=True):
    """How far a rewrapping is: secrets that are done, and parts of the vault, of how many."""

    count: int
    done: int
    of: int


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer: one of these. Its form is that of the first release, which clients still read."""

    stored: Stored | None = None
    secret: Secret | None = None
    code: Code | None = None
    life: Life | None = None
    rewrapping: Rewrapping | None = None
    failure: Failure | None = None

    def __repr__(self) -> str:
        return "Reply([secure])"


def parse_request(event: Any) -> Request:
    """Return what was sent as a request.

    :raises UsageError: it is none; the message says where, and shows nothing of it.
    """
    try:
        request: Request = msgspec.convert(event, Request)
    except msgspec.ValidationError as error:
        # The message may quote a value; where it was wrong is enough.
        _, found, where = str(error).rpartition(" - at ")
        raise UsageError(
            f"not a request to the vault: see {where if found else 'the names of its fields'}"
        ) from None
    return request
