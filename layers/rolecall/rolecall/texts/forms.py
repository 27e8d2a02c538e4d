"""How a language writes numbers, days and instants: ``forms.toml`` in its folder.

English writes days as ISO 8601 does, for its readers disagree on which number is the month; Spanish
writes what the Unicode CLDR has for ``es``: the day, the month's short name and the year in tables,
all of it in words for the day of a report, a full stop between thousands from five digits on, and a
comma before decimals. A day in numbers, 2/11/2026, it does not write: beside English papers of the
same office that is either of two days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec import Struct

__all__ = ["Forms"]


class Forms(Struct, frozen=True, forbid_unknown_fields=True):
    """How a language writes.

    :ivar thousands: the sign between them.
    :ivar grouped_from: digits from which on there is one.
    :ivar decimal: the sign before decimals.
    :ivar millions: what stands between a whole number of millions and what is counted.
    :ivar percent: a share, with ``number``.
    :ivar day: of ``year``, ``month``, ``day``, and ``name``, the month's short one.
    :ivar long_day: the same, with the month's name, for the head of a page.
    :ivar instant: of ``date``, which is a day, ``hour`` and ``minute``.
    """

    thousands: str
    grouped_from: int
    decimal: str
    millions: str
    percent: str
    day: str
    long_day: str
    instant: str
    short_months: tuple[str, ...] = ()
    months: tuple[str, ...] = ()

    def number(self, count: int) -> str:
        """Return a whole number."""
        if len(str(abs(count))) < self.grouped_from:
            return str(count)
        grouped = f"{count:,}"
        return grouped if self.thousands == "," else grouped.replace(",", self.thousands)

    def share(self, tenths: int) -> str:
        """Return a share of a hundred, given in tenths of one: 961 is 96.1 %."""
        whole, rest = divmod(tenths, 10)
        return self.percent.format(number=f"{self.number(whole)}{self.decimal}{rest}")

    def dated(self, day: date) -> str:
        """Return a day, as it stands in a table."""
        return self._filled(self.day, day, self.short_months)

    def told_day(self, day: date) -> str:
        """Return a day, as it stands in a sentence or over a page."""
        return self._filled(self.long_day, day, self.months)

    def timed(self, at: datetime) -> str:
        """Return an instant, to the minute, in UTC."""
        there = at.astimezone(UTC)
        told = self.told_day(there.date())
        return self.instant.format(date=told, hour=there.hour, minute=there.minute)

    def _filled(self, pattern: str, day: date, names: tuple[str, ...]) -> str:
        name = names[day.month - 1] if names else ""
        return pattern.format(year=day.year, month=day.month, day=day.day, name=name)
