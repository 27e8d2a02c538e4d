"""What is kept of a registry, its findings, its log and its revocations, to read page by page.

Who may see what is decided by those who read: a store gives what it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from rolecall.finding_state import FindingState
from rolecall.model import Entity, Person, Severity
from rolecall.registry.documents import AccountDocument
from rolecall.status import FindingStanding
from rolecall.usecases.identity.discretion import IncidentView
from rolecall.usecases.identity.stewardship import Stewardship
from rolecall.usecases.revoking.revocations import Revocation

__all__ = ["ReadStore"]


class ReadStore(IncidentView, Protocol):
    """What is kept, to read."""

    def entities(self, first: str, most: int) -> tuple[Sequence[Entity], bool]:
        """Return entities by id, and whether there are more.

        :param first: the ids begin with this one or the next after it; empty for the first of all.
        """
        ...

    def known(self, entities: Collection[str]) -> Mapping[str, Entity]:
        """Return those of some entities that there are, by id."""
        ...

    def stewardship(self, person: str, most: int) -> Stewardship:
        """Return the entities that a person heads or helps, and those below.

        :param most: with more than so many, those that are below stay out.
        """
        ...

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it, nearest first; nothing where there is none."""
        ...

    def account(self, account: str) -> AccountDocument | None:
        """Return an account."""
        ...

    def accounts(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[AccountDocument], str | None]:
        """Return accounts of an entity by id, and where more are."""
        ...

    def accounts_at(self, places: Collection[tuple[str, str]]) -> Sequence[AccountDocument]:
        """Return those of some accounts that there are.

        :param places: an entity and the id of an account of it, each once.
        """
        ...

    def person(self, person: str) -> Person | None:
        """Return a person."""
        ...

    def people(self, ids: Collection[str]) -> Mapping[str, Person]:
        """Return those of some people that there are, by id."""
        ...

    def held(self, person: str) -> Sequence[str]:
        """Return the ids of the accounts on which a person has a grant, live or not."""
        ...

    def findings(
        self,
        entity: str | None,
        status: FindingStanding,
        severity: Severity | None,
        after: str | None,
        most: int,
    ) -> tuple[list[FindingState], str | None]:
        """Return findings of an entity, or of none, that stand so: the worst first, and where more
        are.

        :param severity: of this one alone.
        :param after: where more are, as it was returned.
        """
        ...

    def finding(self, where: int, id_: str) -> FindingState | None:
        """Return a finding by its place and id."""
        ...

    def records(self, entity: str | None, first: str, most: int) -> tuple[list[bytes], str | None]:
        """Return records of the log about an entity, or about none, and where more are.

        :param first: an instant (ISO 8601) from which on, or where more are.
        """
        ...

    def revocation(self, id_: str) -> Revocation | None:
        """Return a revocation."""
        ...

    def revocations(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[Revocation], str | None]:
        """Return revocations of an entity, the latest first, and where more are."""
        ...
