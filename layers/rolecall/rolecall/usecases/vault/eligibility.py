"""Who may work with the secret of an account. Deny by default.

By the policy, login credentials are for those who manage the account; heads must be able to act,
alone or through IT. So there are three rights, looked for in this order:

- *grant*: an active, cleared person with a live administrative role on the account. Cleared is who
  reaches the level that ``ineligible-manager`` asks for in the account's entity, on a clearance
  that is in date; a policy that disables a control does not ask for what it checks.
- *head*: the active head of the account's entity, or of an entity above it.
- *it_delegate*: an active IT delegate of one of them.

A head or delegate needs no clearance and no role: that is for emergencies, and is counted as one.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.controls.catalogue import catalogue
from rolecall.controls.clearance import ClearanceLadder
from rolecall.controls.context import Context
from rolecall.controls.control import Params
from rolecall.controls.parameters import resolve
from rolecall.entitlement import administers
from rolecall.errors import DeniedError, UsageError
from rolecall.model import Account

__all__ = ["Basis", "Right", "right_of"]

Basis: TypeAlias = Literal["grant", "head", "it_delegate"]


class Right(Struct, frozen=True):
    """By what right somebody may act, or why they may not."""

    basis: Basis | None
    refusal: str = ""

    def need(self) -> Basis:
        """Return the basis.

        :raises DeniedError: there is none.
        """
        if self.basis is None:
            raise DeniedError(self.refusal)
        return self.basis


def right_of(context: Context, account_id: str, person_id: str) -> Right:
    """Return by what right a person may work with the secrets of an account.

    :param context: of a registry that has at least the account with its grants, its entity and
        those above, and the person.
    :raises UsageError: there is no such account.
    """
    account = context.accounts.get(account_id)
    if account is None:
        raise UsageError(f"there is no account {account_id} in the registry")
    if person_id not in context.active:
        return Right(None, f"{person_id} is not an active person of the roster")
    why = _lacking(context, account, person_id)
    if why is None:
        return Right("grant")
    for entity in context.lines[account.entity_id]:
        if entity.head_id == person_id:
            return Right("head")
        if person_id in entity.it_delegate_ids:
            return Right("it_delegate")
    return Right(None, f"{person_id} {why}, and is neither its head nor an IT delegate of it")


def _lacking(context: Context, account: Account, person_id: str) -> str | None:
    """Return what a person lacks to act by a role, or ``None``."""
    own = [g for g in context.grants.get(account.id, ()) if g.person_id == person_id]
    if not any(administers(grant, context.today) for grant in own):
        return f"has no live administrative role on {account.id}"
    person = context.people[person_id]
    level = _params(context, "ineligible-manager", account)
    ladder = ClearanceLadder(context.policy.clearance_levels)
    if level.enabled and ladder[person.clearance_level] < ladder.required(level.level):
        return f"does not have clearance level {level.level}"
    expires = person.clearance_expires
    dated = _params(context, "clearance-expired", account)
    if dated.enabled and (expires is None or expires < context.today):
        return "has no clearance that is in date"
    return None


def _params(context: Context, control: str, account: Account) -> Params:
    base, differing = resolve(catalogue()[control], context.policy, context)
    return differing.get(account.entity_id, base)
