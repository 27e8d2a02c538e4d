"""The findings as JSON, read back, and how a difference from the records is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rolecall.errors import ProofError
from rolecall.reports.action_lines import ActionLine, told_in_lines
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import FindingLine
from rolecall.run import Heading

__all__ = ["FindingsDocument", "expect"]


class FindingsDocument(Heading, frozen=True, kw_only=True):
    """The findings as JSON, all of it."""

    findings: Sequence[FindingLine]
    actions: Sequence[ActionLine] | None = None
    more_actions: int = 0

    @property
    def told(self) -> ToldActions | None:
        """What it says is to be done; ``None`` where it says nothing of that."""
        if self.actions is None:
            return None
        return told_in_lines(self.actions, self.more_actions)


def expect(name: str, what: str, told: Any, recorded: Any) -> None:
    """Hold what a report says against what the records say.

    :raises ProofError: it is not the same; the message names both places.
    """
    if told != recorded:
        raise ProofError(f"reports/{name}: {what}: not what the records say")
