"""What lets somebody outside check the log: its latest checkpoint, and proof bundles of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rolecall.errors import NotFoundError
from rolecall.model import Entity
from rolecall.usecases.identity.permissions import Caller, need, need_reach

__all__ = ["LogProofs", "ProofStore"]


class ProofStore(Protocol):
    """The sealed log."""

    def checkpoint(self) -> bytes | None:
        """Return the published checkpoint of the largest size."""
        ...

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        ...

    def bundle(self, entity: str | None) -> bytes:
        """Return a proof bundle: of an entity, complete by proof, or of all.

        :raises ConflictError: the log is too long for it.
        :raises UsageError: nothing was sealed.
        """
        ...


class LogProofs:
    """What one caller may take of the log's proofs."""

    def __init__(self, store: ProofStore, caller: Caller) -> None:
        self._store = store
        self._caller = caller

    def proof(self, entity: str | None) -> bytes:
        """Return a proof bundle of the log: of an entity, or of all.

        :raises NotFoundError: there is no such entity, or it is not for this caller.
        :raises ConflictError: the log is too long for it.
        """
        need_reach(self._caller, "read log", entity, self._store.lineage, absent="there is no log")
        return self._store.bundle(entity)

    def checkpoint(self) -> bytes:
        """Return the latest checkpoint, for whoever keeps one.

        :raises NotFoundError: nothing was sealed, or the caller reads no logs.
        """
        need(self._caller, "read log", "there is no checkpoint")
        found = self._store.checkpoint()
        if found is None:
            raise NotFoundError("there is no checkpoint")
        return found
