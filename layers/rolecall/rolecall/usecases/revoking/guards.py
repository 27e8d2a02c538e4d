"""What stands against a removal: no account without anybody, and no head without access.

A head may override the last one, on record, for a head must be able to terminate any manager's
access; the first one nobody overrides.
"""

from __future__ import annotations

from datetime import date

from rolecall.errors import ConflictError
from rolecall.model import FULL_CONTROL_ROLES, Grant
from rolecall.usecases.identity.permissions import Caller
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.revoking.access import AccountState, Effects

__all__ = ["check_guards"]


def check_guards(
    state: AccountState,
    grant: Grant,
    caller: Caller,
    effects: Effects,
    today: date,
    override: str | None,
) -> str | None:
    """Return the reason for which a guard is overridden, if one is.

    :raises ConflictError: a guard is against it.
    """
    entity = state.lineage[0]
    if grant.role not in FULL_CONTROL_ROLES:
        return None
    if grant.person_id == entity.head_id:
        raise ConflictError(
            "head-access",
            f"{grant.person_id} heads {entity.id}, and heads must retain administrative access; "
            "name another head first",
        )
    person = state.people.get(grant.person_id)
    # Who is gone administers nothing: to take that away leaves nobody without.
    if effects.administrators or person is None or not person.is_active(today):
        return None
    candidates = sorted(
        {
            id_
            for id_ in (entity.head_id, *entity.it_delegate_ids)
            if id_ and id_ in state.people and id_ != grant.person_id
        }
    )
    is_head = any(caller.person == one.head_id for one in state.lineage)
    if override is not None and is_head:
        return reason_of(override)
    raise ConflictError(
        "last-administrator",
        f"nobody else has full control of {effects.account}; give it to another first"
        + (", or override as its head, with a reason" if is_head else ""),
        candidates=candidates,
        may_override=is_head,
    )
