"""Says how many there are of something: one day, and 1,000 days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

__all__ = ["Counting", "counted"]

_T = TypeVar("_T")


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with what is counted, in the right number.

    :param one: what it is called where there is one: a word, or words that begin with it.
    :param many: what it is called otherwise; without it, the first with an s.
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


class Counting(Generic[_T]):
    """Counts what it passes on: how many there were is known when all are taken."""

    def __init__(self, items: Iterable[_T]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[_T]:
        for item in self._items:
            self.count += 1
            yield item
