"""The only module that reads the clock. Everything else gets an instant as an argument."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["now"]


def now() -> datetime:
    """Return this instant, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
