"""A password that several people know and that was not changed for long.

Of a login with one holder no change by the calendar is asked: NIST SP 800-63B-4, 3.1.1.2, forbids
it, because whoever must change a password again and again takes a weaker one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.model import Login


@control(
    title="Every password that several people know is changed in good time",
    severity="low",
    rationale=(
        "A shared password spreads over the years: helpers, old phones, a breach that nobody "
        "noticed. To change it shuts all of them out at once."
    ),
    remediation=(
        "Change the password, and tell it to those alone who need it today. Better still, give "
        "each of them a sign-in of their own."
    ),
    record="Enter the day in logins.rotated_on, and who knows it now in logins.holder_ids.",
    detail={
        "empty": (
            "Several people know the password of {account}, and no change of it is on record."
        ),
        "old": (
            "Several people know the password of {account}, which was last changed on "
            "{rotated_on}; once in {days:day} is needed."
        ),
    },
    references=References(
        iso=("A.5.17",),
        practice=("NIST SP 800-63B-4, sec. 3.1.1.2: no periodic change where one person knows it",),
    ),
    subjects=LOGINS,
    needs=("logins.rotated_on", "logins.holder_ids"),
    without=(
        "Without the holders nobody knows which passwords are shared, and without the changes "
        "nobody knows how old one is."
    ),
    days=365,
)
def login_rotation_overdue(
    logins: Sequence[Login], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail a login of several holders last changed longer than ``days`` ago, or never."""
    oldest = context.days_ago(params.days)
    for login in logins:
        if len(set(login.holder_ids)) < 2:
            continue
        rotated = login.rotated_on
        if rotated is None or rotated < oldest:
            because = "empty" if rotated is None else "old"
            yield Fail(login, {"because": because, "rotated_on": rotated, "days": params.days})
