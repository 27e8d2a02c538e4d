"""An account whose recovery reaches nobody who serves here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="The recovery of every account reaches an active person",
    severity="critical",
    rationale=(
        "Whom the platform's recovery reaches can take the account over without the password. "
        "When that person is gone, either they can, or nobody can."
    ),
    remediation=(
        "Set the recovery on the platform to a mailbox and a telephone of the organisation that "
        "two people can reach, and agree with somebody who serves here that they look after them."
    ),
    record="Enter who looks after them in accounts.recovery_person_id.",
    detail={
        "empty": "Whom the recovery of {account} reaches is not on record.",
        "inactive": (
            "The recovery of {account} reaches {recovery_person_id}, who is not an active person "
            "of the roster."
        ),
    },
    references=References(
        nist=("AC-2", "IA-5"), cis=("6.2",), iso=("A.5.17", "A.6.5"), soc2=("CC6.2",)
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.recovery_person_id",),
    partly={"people.id": concerns_all},
    without=(
        "Nothing else shows whom the platform's recovery reaches; that nobody is named is so "
        "without a roster too."
    ),
)
def recovery_contact_leaver(
    accounts: Sequence[Account], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an account whose recovery person is not an active person; medium where none is named."""
    active = context.active
    for account in accounts:
        if (person := account.recovery_person_id) is None:
            yield Fail(account, {"because": "empty", "recovery_person_id": None}, "medium")
        elif context.has_roster and person not in active:
            yield Fail(account, {"because": "inactive", "recovery_person_id": person})
