"""What has to be known of the registry to tell whom something is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from rolecall.model import Entity, Person
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.identity.discretion import IncidentView

__all__ = ["RegistryView"]


class RegistryView(IncidentView, Protocol):
    """The registry, as far as it tells whom something is about, and who gains."""

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it, nearest first; nothing where there is none."""
        ...

    def person(self, person: str) -> Person | None:
        """Return a person."""
        ...

    def account(self, account: str) -> AccountDocument | None:
        """Return an account."""
        ...

    def accounts(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[AccountDocument], str | None]:
        """Return accounts of an entity by id, and where more are."""
        ...

    def accounts_named(self, platform: str, handle: str) -> Sequence[str]:
        """Return the ids of accounts that go by a name, however it is spelled, or once did."""
        ...

    def sign_in_changed(self, person: str) -> datetime | None:
        """Return when a person's sign-in was last taken from them, if it ever was."""
        ...

    def held(self, person: str) -> Sequence[str]:
        """Return the ids of the accounts on which a person has a grant, live or not."""
        ...

    def is_named(self, kind: Literal["person", "entity"], id_: str) -> bool:
        """Tell whether something names a record that need not be there: a person's a grant, an
        entity or a sign-in; an entity's one below it or an account."""
        ...
