"""What a report counts: checks, and accounts by what stands against them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from rolecall.model import Severity

__all__ = ["AccountTally", "Checks"]


class Checks(Struct, frozen=True):
    """How many checks passed, failed, and could not be made. One check is one control on one
    subject. Of those that passed ``reported`` did so for what was reported as not ours."""

    passed: int = 0
    failed: int = 0
    unmade: int = 0
    reported: int = 0

    @property
    def made(self) -> int:
        """How many were made."""
        return self.passed + self.failed

    @property
    def share(self) -> float | None:
        """The share that passed of those that were made, from 0 to 1; ``None`` of none."""
        return self.passed / self.made if self.made else None

    @property
    def coverage(self) -> float | None:
        """The share that was made of all that there are; ``None`` of none."""
        every = self.made + self.unmade
        return self.made / every if every else None


class AccountTally(Struct, frozen=True):
    """How the accounts that are not closed stand, each counted once.

    :ivar checked: how many were looked at; ``None`` where they were not counted.
    :ivar by_worst: how many there are by the worst that stands against them.
    """

    checked: int | None
    by_worst: Mapping[Severity, int]

    @property
    def clear(self) -> int | None:
        """Against how many nothing stands."""
        return None if self.checked is None else max(0, self.checked - sum(self.by_worst.values()))
