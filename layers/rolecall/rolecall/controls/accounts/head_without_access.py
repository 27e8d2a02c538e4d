"""An account that the head of its entity cannot control.

Of a head who left, or who is not on the roster, nothing is asked here: to make such a head an owner
would be the very thing that orphaned-admin warns of. That the entity has no head who serves is said
by entity-without-head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.controls.sieves import without_head
from rolecall.model import Account


@control(
    title="The head of the entity has full control of every account",
    severity="critical",
    rationale=(
        "A head without full control cannot stop a post or remove a person, and loses the account "
        "on the day when its administrator is no longer there."
    ),
    remediation=(
        "See first that this person is today's head and has the clearance and the training, and a "
        "contract if they are from outside; where something is lacking, see to that first, and "
        "have an IT delegate hold control until then. Then have an administrator of the account "
        "make the head an owner or administrator on the platform, with a sign-in of their own and "
        "a second factor. Some platforms let a new owner remove others only after seven days: do "
        "not wait for the day when it is needed."
    ),
    record=(
        "See that entities.head_id names today's head. Then add the access to grants, with its "
        "role in grants.role, the day in grants.granted_on and who approved it in "
        "grants.approved_by."
    ),
    detail={
        "absent": "No access to the account is on record for {head_id}, the head of the entity.",
        "lesser": (
            "The head of the entity, {head_id}, is only {role} of the account; it takes an owner "
            "or administrator."
        ),
    },
    references=References(nist=("PS-4",), iso=("A.5.2", "A.5.18")),
    subjects=OPEN_ACCOUNTS,
    needs=("entities.head_id", "people.id", "grants.account_id"),
    without=(
        "Without the heads nobody knows whose access is missing, without a roster whether the head "
        "serves, and without grants who has access. That nobody at all has full control is said by "
        "sole-administrator."
    ),
    undecided=without_head,
)
def head_without_access(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an account on which its entity's active head has no live full-control grant."""
    heads, full_control, live_grants = context.heads, context.full_control, context.live_grants
    for account in accounts:
        head = heads[account.entity_id]
        if head in full_control.get(account.id, ()):
            continue
        # A person has at most one live grant on an account; the import sees to that.
        role = next((g.role for g in live_grants.get(account.id, ()) if g.person_id == head), None)
        because = "absent" if role is None else "lesser"
        yield Fail(account, {"because": because, "head_id": head, "role": role})
