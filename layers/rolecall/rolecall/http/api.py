"""What the routes work with, and how they are described."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from rolecall.usecases.authority import Caller
from rolecall.usecases.brake import Brake
from rolecall.usecases.editing import Registrar
from rolecall.usecases.officers import Archive
from rolecall.usecases.revocations import Desk
from rolecall.usecases.views import Books, Views
from rolecall.usecases.waiving import Register

if TYPE_CHECKING:
    # It loads the cryptography of the vault, which the API has no use for.
    from rolecall.usecases.counter import Counter

__all__ = ["Api", "Resources"]


class FullDesk(Desk, Brake, Protocol):
    """Where revocations are kept and counted."""


class Office(Registrar, Register, Protocol):
    """What registrars edit, and officers accept."""


class Once(Protocol):
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
    def books(self) -> Books:
        """What is kept, to read."""
        ...

    @property
    def desk(self) -> FullDesk:
        """What is changed."""
        ...

    @property
    def registrar(self) -> Office:
        """What is edited and accepted."""
        ...

    @property
    def archive(self) -> Archive:
        """Runs, reports and checkpoints."""
        ...

    @property
    def once(self) -> Once:
        """Answers that are kept."""
        ...

    @property
    def counter(self) -> Counter:
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

    def books(self) -> Books:
        """Return what is kept, to read."""
        return self._resources.books

    def desk(self) -> FullDesk:
        """Return what is changed."""
        return self._resources.desk

    def registrar(self) -> Office:
        """Return what is edited and accepted."""
        return self._resources.registrar

    def archive(self) -> Archive:
        """Return runs, reports and checkpoints."""
        return self._resources.archive

    def once(self) -> Once:
        """Return the answers that are kept."""
        return self._resources.once

    def vault(self) -> Counter:
        """Return what serves requests about secrets."""
        return self._resources.counter

    def views(self) -> Views:
        """Return what the caller may see."""
        return Views(self.books(), self.caller())
