"""An account that the head of its entity did not approve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.controls.remedy_words import CLOSED, CLOSING
from rolecall.controls.sieves import without_head
from rolecall.model import Account


@control(
    title="Every account is approved by the head of its entity",
    severity="high",
    rationale=(
        "An account speaks in the name of the entity. If its head never agreed to it, nobody "
        "weighed whether it is needed and who may speak there."
    ),
    remediation=(
        "Ask the head of the entity to approve the account. If the head does not want it, close "
        f"it: {CLOSING}."
    ),
    record=f"If the head approves, add them to accounts.approved_by. {CLOSED}",
    detail={
        "empty": "No approval is on record; {head_id}, the head of the entity, must approve.",
        "other": "Approved by {approved_by}, but not by {head_id}, the head of the entity.",
    },
    references=References(nist=("AC-2", "AC-22"), iso=("A.5.2",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.approved_by", "entities.head_id", "people.id"),
    without=(
        "It is the head of the entity who approves: without the heads nobody knows whose approval "
        "is missing, without the approvals whether it is, and without a roster whether the head "
        "serves."
    ),
    undecided=without_head,
)
def account_unapproved(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an account whose entity's head is not among those who approved it."""
    heads = context.heads
    for account in accounts:
        head = heads[account.entity_id]
        if head in account.approved_by:
            continue
        if approvers := sorted(account.approved_by):
            yield Fail(account, {"because": "other", "approved_by": approvers, "head_id": head})
        else:
            yield Fail(account, {"because": "empty", "approved_by": None, "head_id": head})
