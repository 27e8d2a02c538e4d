"""Which subjects a column is tracked for, where programs fill it and no file has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rolecall.controls.populations import Population
from rolecall.model import Snapshot
from rolecall.provenance import row_key

__all__ = ["tracked_for"]


def tracked_for(
    need: str, population: Population[Any], snapshot: Snapshot
) -> Callable[[Any], bool] | None:
    """Return the function that tells whether a column is tracked for a subject.

    That is whether it is for the row that stands behind it: its own, of a grant its holder's, of an
    account that of any of its logins. ``None`` where it is tracked for no subject.
    """
    rows = snapshot.filled.get(need)
    if not rows:
        return None
    match need.partition(".")[0], population.table:
        case (table, own) if table == own:
            key = row_key(table)
            return lambda item: key(item) in rows
        case ("people", "grants"):
            return lambda grant: (grant.person_id,) in rows
        case ("logins", "accounts"):
            accounts = {account for account, _ in rows}
            return lambda account: account.id in accounts
    return None
