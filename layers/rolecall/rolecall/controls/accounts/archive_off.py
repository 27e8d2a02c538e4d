"""An account whose posts are records, and are not archived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="Every account whose posts are records is archived",
    severity="high",
    rationale=(
        "A platform may delete a post, or the whole account, without asking. What was not archived "
        "is then gone, and with it the proof of what was said."
    ),
    remediation=(
        "Ask the archivist which service archives accounts, and have this one connected to it. "
        "Whether its posts are no records after all is for the archivist to say, not for whoever "
        "posts."
    ),
    record=(
        "Once it is archived, enter yes in accounts.archive. If the archivist says that its posts "
        "are no records, empty accounts.record_class."
    ),
    detail={
        "empty": "The posts are records of class {record_class}; no archiving is on record.",
        "off": "The posts are records of class {record_class}, and they are not archived.",
    },
    references=References(
        nist=("SI-12",),
        iso=("A.5.33",),
        practice=("NARA Bulletin 2014-02 on social media records",),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.record_class", "accounts.archive"),
    without=(
        "Posts that are not archived may be no records, and of records that nobody tracks "
        "nobody knows whether they are archived."
    ),
)
def archive_off(accounts: Sequence[Account], _: Context, __: Params) -> Iterator[Fail]:
    """Fail an account whose posts are records and not archived; medium where nobody said."""
    for account in accounts:
        if account.record_class is None or account.archive is True:
            continue
        facts = {"record_class": account.record_class, "archive": account.archive}
        if account.archive is None:
            # No answer is not a no.
            yield Fail(account, {"because": "empty", **facts}, "medium")
        else:
            yield Fail(account, {"because": "off", **facts})
