"""Tables of which a registry may have no rows, and what it tracks then: nothing.

Nobody starts with a list of everybody and of all their access. As long as there is none of a kind,
its columns say nothing of anybody: a header without rows is no roster on which all are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["ROWS", "lacking", "present_columns"]

ROWS: Mapping[str, str] = {"people": "people.id", "grants": "grants.account_id"}
"""Those tables, each with a column that it has wherever it has rows."""


def lacking(table: str) -> str:
    """Return why what needs rows of a table could not be checked, and what to do about it."""
    return f"no {table} are on record; fill the table {table}"


def present_columns(tracked: Iterable[str], rows: Mapping[str, int]) -> frozenset[str]:
    """Return the columns that are tracked.

    :param tracked: the columns that files have.
    :param rows: how many rows each of the tables has.
    """
    empty = {table for table in ROWS if not rows[table]}
    there = frozenset(column for table, column in ROWS.items() if table not in empty)
    return there.union(c for c in tracked if c.partition(".")[0] not in empty)
