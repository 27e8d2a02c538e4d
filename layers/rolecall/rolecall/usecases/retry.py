"""Doing a work again where others were faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rolecall.errors import LogBusyError, LogConflictError

__all__ = ["retried"]

_ATTEMPTS = 8
T = TypeVar("T")


def retried(work: Callable[[], T]) -> T:
    """Do a work again where others changed something between its reading and its commit."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except LogConflictError:
            continue
    try:
        return work()
    except LogConflictError as error:
        raise LogBusyError("others keep changing the same account; try again") from error
