"""A secret that was opened in an emergency, and is still the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.model import Login


@control(
    title="Every password that was opened in an emergency was changed after it",
    severity="high",
    rationale=(
        "A head or IT delegate without a role on the account may open its login when nobody else "
        "can. That is for the emergency; a password that they go on knowing is a way in that "
        "nobody granted."
    ),
    remediation=(
        "Change the password. If the person needs the account from now on, give them a role on it "
        "instead."
    ),
    record="Enter the day in logins.rotated_on.",
    detail=(
        "The login of {account} was opened in an emergency on {emergency_revealed_on}, and nothing "
        "shows that its password was changed after that{rotated_on:? (last change: %)|}; it must "
        "be within {days:day}."
    ),
    references=References(nist=("AC-2(2)", "IA-5"), iso=("A.5.17",)),
    subjects=LOGINS,
    needs=("logins.emergency_revealed_on",),
    without=(
        "A password that somebody without a role has seen is known until a change is on record, "
        "whether or not changes are tracked. Without the day of an opening nobody knows of it."
    ),
    days=2,
)
def emergency_reveal_not_rotated(
    logins: Sequence[Login], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail a login opened in an emergency longer than ``days`` ago and not changed after that."""
    oldest = context.days_ago(params.days)
    for login in logins:
        opened, rotated = login.emergency_revealed_on, login.rotated_on
        if opened is None or opened >= oldest:
            continue
        if rotated is None or rotated <= opened:
            evidence = {"emergency_revealed_on": opened, "rotated_on": rotated}
            yield Fail(login, {**evidence, "days": params.days})
