"""What the checks of whoever asks look at, before a deployment and after it."""

from __future__ import annotations

from typing import Protocol

from rolecall.usecases.doctor.answers import Answer

__all__ = ["CallerState"]


class CallerState(Protocol):
    """This machine, as AWS sees it."""

    @property
    def region(self) -> str:
        """Where is asked."""

    @property
    def clock(self) -> Answer[float]:
        """By how many seconds AWS is ahead."""

    @property
    def sts(self) -> Answer[str]:
        """The address that proofs of callers are signed for."""
