"""An account from which nobody in charge can remove an administrator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control, empty
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="The head or IT can remove any administrator of every account",
    severity="critical",
    rationale=(
        "Where neither the head nor IT can remove an administrator, access ends only when its "
        "holder agrees."
    ),
    remediation=(
        "Have an administrator make the head, or somebody of IT whom the entity delegates to, an "
        "owner on the platform, try the removal with a test member, and enter head or it in "
        "removal_path."
    ),
    detail="Neither the head nor IT can remove an administrator of this account.",
    references=References(
        nist=("PS-4",),
        cis=("6.2",),
        soc2=("CC6.3",),
        policy=("Entity heads must ensure that they can terminate access",),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.removal_path",),
    without=(
        "Who could remove an administrator is nowhere else on record: full control of the "
        "head or IT does not say that a platform lets them."
    ),
    undecided=empty("removal_path"),
)
def no_removal_path(accounts: Sequence[Account], _: Context, __: Params) -> Iterator[Fail]:
    """Fail an account whose removal path is none."""
    for account in accounts:
        if account.removal_path == "none":
            yield Fail(account, {"removal_path": "none"})
