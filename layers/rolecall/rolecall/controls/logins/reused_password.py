"""One password for more than one login."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control, others
from rolecall.controls.populations import LOGINS
from rolecall.model import Login


@control(
    title="No two logins have the same password",
    severity="high",
    rationale=(
        "Where one password opens several accounts, one leak loses all of them. Whoever knew it "
        "for a closed account knows it still."
    ),
    remediation=(
        "Let the password manager make a password of its own for each login, and set it on the "
        "platform."
    ),
    record="Enter the day in logins.rotated_on, and the new fingerprint in logins.fingerprint.",
    detail="The password of {account} opens other logins too ({number}): {other_logins}.",
    references=References(nist=("IA-5(8)",), cis=("5.2",), iso=("A.5.17",)),
    subjects=LOGINS,
    needs=("logins.fingerprint",),
)
def reused_password(logins: Sequence[Login], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a login whose fingerprint another login has, on a closed account too."""
    same_password = context.same_password
    for login in logins:
        if login.fingerprint is None:
            continue
        same = same_password.get(login.fingerprint)
        if same is not None:
            # The fingerprint stays out of the evidence: it would link reports to passwords.
            named, number = others(same, login.id)
            yield Fail(login, {"other_logins": named, "number": number})
