"""An account without its papers of data protection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account

_REQUIRED = ("lawful_basis", "privacy_notice_url", "privacy_record_ref")


@control(
    title="Every account has a record of processing, a lawful basis and a privacy notice",
    severity="medium",
    rationale=(
        "An account shows and collects data of people. Where data protection law applies, it asks "
        "for a lawful basis, a record, and a notice. Elsewhere it is still what followers may "
        "expect."
    ),
    remediation=(
        "Ask the data protection officer, or whoever looks after data protection, for what is "
        "missing, and link the privacy notice from the account."
    ),
    record=(
        "Enter where the record is kept in accounts.privacy_record_ref, the lawful basis in "
        "accounts.lawful_basis, and the address of the notice in accounts.privacy_notice_url."
    ),
    detail="On record for the account these are missing: {missing}.",
    references=References(
        nist=("PT-2", "PT-5"),
        iso=("A.5.34",),
        gdpr=("Art. 6", "Art. 13", "Art. 26", "Art. 30"),
        practice=(
            "CJEU, C-210/16: who runs a page is responsible for it jointly with the platform",
        ),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("policy.privacy_law",),
    partly={f"accounts.{name}": concerns_all for name in _REQUIRED},
    without="What is tracked and empty is missing, whatever the others say.",
)
def privacy_record_missing(
    accounts: Sequence[Account], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an account of which one of the three columns is empty."""
    for account in accounts:
        empty = [name for name in _REQUIRED if getattr(account, name) is None]
        if missing := [one for one in empty if context.tracks(f"accounts.{one}", account.id)]:
            yield Fail(account, {"missing": missing})
