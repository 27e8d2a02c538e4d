"""The counter: requests about secrets as data, and their answers.

What comes over a wire is parsed here, and only here; what goes back is an answer or an error that
is fit for a person. Both hold secrets: neither is ever logged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, TypeAlias

import msgspec
from msgspec import Meta, Struct

from rolecall.errors import (
    DeniedError,
    InputError,
    RolecallError,
    SecretUnreadableError,
    UsageError,
)
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.usecases.vault.credentials import Stored
from rolecall.vault.life import Life
from rolecall.vault.one_time import Code
from rolecall.vault.secret import Secret

__all__ = [
    "Failure",
    "Reply",
    "Request",
    "RequestId",
    "Rewrapping",
    "VaultService",
    "parse_request",
    "serve",
]

RequestId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1_000)]


class Request(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One request. What an action does not need is left out.

    :ivar id: of the request, the same when it is sent again.
    :ivar proof: proves who sends it (:mod:`rolecall.aws.caller`).
    """

    action: Literal["store", "rotate", "reveal", "code", "history", "destroy", "rewrap"]
    id: Annotated[str, Meta(min_length=16, max_length=64)]
    account: RequestId = "-"
    person: RequestId = "-"
    login: RequestId | None = None
    proof: Annotated[str, Meta(max_length=8_192)] = ""
    secret: Secret | None = None
    clear: tuple[str, ...] = ()
    reason: str = ""
    version: int | None = None
    seed: bool = False

    def __repr__(self) -> str:
        return f"Request({self.action}, [secure])"


class Failure(Struct, frozen=True):
    """Why nothing was given: a kind for programs, a message for people."""

    kind: Literal["denied", "input", "unreadable", "failed"]
    message: str


class Rewrapping(Struct, frozen=True):
    """How far a rewrapping is: secrets that are done, and parts of the vault, of how many."""

    count: int
    done: int
    of: int


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer: one of these."""

    stored: Stored | None = None
    secret: Secret | None = None
    code: Code | None = None
    life: Life | None = None
    rewrapping: Rewrapping | None = None
    failure: Failure | None = None

    def __repr__(self) -> str:
        return "Reply([secure])"


class VaultService(Protocol):
    """Who serves requests: a vault at hand, or one far away. See there for what each raises."""

    def store(self, ask: SecretRequest, secret: Secret) -> Stored:
        """Put a secret into the vault, or change what is beside its password."""
        ...

    def rotate(self, ask: SecretRequest, secret: Secret, clear: tuple[str, ...] = ()) -> Stored:
        """Put a new password in place of the one there is."""
        ...

    def reveal(
        self, ask: SecretRequest, reason: str, *, version: int | None = None, seed: bool = False
    ) -> Secret:
        """Return a secret."""
        ...

    def code(self, ask: SecretRequest) -> Code:
        """Return the one-time code of this moment."""
        ...

    def history(self, ask: SecretRequest) -> Life:
        """Return every version there was, and who has known it."""
        ...

    def destroy(self, ask: SecretRequest) -> Life:
        """Delete all that is kept of a secret."""
        ...


def parse_request(event: Any) -> Request:
    """Return what was sent as a request.

    :raises UsageError: it is none; the message says where, and shows nothing of it.
    """
    try:
        return msgspec.convert(event, Request)
    except msgspec.ValidationError as error:
        # The message may quote a value; where it was wrong is enough.
        _, found, where = str(error).rpartition(" - at ")
        raise UsageError(
            f"not a request to the vault: see {where if found else 'the names of its fields'}"
        ) from None


def serve(
    counter: VaultService,
    request: Request,
    at: datetime,
    via: str,
    rewrap: Callable[[datetime, str], Rewrapping],
) -> Reply:
    """Serve a request; errors that a person can do something about are answers too.

    :param via: who sent it, proven.
    :param rewrap: rewraps some more secrets, at an instant, for whoever sent it.
    """
    ask = SecretRequest(
        id=request.id,
        at=at,
        account=request.account,
        person=request.person,
        login=request.login,
        via=via,
    )
    try:
        if request.action == "rewrap":
            return Reply(rewrapping=rewrap(at, via))
        return _served(counter, request, ask)
    except DeniedError as error:
        return Reply(failure=Failure("denied", str(error)))
    except InputError as error:
        return Reply(failure=Failure("input", str(error)))
    except SecretUnreadableError as error:
        return Reply(failure=Failure("unreadable", str(error)))
    except RolecallError as error:
        return Reply(failure=Failure("failed", str(error)))


def _served(counter: VaultService, request: Request, ask: SecretRequest) -> Reply:
    match request.action:
        case "store":
            return Reply(stored=counter.store(ask, request.secret or Secret()))
        case "rotate":
            secret = request.secret or Secret()
            return Reply(stored=counter.rotate(ask, secret, request.clear))
        case "reveal":
            version, seed = request.version, request.seed
            return Reply(secret=counter.reveal(ask, request.reason, version=version, seed=seed))
        case "code":
            return Reply(code=counter.code(ask))
        case "history":
            return Reply(life=counter.history(ask))
        case "destroy":
            return Reply(life=counter.destroy(ask))
        case "rewrap":
            raise AssertionError
