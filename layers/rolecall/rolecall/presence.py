"""Tables of which a registry may have no rows, and what it tracks then: nothing.

Nobody starts with a list of everybody and of all their access. As long as there is none of a kind,
its columns say nothing of anybody: a header without rows is no roster on which all are missing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

__all__ = ["ROWS", "lacking", "present_columns"]

ROWS: Mapping[str, str] = {"people": "people.id", "grants": "grants.account_id"}
"""Those tables, each with a column that it has wherever it has rows."""


def lacking(table: str) -> str:
    """Return why what needs rows of a table could not be checked, and what to do about it."""
    return f"no {table} are on record; fill the table {table}"


def present_columns(
    tracked: Iterable[str], rows: Mapping[str, int], partly: Container[str]
) -> frozenset[str]:
    """Return the columns that are tracked.

    :param tracked: the columns that files have.
    :param rows: how many rows each of the tables has.
    :param partly: the columns that are tracked for some rows alone: a table that has some may say
        that of others nothing is known.
    """
    empty = {table for table in ROWS if not rows[table]}
    there = frozenset(c for table, c in ROWS.items() if table not in empty and c not in partly)
    return there.union(c for c in tracked if c.partition(".")[0] not in empty)
