"""Who controls an account: the head, enough others, not too many, and a way to remove anybody."""

from __future__ import annotations

from rolecall.actions.account_case import AccountCase
from rolecall.actions.administration import Administration
from rolecall.actions.fitness import STAFF
from rolecall.actions.minors import guard_minors
from rolecall.model import FULL_CONTROL_ROLES

__all__ = ["CONTROLLED", "end_administration"]

CONTROLLED = (
    "head-without-access",
    "no-removal-path",
    "sole-administrator",
    "external-owner",
    "youth-account-one-adult",
    "too-many-administrators",
)
"""Controls whose findings are ended by who controls an account."""
_CONTROLLED = frozenset(CONTROLLED)


def end_administration(case: AccountCase) -> None:
    """End what is wrong with who controls an account; see that what is taken leaves enough."""
    if not case.any_of(_CONTROLLED) and not _takes_control(case):
        return
    now = Administration(case)
    for _ in case.open("head-without-access"):
        head = case.context.heads[now.entity]
        if head is not None:
            now.give(head)
        case.end_all(now.key, "head-without-access")
    if case.has("no-removal-path"):
        _open_path(case, now)
    least = case.fitness.asks("sole-administrator", now.entity)
    leaves_few = bool(case.context.among_active(case.gone))
    if case.has("sole-administrator") or (leaves_few and least.enabled):
        now.enough(least.minimum)
        case.end_all(now.key, "sole-administrator")
    if case.has("external-owner"):
        _own(case, now)
    now.leave_open()
    guard_minors(case, now)
    _limit(case, now)
    _recover(case, now)


def _recover(case: AccountCase, now: Administration) -> None:
    """Begin with a way in where nobody who serves has full control: nobody could do the rest."""
    live = case.context.live_grants.get(case.account.id, ())
    in_control = [one.person_id for one in live if one.role in FULL_CONTROL_ROLES]
    if not live or case.context.among_active(in_control):
        return
    for key in sorted({now.key, case.key("control"), *case.gone.values()}):
        if case.drafts.is_begun(key):
            case.do(key, case.deed("recover-account"))


def _takes_control(case: AccountCase) -> bool:
    """Tell whether access is taken away that others may have to have first."""
    if not case.gone:
        return False
    if case.account.audience == "minors":
        return True
    return any(
        one.person_id in case.gone and one.role in FULL_CONTROL_ROLES
        for one in case.context.live_grants.get(case.account.id, ())
    )


def _open_path(case: AccountCase, now: Administration) -> None:
    """Let somebody in charge be able to remove anybody: the head, IT, or whoever has the login."""
    context = case.context
    head = context.heads[now.entity]
    if head is not None and case.serves(head):
        if head not in now.full():
            now.give(head)
        way = "head"
    elif able := _delegates(case):
        if not now.full().intersection(able):
            now.give(able[0])
        way = "it"
    elif logins := context.logins.get(case.account.id, ()):
        case.do(now.key, *[case.deed("keep-safe", login=one.id) for one in logins])
        way = "it"
    else:
        # Nobody is in charge who could: somebody of IT is named first, and gets control.
        case.do(now.key, case.deed("give-control", role="it"))
        now.found += 1
        way = "it"
    case.do(now.key, case.deed("set-removal-path", role=way))
    case.end_all(now.key, "no-removal-path", "removal-path-untested")


def _delegates(case: AccountCase) -> list[str]:
    """Return who of IT serves and may act for the heads in line, the nearest first."""
    context = case.context
    line = context.lines[case.account.entity_id]
    able = [one for entity in line for one in sorted(entity.it_delegate_ids)]
    people = context.people
    return [
        one
        for one in dict.fromkeys(able)
        if case.serves(one) and (one not in people or people[one].type in STAFF)
    ]


def _own(case: AccountCase, now: Administration) -> None:
    """Let somebody of one's own be the owner, and the outside party an administrator."""
    people = case.context.people
    own = sorted(one for one in now.full() if people[one].type in STAFF)
    if not own:
        now.give_some(1)
        own = sorted(one for one in now.full() if people[one].type in STAFF)
    owner = own[0] if own else ""
    for one in case.open("external-owner"):
        outsider = one.finding.subject.person
        key = case.key("control")
        case.do(key, case.deed("make-owner", owner))
        case.do(key, case.deed("lower-role", outsider, role=_lesser(case, now, outsider)))
        case.end(key, one)


def _lesser(case: AccountCase, now: Administration, outsider: str) -> str:
    """Return the lesser role of an outside party: full control only where it is needed."""
    context = case.context
    least = case.fitness.asks("sole-administrator", now.entity).minimum
    left = now.full() - {outsider}
    is_needed = outsider in context.line_stewards[now.entity]
    if is_needed or len(left) + now.open_choices + now.found < least:
        return "admin"
    if outsider in now.granted:
        now.granted.remove(outsider)
    return "editor"


def _limit(case: AccountCase, now: Administration) -> None:
    """Lower the roles of those who are too many with full control."""
    asked = case.fitness.asks("too-many-administrators", now.entity)
    is_open = case.has("too-many-administrators")
    holders = list(dict.fromkeys(now.granted))
    surplus = len(holders) + now.open_choices + now.found - asked.maximum
    if surplus > 0 and asked.enabled and (is_open or case.added or now.open_choices or now.found):
        context = case.context
        stewards = context.line_stewards[now.entity]
        outsiders = {one.finding.subject.person for one in case.open("external-owner")}
        holders.sort(
            key=lambda id_: (
                id_ in context.active,
                id_ in stewards,
                id_ in case.added,
                id_ not in outsiders,
                id_,
            )
        )
        key = case.key("control")
        for person in holders[:surplus]:
            case.do(key, case.deed("lower-role", person, role="editor"))
        case.end_all(key, "too-many-administrators")
    elif is_open:
        # There are fewer once those are gone who should be: counted under the last of them.
        key = max(case.gone.values(), default=case.key("control"))
        case.end_all(key, "too-many-administrators")
