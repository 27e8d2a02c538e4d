"""Who serves requests about secrets, at hand or far away, and how a request is served.

Errors that a person can do something about are answers too; whatever else goes wrong is the
caller's to say, without what it was about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from rolecall.errors import (
    ConflictError,
    DeniedError,
    InputError,
    RolecallError,
    SecretUnreadableError,
)
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.usecases.vault.credentials import Stored
from rolecall.usecases.vault.messages import (
    CodeRequest,
    DestroyRequest,
    Failure,
    HistoryRequest,
    Reply,
    Request,
    RevealRequest,
    Rewrapping,
    RewrapRequest,
    RotateRequest,
    StoreRequest,
)
from rolecall.vault.life import Life
from rolecall.vault.one_time import Code
from rolecall.vault.secret import Secret

__all__ = ["VaultService", "serve"]


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


def serve(
    vault: VaultService,
    request: Request,
    at: datetime,
    via: str,
    rewrap: Callable[[datetime, str], Rewrapping],
) -> Reply:
    """Serve a request; errors that a person can do something about are answers too.

    :param via: who sent it, proven.
    :param rewrap: rewraps some more secrets, at an instant, for whoever sent it.
    """
    try:
        return _served(vault, request, at, via, rewrap)
    except DeniedError as error:
        return Reply(failure=Failure("denied", str(error)))
    except ConflictError as error:
        return Reply(failure=Failure("conflict", str(error)))
    except InputError as error:
        return Reply(failure=Failure("input", str(error)))
    except SecretUnreadableError as error:
        return Reply(failure=Failure("unreadable", str(error)))
    except RolecallError as error:
        return Reply(failure=Failure("failed", str(error)))


def _served(
    vault: VaultService,
    request: Request,
    at: datetime,
    via: str,
    rewrap: Callable[[datetime, str], Rewrapping],
) -> Reply:
    match request:
        case RewrapRequest():
            return Reply(rewrapping=rewrap(at, via))
        case StoreRequest(secret=secret):
            return Reply(stored=vault.store(request.asked(at, via), secret))
        case RotateRequest(secret=secret, clear=clear):
            return Reply(stored=vault.rotate(request.asked(at, via), secret, clear))
        case RevealRequest(reason=reason, version=version, seed=seed):
            asked = request.asked(at, via)
            return Reply(secret=vault.reveal(asked, reason, version=version, seed=seed))
        case CodeRequest():
            return Reply(code=vault.code(request.asked(at, via)))
        case HistoryRequest():
            return Reply(life=vault.history(request.asked(at, via)))
        case DestroyRequest():
            return Reply(life=vault.destroy(request.asked(at, via)))
