"""From format 1, which release 0.1.0 left, to 2: each table says of which format it is.

The items stay as they are. Documents of the registry that a later release writes have fields that
0.1.0 does not know, and would lose where it writes them: from here on, who does not know is told.
"""

from __future__ import annotations

from rolecall.aws.upgrades.step import UpgradeStep

__all__ = ["STEPS"]

_TABLES = (
    *("RegistryTable", "FindingsTable", "AuditLogTable", "VaultTable", "DeskTable"),
    "AnswersTable",
)
STEPS = tuple(
    UpgradeStep(table=table, to=2, title="the table says of which format it is")
    for table in _TABLES
)
