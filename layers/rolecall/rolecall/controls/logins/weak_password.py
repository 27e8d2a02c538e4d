"""A password that can be guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.controls.sieves import empty
from rolecall.model import Login


@control(
    title="Every password is strong",
    severity="high",
    rationale=(
        "Programs try millions of likely passwords in minutes: names, years, the word parish with "
        "a number behind it."
    ),
    remediation=(
        "Let the password manager make a new password of at least 16 characters and keep it, and "
        "set it on the platform."
    ),
    record=(
        "Enter how strong it is in logins.strength, where it is kept in logins.storage, and the "
        "day in logins.rotated_on."
    ),
    detail=("The password of {account} scores {strength} out of 4; at least {minimum} is needed."),
    references=References(nist=("IA-5(1)",), cis=("5.2",), iso=("A.5.17",)),
    subjects=LOGINS,
    needs=("logins.strength",),
    undecided=empty("strength"),
    minimum=3,
)
def weak_password(logins: Sequence[Login], _: Context, params: Params) -> Iterator[Fail]:
    """Fail a login whose strength is below ``minimum``."""
    minimum = params.minimum
    for login in logins:
        if (strength := login.strength) is not None and strength < minimum:
            yield Fail(login, {"strength": strength, "minimum": minimum})
