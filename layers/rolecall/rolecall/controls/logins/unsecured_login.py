"""A credential that is kept where others can read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.model import Login, Severity

_SECURE = frozenset({"vault", "encrypted_file", "password_manager", "safe"})
_LESS_GRAVE = frozenset({"paper", "browser"})
"""Where somebody has to come into the room, or to the device, to read it."""


@control(
    title="Every login is kept in a vault, an encrypted file, a password manager or a safe",
    severity="critical",
    rationale=(
        "A password in a mail, a spreadsheet or on a note is a password of everybody who comes "
        "across it, today or in years."
    ),
    remediation=(
        "Change the password, keep the new one in a password manager or locked and sealed in a "
        "safe, and take the old one out of where it lay."
    ),
    record="Enter where the new one is kept in logins.storage, and the day in logins.rotated_on.",
    detail={
        "empty": "Where the login of {account} is kept is not on record.",
        "unsafe": "The login of {account} is kept where others can read it: {storage}.",
    },
    references=References(
        nist=("IA-5", "SC-28"), cis=("3.11",), iso=("A.5.17",), gdpr=("Art. 32",)
    ),
    subjects=LOGINS,
    needs=("logins.storage",),
    without="Nothing else shows where a credential is kept, nor who can read it there.",
)
def unsecured_login(logins: Sequence[Login], _context: Context, _: Params) -> Iterator[Fail]:
    """Fail a login whose storage is unknown or not secure; medium on paper and in a browser."""
    for login in logins:
        if (storage := login.storage) not in _SECURE:
            because = "empty" if storage is None else "unsafe"
            severity: Severity | None = "medium" if storage in _LESS_GRAVE else None
            yield Fail(login, {"because": because, "storage": storage}, severity)
