"""What is stored of decisions, where one of them cannot be read.

One document that somebody spoiled by hand hides no other: a list has those that can be read, and
says of which it cannot tell. Nobody decides on what nobody can read: it is put back from a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from rolecall.errors import ConflictError

__all__ = ["StoredDecisions", "stored_decision", "stored_decisions"]

_Decision = TypeVar("_Decision")
_FAULTS = (msgspec.MsgspecError, UnicodeError, RecursionError)


class StoredDecisions(Struct, Generic[_Decision], frozen=True):
    """Decisions, as far as they can be read.

    :ivar readable: those that can.
    :ivar unreadable: what the others are about, by id.
    """

    readable: tuple[_Decision, ...] = ()
    unreadable: tuple[str, ...] = ()

    def ordered(
        self, key: Callable[[_Decision], Any], *, latest_first: bool = False
    ) -> StoredDecisions[_Decision]:
        """Return them in an order."""
        readable = sorted(self.readable, key=key, reverse=latest_first)
        return StoredDecisions(tuple(readable), self.unreadable)

    def without(self, is_left_out: Callable[[_Decision], bool]) -> StoredDecisions[_Decision]:
        """Return them without some of those that can be read."""
        readable = (one for one in self.readable if not is_left_out(one))
        return StoredDecisions(tuple(readable), self.unreadable)


def stored_decisions(
    stored: Iterable[tuple[str, str]], kind: type[_Decision]
) -> StoredDecisions[_Decision]:
    """Return what can be read of stored documents, and of which one cannot.

    :param stored: documents by the id of what they are about.
    """
    decoder = msgspec.json.Decoder(kind)
    readable, unreadable = [], []
    for about, data in stored:
        try:
            readable.append(decoder.decode(data))
        except _FAULTS:
            unreadable.append(about)
    return StoredDecisions(tuple(readable), tuple(sorted(unreadable)))


def stored_decision(about: str, data: str, kind: type[_Decision]) -> _Decision:
    """Return the decision that a stored document is.

    :raises ConflictError: it cannot be read.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except _FAULTS:
        raise ConflictError(
            "unreadable",
            f"what was decided of {about} cannot be read: the operator deletes that item, and "
            "rolecall restore puts it back from a copy",
        ) from None
