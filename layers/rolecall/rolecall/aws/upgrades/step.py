"""One step of an upgrade: what brings a table from a format to the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from rolecall.aws.table import Write

if TYPE_CHECKING:
    from rolecall.aws.stack import Stack

__all__ = ["UpgradeChanges", "UpgradeStep", "no_changes"]

UpgradeChanges: TypeAlias = Callable[["Stack"], Iterator[Sequence[Write]]]
"""What is still to be written: groups of writes, each done whole or not at all.

It looks at the table as it is now, and names the version of each item that it writes in place of.
So it may be interrupted anywhere and called again: what is done is not yielded any more.
"""


def no_changes(_: Stack) -> Iterator[Sequence[Write]]:
    """Yield nothing: the items of the table are those of the format before."""
    return iter(())


class UpgradeStep(Struct, frozen=True, kw_only=True):
    """A step.

    :ivar table: the output of the stack that names the table.
    :ivar to: the format that it leads to, from the one before.
    :ivar title: what it does, in words that stand after ``format 1 to 2:``.
    """

    table: str
    to: int
    title: str
    changes: UpgradeChanges = no_changes
