"""An account that the head of its entity cannot control."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control, head_empty
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


@control(
    title="The head of the entity has full control of every account",
    severity="critical",
    rationale=(
        "A head without full control cannot stop a post or remove a person, and loses the account "
        "on the day when its administrator is no longer there."
    ),
    remediation=(
        "Check first that head_id names today's head. Then have an administrator invite them as "
        "owner or admin, and record the grant; some platforms let a new owner remove others only "
        "after seven days, so do it now."
    ),
    detail={
        "absent": "The head of the entity, {head_id}, has no access to the account.",
        "lesser": (
            "The head of the entity, {head_id}, has only the role {role}; owner or admin is needed."
        ),
    },
    references=References(
        iso=("A.5.18", "A.8.2"), policy=("Entity heads must retain administrative access",)
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("entities.head_id",),
    without=(
        "Without the heads nobody knows whose access is missing. That nobody at all has full "
        "control is said by sole-administrator, which needs no column."
    ),
    undecided=head_empty,
)
def head_without_access(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an account on which its entity's head has no live full-control grant."""
    heads, full_control, live_grants = context.heads, context.full_control, context.live_grants
    for account in accounts:
        head = heads[account.entity_id]
        if head in full_control.get(account.id, ()):
            continue
        # A person has at most one live grant on an account; the import sees to that.
        role = next((g.role for g in live_grants.get(account.id, ()) if g.person_id == head), None)
        because = "absent" if role is None else "lesser"
        yield Fail(account, {"because": because, "head_id": head, "role": role})
