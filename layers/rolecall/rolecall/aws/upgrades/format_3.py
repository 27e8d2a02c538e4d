"""From format 2 to 3 of the registry: what there may be once is claimed.

What claims are :mod:`rolecall.aws.claims` says.
Of an account that stands below two entities already, the one is claimed that was found before; the
next run names both, and an import puts it right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rolecall.aws.table import Write, packed
from rolecall.aws.upgrades.step import UpgradeStep

if TYPE_CHECKING:
    from rolecall.aws.stack import Stack

__all__ = ["STEPS"]


def _claimed(stack: Stack) -> Iterator[Sequence[Write]]:
    """Yield the claims of what is there."""
    return packed(stack.registry.reclaimed().writes)


STEPS = (
    UpgradeStep(
        table="RegistryTable",
        to=3,
        title="what there may be once is claimed, so that no two requests make it twice",
        changes=_claimed,
    ),
)
