"""Doing a work again: as often as said, with the arguments that it had, and for races alone."""

from __future__ import annotations

import pytest

from rolecall.errors import BrakeError, LogBusyError, LogConflictError
from rolecall.usecases.retry import MOST_ATTEMPTS, retried


@pytest.mark.parametrize("failures", [0, 1, MOST_ATTEMPTS - 1])
def test_it_is_done_again_while_others_are_faster(failures: int) -> None:
    calls: list[tuple[int, str]] = []

    @retried
    def work(number: int, *, name: str) -> int:
        """Say what it is."""
        calls.append((number, name))
        if len(calls) <= failures:
            raise LogConflictError("another was faster")
        return number + 1

    assert work(1, name="x") == 2
    assert calls == [(1, "x")] * (failures + 1)
    assert (work.__name__, work.__doc__) == ("work", "Say what it is.")


def test_in_the_end_somebody_is_told() -> None:
    calls: list[None] = []

    @retried
    def work() -> None:
        calls.append(None)
        raise LogConflictError("another was faster")

    with pytest.raises(LogBusyError) as busy:
        work()
    assert isinstance(busy.value.__cause__, LogConflictError)
    assert len(calls) == MOST_ATTEMPTS


def test_what_is_no_race_is_told_at_once() -> None:
    calls: list[None] = []

    @retried
    def work() -> None:
        calls.append(None)
        raise BrakeError("too many")

    with pytest.raises(BrakeError):
        work()
    assert len(calls) == 1
