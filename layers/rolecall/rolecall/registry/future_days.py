"""Warns of days that are yet to come where a registry says what was done.

A review of the year 2062 is a slip of the pen, and it would silence what asks for one until then.
The registry is audited as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from operator import attrgetter

from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.problems import Problems

__all__ = ["warn_of_future_days"]

_DONE = {
    "accounts": ("reviewed_on", "removal_tested_on", "crisis_contacts_verified_on", "last_post_on"),
    "people": ("trained_on", "policy_acknowledged_on"),
    "grants": ("attested_on", "last_used_on"),
    "logins": ("rotated_on", "emergency_revealed_on"),
    "observations": ("observed_on", "reported_on"),
    "incidents": (
        *("opened_at", "aware_at", "notified_decision_at", "authority_decided_at"),
        *("subjects_told_at", "closed_on"),
    ),
}
"""The columns of what was done, by their tables: not of what is planned, such as a last day."""


def warn_of_future_days(tables: Mapping[str, ParsedTable], today: date, warnings: Problems) -> None:
    """Warn of what was done on a day that is yet to come, wherever on earth somebody is."""
    # In the east tomorrow has begun already while it is today in UTC.
    last = today + timedelta(days=1) if today < date.max else today
    for name, columns in _DONE.items():
        table = tables.get(name)
        for column in columns if table is not None else ():
            if table is not None and column in table.tracked:
                _warn(table, column, last, warnings)


def _warn(table: ParsedTable, column: str, last: date, warnings: Problems) -> None:
    days = enumerate(map(attrgetter(column), table.records))
    for index, day in [(index, day) for index, day in days if day is not None]:
        if (day.date() if isinstance(day, datetime) else day) > last:
            message = (
                "is yet to come, and says when something was done; see whether the year is right"
            )
            row = table.numbers[index]
            warnings.add(table.file, message, row=row, column=column, value=str(day))
