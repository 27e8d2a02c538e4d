"""What AWS answered to a question, or why it did not.

What could not be asked is never taken for fine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, TypeVar

from msgspec import Struct

__all__ = ["Answer", "Unanswered", "both", "each_with", "only", "settled"]

T = TypeVar("T")
U = TypeVar("U")


class Unanswered(Struct, frozen=True):
    """A question without an answer, and why, in words for a person."""

    why: str


Answer: TypeAlias = T | Unanswered


def both(first: Answer[T], second: Answer[U]) -> Answer[tuple[T, U]]:
    """Return two answers as one, which is there when both are."""
    if isinstance(first, Unanswered):
        return first
    if isinstance(second, Unanswered):
        return second
    return first, second


def each_with(
    answers: Mapping[str, Answer[T]], second: Answer[U]
) -> Mapping[str, Answer[tuple[T, U]]]:
    """Return each answer with another one that is the same for all."""
    return {name: both(answer, second) for name, answer in answers.items()}


def only(answer: Answer[T]) -> Mapping[str, Answer[T]]:
    """Return the one answer of a question that has no subject but the stack itself."""
    return {"": answer}


def settled(answer: Answer[T], instead: T) -> T:
    """Return what was answered, or else a value that nothing is decided by."""
    return instead if isinstance(answer, Unanswered) else answer
