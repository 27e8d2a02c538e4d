"""What a grant entitles its holder to, on a day: one answer for all who decide by it.

Two questions are asked of a grant. Is it there, so that somebody must take it away at the platform:
that is :attr:`~rolecall.model.Grant.is_live`, and what controls look at. May its holder act by it:
that is asked here, by the API, the vault, the guards of revocations and the lists of who may what.
Whose time is over, or whose removal was asked for, has the access at the platform still, and no
right to it.
"""

from __future__ import annotations

from datetime import date

from rolecall.model import ADMINISTRATIVE_ROLES, Grant

__all__ = ["administers", "entitles"]


def entitles(grant: Grant, day: date) -> bool:
    """Tell whether somebody may act by a grant on a day."""
    return (
        grant.is_live
        and grant.revoke_requested_at is None
        and (grant.expires_on is None or grant.expires_on >= day)
    )


def administers(grant: Grant, day: date) -> bool:
    """Tell whether somebody administers the account by a grant on a day."""
    return grant.role in ADMINISTRATIVE_ROLES and entitles(grant, day)
