"""A login that a stolen password is enough for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.controls.sieves import empty
from rolecall.model import Login


@control(
    title="Every login asks for an app or a security key beside the password",
    severity="high",
    rationale=(
        "Passwords are guessed, phished and leaked every day; with a second factor a password "
        "alone opens nothing. A code by text message is better than none, and can be diverted."
    ),
    remediation=(
        "Turn on two-factor sign-in on the platform, with an authenticator app or a security key. "
        "Register a second key or app for a second person, and keep the recovery codes in the "
        "vault."
    ),
    record="Enter app or key in logins.mfa.",
    detail={
        "none": "The password alone opens {account}: there is no second factor.",
        "sms": "The second factor of {account} is a text message.",
    },
    references=References(
        nist=("IA-2(1)", "IA-2(2)"),
        cis=("6.3", "6.5"),
        iso=("A.8.5",),
        soc2=("CC6.1",),
        gdpr=("Art. 32",),
    ),
    subjects=LOGINS,
    needs=("logins.mfa",),
    undecided=empty("mfa"),
)
def login_without_mfa(logins: Sequence[Login], _context: Context, _: Params) -> Iterator[Fail]:
    """Fail a login without a second factor; medium where it is a text message."""
    for login in logins:
        if login.mfa == "none":
            yield Fail(login, {"because": "none", "mfa": login.mfa})
        elif login.mfa == "sms":
            yield Fail(login, {"because": "sms", "mfa": login.mfa}, "medium")
