"""Who holds what, as pages show it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from rolecall.reports.facts import ShownPerson

__all__ = ["AccountRow", "Holder"]


class Holder(Struct, frozen=True):
    """Who has a role on an account. ``against`` names the controls that fail on that access;
    nobody is eligible against whom one stands."""

    name: str
    role: str
    against: tuple[str, ...]


class AccountRow(Struct, frozen=True):
    """An account, who holds it, and whom its platform showed on the day ``seen_on``."""

    id: str
    label: str
    entity: str
    status: str
    holders: tuple[Holder, ...]
    url: str = ""
    observed: tuple[ShownPerson, ...] = ()
    seen_on: date | None = None
