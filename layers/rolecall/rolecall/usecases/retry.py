"""Optimistic retry: doing a work again where others were faster.

Every use case that writes reads first, decides, and commits only what it decided on; where somebody
changed one of these things meanwhile, the commit is refused and the decision is made anew. That is
a property of the use case, so it stands there, as a decorator, and not with its callers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from rolecall.errors import LogBusyError, LogConflictError

__all__ = ["MOST_ATTEMPTS", "retried"]

MOST_ATTEMPTS = 8
P = ParamSpec("P")
T = TypeVar("T")


def retried(work: Callable[P, T]) -> Callable[P, T]:
    """Return a work that is done again while its commit meets what others changed meanwhile.

    The arguments stay what they were, the instant among them: the clock is read once, outside.

    :raises LogBusyError: it met others :data:`MOST_ATTEMPTS` times.
    """

    @wraps(work)
    def again(*arguments: P.args, **named: P.kwargs) -> T:
        for _ in range(MOST_ATTEMPTS - 1):
            try:
                return work(*arguments, **named)
            except LogConflictError:
                continue
        try:
            return work(*arguments, **named)
        except LogConflictError as error:
            raise LogBusyError("others keep changing the same account; try again") from error

    return again
