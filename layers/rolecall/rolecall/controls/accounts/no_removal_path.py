"""An account from which nobody in charge can remove an administrator.

What ``removal_path`` says is what somebody believes. It is held against the grants: whoever is to
remove administrators must have full control, or, of IT, the login in the vault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, Undecided, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account, Entity


def _unproven(accounts: Sequence[Account], context: Context) -> Iterator[Undecided]:
    """Yield the accounts of whose path nothing is on record, or not enough."""
    no_heads = context.lacks("entities.head_id")
    for account in accounts:
        match account.removal_path:
            case None:
                yield account, "removal_path is empty"
            case "head" if no_heads and _may_be_controlled(account, context):
                yield account, no_heads
            case "it" if not _it_can(account, context):
                if reason := _unknown_logins(account, context):
                    yield account, reason


def _able(people: Iterable[str], account: Account, context: Context) -> Set[str]:
    """Return those of some people who are active and have live full control.

    Of whom there is no roster each may be active, and without grants each may have control.
    """
    if context.has_grants:
        people = set(people).intersection(context.full_control.get(account.id, ()))
    return context.among_active(people)


def _may_be_controlled(account: Account, context: Context) -> bool:
    """Tell whether the head may have full control, whoever that is: nobody says, and somebody has.

    Whoever the head is, where nobody has full control the head has none.
    """
    if context.tracks("entities.head_id", account.entity_id):
        return False
    holders = context.full_control.get(account.id, ())
    return not context.has_grants or bool(context.among_active(holders))


def _head_can(entity: Entity, account: Account, context: Context) -> bool:
    """Tell whether the head of an entity may have full control."""
    return entity.head_id is not None and bool(_able([entity.head_id], account, context))


def _it_can(account: Account, context: Context) -> bool:
    """Tell whether an IT delegate in line may have full control, or a login is in the vault."""
    line = context.lines[account.entity_id]
    delegates = [one for entity in line for one in entity.it_delegate_ids]
    return bool(_able(delegates, account, context)) or _is_in_vault(account, context)


def _is_in_vault(account: Account, context: Context) -> bool:
    return any(login.storage == "vault" for login in context.logins.get(account.id, ()))


def _hangs_on_people(account: Account, context: Context, _: Params) -> bool:
    """Tell whether who is on the roster, or has access, decides of a path that does not fail."""
    return account.removal_path == "head" or not _is_in_vault(account, context)


def _unknown_logins(account: Account, context: Context) -> str | None:
    """Return why a login may be in the vault that is not on record as being there."""
    if reason := context.lacks("logins.account_id"):
        return reason
    logins = context.logins.get(account.id, ())
    if all(context.tracks("logins.storage", account.id, login.id) for login in logins):
        return None
    return context.lacks("logins.storage")


@control(
    title="The head or IT can remove any administrator of every account",
    severity="critical",
    rationale=(
        "Where neither the head nor IT can remove an administrator, access ends only when its "
        "holder agrees. A path that names somebody without full control is none."
    ),
    remediation=(
        "Have an administrator make today's head of the entity, or an IT delegate of your own, an "
        "owner on the platform; whoever it is needs the clearance and the training, and a contract "
        "if they are from outside. Or keep the account's login in the vault, where IT can use it. "
        "Then try the removal with a test member."
    ),
    record=(
        "See that entities.head_id names today's head. Add the access to grants, or enter vault in "
        "logins.storage. Then enter in accounts.removal_path whose way it is, head or it, and in "
        "accounts.removal_tested_on the day when it was tried."
    ),
    detail={
        # What an earlier release recorded, and people accepted, is recorded so still.
        "": "On record neither the head nor IT can remove an administrator of this account.",
        "head": (
            "The head is to remove administrators, and {head_id} is not an active person with full "
            "control."
        ),
        "nobody": "The head is to remove administrators, and no head of the entity is on record.",
        "no-it": (
            "IT is to remove administrators; but no IT delegate is on record, and no login of the "
            "account is in the vault."
        ),
        "it": (
            "IT is to remove administrators; but no active IT delegate ({it_delegate_ids}) has "
            "full control, and no login of the account is in the vault."
        ),
    },
    references=References(nist=("PS-4",), cis=("6.2",), soc2=("CC6.3",)),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.removal_path",),
    partly={
        "entities.head_id": lambda account, _context, _: account.removal_path == "head",
        "logins.storage": lambda account, context, _: (
            account.removal_path == "it" and not _it_can(account, context)
        ),
        "people.id": _hangs_on_people,
        "grants.account_id": _hangs_on_people,
    },
    without=(
        "Who is to remove an administrator is nowhere else on record. Where nobody has full "
        "control the head has none, whoever that is; and a login that is kept nobody knows where "
        "may be in the vault. Without a roster or grants it is proven where nobody is named who "
        "could, or whoever is has no access."
    ),
    undecided=_unproven,
)
def no_removal_path(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an account without a removal path, or whose path names nobody who can remove."""
    for account in accounts:
        path, entity = account.removal_path, context.entities[account.entity_id]
        facts: Evidence = {"because": path, "removal_path": path}
        if path == "none":
            yield Fail(account, {"removal_path": path})
        elif path == "head" and not _head_can(entity, account, context):
            nobody = {} if entity.head_id else {"because": "nobody"}
            yield Fail(account, {**facts, **nobody, "head_id": entity.head_id})
        elif path == "it" and not _it_can(account, context):
            line = context.lines[account.entity_id]
            delegates = sorted({one for entity in line for one in entity.it_delegate_ids})
            nobody = {} if delegates else {"because": "no-it"}
            yield Fail(account, {**facts, **nobody, "it_delegate_ids": delegates})
