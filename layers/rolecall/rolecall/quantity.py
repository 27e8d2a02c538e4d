"""Says how many there are of something: one day, and 1,000 days."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with what is counted, in the right number.

    :param one: what it is called where there is one: a word, or words that begin with it.
    :param many: what it is called otherwise; without it, the first with an s.
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
