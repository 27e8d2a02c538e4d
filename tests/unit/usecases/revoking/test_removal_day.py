"""On which day somebody may say that an access was removed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rolecall.errors import UsageError
from rolecall.model import Grant
from rolecall.usecases.revoking.removal_day import check_removal_day

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
