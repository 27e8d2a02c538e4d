"""What is on record of an access that ended: it did not end before the last of it.

The day of a removal is what somebody says. Access was there on the day on which it was given, and
on the day on which its removal was asked for; where somebody asked, when it was used counts too. A
row of a file that nobody asked about is believed: whoever keeps files may enter the day when
somebody went, and the platform is looked at later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rolecall.model import Grant

__all__ = ["last_removals", "removal_day"]


def last_removals(grants: Iterable[Grant]) -> dict[tuple[str, str], date]:
    """Return the day from which on each access that ended is gone, by account and person."""
    found: dict[tuple[str, str], date] = {}
    for grant in grants:
        if grant.revoked_on is not None:
            pair, day = (grant.account_id, grant.person_id), removal_day(grant, grant.revoked_on)
            found[pair] = max(day, found.get(pair, day))
    return found


def removal_day(grant: Grant, revoked_on: date) -> date:
    """Return the day from which on an access is gone.

    :param revoked_on: the day that somebody says.
    """
    traces = [revoked_on, grant.granted_on]
    if grant.revoke_requested_at is not None:
        traces += [grant.revoke_requested_at.date(), grant.last_used_on]
    return max(trace for trace in traces if trace is not None)
