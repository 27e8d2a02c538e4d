"""On which day somebody may say that an access was removed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rolecall.errors import UsageError
from rolecall.model import Grant, Observation
from rolecall.usecases.revoking.removal_day import check_removal_day, last_listing

ASKED = datetime(2026, 11, 2, 9, tzinfo=UTC)
GIVEN = Grant("page", "p", "admin", granted_on=date(2026, 9, 1))
USED = Grant("page", "p", "admin", granted_on=date(2026, 9, 1), last_used_on=date(2026, 10, 20))
BARE = Grant("page", "p", "admin")


@pytest.mark.parametrize(
    ("grant", "day", "why"),
    [
        (BARE, date(1900, 1, 1), "before 2026-08-04 .90 days before the request"),
        (BARE, date(2026, 8, 3), "90 days before the request"),
        (GIVEN, date(2026, 8, 31), "before 2026-09-01 .when it was given"),
        (USED, date(2026, 10, 19), "before 2026-10-20 .its last use"),
    ],
)
def test_a_day_on_which_it_was_not_removed(grant: Grant, day: date, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        check_removal_day([grant], "p", day, ASKED)


@pytest.mark.parametrize(
    ("grant", "day"),
    [
        (BARE, date(2026, 8, 4)),
        (GIVEN, date(2026, 9, 1)),
        (USED, date(2026, 10, 20)),
        (USED, date(2026, 11, 5)),
    ],
)
def test_a_day_on_which_it_may_have_been(grant: Grant, day: date) -> None:
    others = [
        Grant("page", "other", "admin", last_used_on=date(2026, 11, 4)),
        Grant("page", "p", "admin", granted_on=date(2026, 11, 4), revoked_on=date(2026, 11, 4)),
    ]
    check_removal_day([grant, *others], "p", day, ASKED)


def seen(day: int, email: str | None = "P@example.org", role: str | None = "admin") -> Observation:
    """Return what a platform showed on a day of October."""
    return Observation("facebook", "page", date(2026, 10, day), person_email=email, role=role)


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ((), None),
        ((seen(3), seen(9), seen(5)), 9),
        # A role that nobody knows may administer; a subscriber does not.
        ((seen(3), seen(9, role=None)), 9),
        ((seen(3), seen(9, role="subscriber")), 3),
        # Others, nobody in particular, and a day that is still to come.
        ((seen(3), seen(9, "q@example.org"), seen(9, None), seen(31)), 3),
    ],
)
def test_the_last_listing_is_of_who_may_administer(
    rows: tuple[Observation, ...], day: int | None
) -> None:
    found = last_listing(rows, "p@example.org", date(2026, 10, 20))
    assert found == (None if day is None else date(2026, 10, day))
    assert last_listing(rows, None, date(2026, 10, 20)) is None


def test_what_a_platform_shows_is_not_gone() -> None:
    listed = date(2026, 10, 25)
    with pytest.raises(UsageError, match="the last listing of the platform"):
        check_removal_day([USED], "p", date(2026, 10, 24), ASKED, listed)
    check_removal_day([USED], "p", listed, ASKED, listed)
