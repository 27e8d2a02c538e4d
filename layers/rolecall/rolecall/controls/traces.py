"""What is on record of an access that ended: it did not end before the last of it.

The day of a removal is what somebody says. Access was there on the day on which it was given, and
on the day on which its removal was asked for; where somebody asked, what the platform showed and
when the access was used count too. A row of a file that nobody asked about is believed: whoever
keeps files may enter the day when somebody went, and the platform is looked at later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rolecall.keys.subjects import account_key, email_key
from rolecall.model import Account, Grant, Observation, Person

__all__ = ["last_removals", "removal_day"]


def last_removals(
    grants: Iterable[Grant],
    people: Mapping[str, Person],
    accounts: Mapping[str, Account],
    observations: Mapping[tuple[str, str], Sequence[Observation]],
) -> dict[tuple[str, str], date]:
    """Return the day from which on each access that ended is gone, by account and person.

    :param observations: by the key of the account.
    """
    found: dict[tuple[str, str], date] = {}
    for grant in grants:
        if grant.revoked_on is None:
            continue
        pair = grant.account_id, grant.person_id
        account, person = accounts.get(pair[0]), people.get(pair[1])
        key = account_key(account.platform, account.handle) if account else None
        seen = observations.get(key, ()) if key else ()
        day = removal_day(grant, grant.revoked_on, person.email if person else None, seen)
        found[pair] = max(day, found.get(pair, day))
    return found


def removal_day(
    grant: Grant, revoked_on: date, email: str | None, seen: Iterable[Observation]
) -> date:
    """Return the day from which on an access is gone.

    :param revoked_on: the day that somebody says.
    :param email: of the person.
    :param seen: what the platform showed of the account.
    """
    traces = [revoked_on, grant.granted_on]
    if grant.revoke_requested_at is not None:
        traces += [grant.revoke_requested_at.date(), grant.last_used_on]
        key = email_key(email) if email else None
        traces += [
            one.observed_on
            for one in seen
            if key and one.person_email and email_key(one.person_email) == key
        ]
    return max(trace for trace in traces if trace is not None)
