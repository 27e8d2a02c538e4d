"""From format 1, which release 0.1.0 left, to 2: each table says of which format it is.

Entities of the registry are found by links from there on. The other items stay as they are.
Documents of the registry that a later release writes have fields that 0.1.0 does not know, and
would lose where it writes them: from here on, who does not know is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rolecall.aws.table import Write
from rolecall.aws.upgrades.step import UpgradeStep

if TYPE_CHECKING:
    from rolecall.aws.stack import Stack

__all__ = ["STEPS"]

_AS_THEY_ARE = ("FindingsTable", "AuditLogTable", "VaultTable", "DeskTable", "AnswersTable")


def _linked(stack: Stack) -> Iterator[Sequence[Write]]:
    """Yield the links that entities still lack; what says that all have theirs comes last."""
    return iter(stack.registry.relinked().writes)


STEPS = (
    UpgradeStep(
        table="RegistryTable",
        to=2,
        title="entities are found by links, and the table says of which format it is",
        changes=_linked,
    ),
    *(
        UpgradeStep(table=table, to=2, title="the table says of which format it is")
        for table in _AS_THEY_ARE
    ),
)
