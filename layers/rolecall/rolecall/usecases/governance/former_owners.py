"""Whose a sign-in was: who signs in by it is the same human being, whoever they are by now."""

from __future__ import annotations

from typing import Protocol

from rolecall.usecases.identity.involvement import SignInChange

__all__ = ["FormerOwners", "sign_in_change"]


class FormerOwners(Protocol):
    """What remembers whose sign-ins were."""

    def former_owners(self, mark: str) -> frozenset[str]:
        """Return whose sign-in it was, before it was let go."""
        ...


def sign_in_change(store: FormerOwners, person: str, mark: str | None) -> SignInChange:
    """Return what it is that a person signs in by a sign-in, with whose it was before."""
    former = frozenset[str]() if mark is None else store.former_owners(mark)
    return SignInChange(person, mark, former)
