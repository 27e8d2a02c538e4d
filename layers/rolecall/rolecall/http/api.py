"""What the routes work with, and how they are described."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from rolecall.usecases.governance.log_proofs import ProofStore
from rolecall.usecases.governance.registry_changes import ChangeStore
from rolecall.usecases.governance.run_control import RunStore
from rolecall.usecases.governance.sign_off import ReportStore
from rolecall.usecases.governance.waivers import WaiverStore
from rolecall.usecases.identity.permissions import Caller
from rolecall.usecases.queries.read_store import ReadStore
from rolecall.usecases.revoking.rate_limit import RateLimiter
from rolecall.usecases.revoking.revocations import RevocationStore

if TYPE_CHECKING:
    # It loads the cryptography of the vault, which the API has no use for.
    from rolecall.usecases.vault.service import VaultService

__all__ = ["Api", "Archive", "IdempotencyStore", "Resources"]


class Archive(RunStore, ReportStore, ProofStore, Protocol):
    """Runs, reports and the sealed log."""


class IdempotencyStore(Protocol):
    """Answers that are kept, so that a request that is sent again is done once."""

    def run(
        self, key: str, request: str, work: Callable[[], dict[str, Any]], context: Any
    ) -> dict[str, Any]:
        """Return what a work gave the first time; what it raises is not kept.

        :raises ConflictError: the request is another one, or is being served at this moment.
        """
        ...


class Resources(Protocol):
    """What the routes need; each is made when it is first asked for."""

    @property
    def reader(self) -> ReadStore:
        """What is kept, to read."""
        ...

    @property
    def revocations(self) -> RevocationStore:
        """What is changed."""
        ...

    @property
    def rate_limit(self) -> RateLimiter:
        """What counts revocations."""
        ...

    @property
    def registrar(self) -> ChangeStore:
        """What is edited."""
        ...

    @property
    def waivers(self) -> WaiverStore:
        """What is accepted."""
        ...

    @property
    def archive(self) -> Archive:
        """Runs, reports and checkpoints."""
        ...

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers that are kept."""
        ...

    @property
    def vault_service(self) -> VaultService:
        """The vault."""
        ...


class Api:
    """What the routes work with.

    :ivar caller: returns who calls, from the event that is served.
    :ivar clock: returns this instant.
    """

    def __init__(
        self, resources: Resources, caller: Callable[[], Caller], clock: Callable[[], datetime]
    ) -> None:
        self._resources = resources
        self.caller = caller
        self.clock = clock

    def reader(self) -> ReadStore:
        """Return what is kept, to read."""
        return self._resources.reader

    def revocations(self) -> RevocationStore:
        """Return what is changed."""
        return self._resources.revocations

    def rate_limit(self) -> RateLimiter:
        """Return what counts revocations."""
        return self._resources.rate_limit

    def registrar(self) -> ChangeStore:
        """Return what is edited."""
        return self._resources.registrar

    def waivers(self) -> WaiverStore:
        """Return what is accepted."""
        return self._resources.waivers

    def archive(self) -> Archive:
        """Return runs, reports and checkpoints."""
        return self._resources.archive

    def idempotency(self) -> IdempotencyStore:
        """Return the answers that are kept."""
        return self._resources.idempotency

    def vault(self) -> VaultService:
        """Return what serves requests about secrets."""
        return self._resources.vault_service
