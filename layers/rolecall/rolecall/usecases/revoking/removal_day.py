"""On which day somebody may say that an access was removed: not before it is known to be there.

Whether a password was changed since somebody went is decided by that day. A day of long ago would
have every change count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rolecall.controls.observation_index import listed_administrator
from rolecall.errors import UsageError
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Grant, Observation

__all__ = ["LONGEST_BEFORE", "check_removal_day", "last_listing"]

LONGEST_BEFORE = timedelta(days=90)
"""How long before it was asked for access may have been gone: it is found out, and then put on
record. What is longer ago is for an import to say."""


def check_removal_day(
    grants: Iterable[Grant],
    person: str,
    removed_on: date,
    requested_at: datetime,
    listed: date | None = None,
) -> None:
    """Hold the day of a removal against what is on record of the access.

    :param grants: those of the account.
    :param person: whose access it was.
    :param listed: the last day on which the platform showed it.
    :raises UsageError: it is before the access is known to have been there.
    """
    longest = f"{LONGEST_BEFORE.days} days before the request"
    days = [(requested_at.date() - LONGEST_BEFORE, longest)]
    if listed is not None:
        days.append((listed, "the last listing of the platform that shows it"))
    for grant in grants:
        if grant.person_id == person and grant.revoked_on is None:
            traces = ((grant.granted_on, "when it was given"), (grant.last_used_on, "its last use"))
            days += [(day, what) for day, what in traces if day is not None]
    first, what = max(days)
    if removed_on < first:
        raise UsageError(f"removed_on: before {first.isoformat()} ({what})")


def last_listing(rows: Iterable[Observation], email: str | None, today: date) -> date | None:
    """Return the last day on which a listing showed somebody who may administer the account.

    It is what the audit counts from, whatever day is said.

    :param rows: of the account, of whatever days.
    """
    mailbox = None if email is None else mailbox_key(email)
    if mailbox is None:
        return None
    shown = (row.observed_on for row in rows if listed_administrator(row, today) == mailbox)
    return max(shown, default=None)
