"""The vault of a stack from outside: every request goes to the credential function."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from rolecall.aws.caller import prove_caller
from rolecall.aws.clients import client, storage
from rolecall.errors import (
    ConflictError,
    DeniedError,
    RolecallError,
    SecretUnreadableError,
    StorageError,
    UsageError,
)
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.usecases.vault.credentials import Stored
from rolecall.usecases.vault.messages import (
    CodeRequest,
    DestroyRequest,
    Failure,
    HistoryRequest,
    LoginRequest,
    Message,
    Reply,
    RevealRequest,
    RewrapRequest,
    RotateRequest,
    StoreRequest,
)
from rolecall.vault.life import Life
from rolecall.vault.one_time import Code
from rolecall.vault.secret import Secret

__all__ = ["VaultClient"]

T = TypeVar("T")


class VaultClient:
    """A :class:`~rolecall.usecases.vault.service.VaultService` that is served by a stack.

    Each method raises what the use case raises there, and
    :class:`~rolecall.errors.StorageError` where the stack could not be reached.
    """

    def __init__(self, stack: str, function: str) -> None:
        """Use a stack.

        :param stack: its name, which a request proves its caller to.
        :param function: the ARN of its credential function.
        """
        self._stack = stack
        self._function = function
        self._functions = client("lambda")

    def store(self, ask: SecretRequest, secret: Secret) -> Stored:
        """Put a secret into the vault, or change what is beside its password."""
        return _there(self._send(StoreRequest, ask, secret=secret).stored)

    def rotate(self, ask: SecretRequest, secret: Secret, clear: tuple[str, ...] = ()) -> Stored:
        """Put a new password in place of the one there is."""
        return _there(self._send(RotateRequest, ask, secret=secret, clear=clear).stored)

    def reveal(
        self, ask: SecretRequest, reason: str, *, version: int | None = None, seed: bool = False
    ) -> Secret:
        """Return a secret."""
        given = {"reason": reason, "version": version, "seed": seed}
        return _there(self._send(RevealRequest, ask, **given).secret)

    def code(self, ask: SecretRequest) -> Code:
        """Return the one-time code of this moment."""
        return _there(self._send(CodeRequest, ask).code)

    def history(self, ask: SecretRequest) -> Life:
        """Return every version there was, and who has known it."""
        return _there(self._send(HistoryRequest, ask).life)

    def destroy(self, ask: SecretRequest) -> Life:
        """Delete all that is kept of a secret."""
        return _there(self._send(DestroyRequest, ask).life)

    def rewrap(self, show: Callable[[int, int], object] | None) -> int:
        """Have every data key wrapped anew; return how many.

        :param show: called with how much of the vault is done, and of how much.
        """
        while True:
            reply = self._answer(RewrapRequest, id=secrets.token_hex(16))
            state = _there(reply.rewrapping)
            if show is not None:
                show(state.done, state.of)
            if state.done == state.of:
                return state.count

    def _send(self, kind: type[LoginRequest], ask: SecretRequest, **given: Any) -> Reply:
        who = {"account": ask.account, "person": ask.person, "login": ask.login}
        return self._answer(kind, id=ask.id, **who, **given)

    def _answer(self, kind: type[Message], **given: Any) -> Reply:
        request = kind(**given, proof=prove_caller(self._stack, given["id"]))
        with storage("asking the vault"):
            answer = self._functions.invoke(
                FunctionName=self._function,
                Payload=msgspec.json.encode(request),
            )
            data = answer["Payload"].read()
        if "FunctionError" in answer:
            raise StorageError("the vault failed; its log in CloudWatch says where")
        reply = msgspec.json.decode(data, type=Reply)
        if reply.failure is not None:
            raise _raised(reply.failure)
        return reply


def _raised(failure: Failure) -> RolecallError:
    match failure.kind:
        case "denied":
            return DeniedError(failure.message)
        case "input":
            return UsageError(failure.message)
        case "conflict":
            # There is one kind of them: a request id that was another's.
            return ConflictError("idempotency-mismatch", failure.message)
        case "unreadable":
            return SecretUnreadableError()
        case "failed":
            return StorageError(failure.message)


def _there(found: T | None) -> T:
    if found is None:
        raise StorageError("the vault gave another answer than was asked for")
    return found
