"""A password that was not changed for long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.model import Login


@control(
    title="Every password is changed in good time",
    severity="medium",
    rationale=(
        "A shared password spreads over the years: helpers, old phones, a breach that nobody "
        "noticed. To change it shuts all of them out at once."
    ),
    remediation="Change the password and fill in rotated_on.",
    detail={
        "empty": "No change of the password of login {login} of {account} is on record.",
        "old": (
            "The password of login {login} of {account} was last changed on {rotated_on}; once in "
            "{days} days is needed."
        ),
    },
    references=References(
        iso=("A.5.17",),
        practice=("NIST SP 800-63B-4, sec. 3.1.1.2: no periodic change where one person knows it",),
    ),
    subjects=LOGINS,
    needs=("logins.rotated_on",),
    days=365,
)
def login_rotation_overdue(
    logins: Sequence[Login], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail a login last changed longer than ``days`` ago, or never."""
    oldest = context.days_ago(params.days)
    for login in logins:
        rotated = login.rotated_on
        if rotated is None or rotated < oldest:
            because = "empty" if rotated is None else "old"
            yield Fail(login, {"because": because, "rotated_on": rotated, "days": params.days})
