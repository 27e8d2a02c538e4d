"""Who controls an account: the head, enough others, not too many, and a way to remove anybody."""

from __future__ import annotations

from collections.abc import Iterable

from rolecall.actions.account_case import AccountCase
from rolecall.actions.action import ActionKey
from rolecall.actions.fitness import STAFF
from rolecall.model import FULL_CONTROL_ROLES, Grant

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


class _Administration:
    """Who has which role on an account, as it will be once the actions are done."""

    def __init__(self, case: AccountCase) -> None:
        self.case = case
        self.entity = case.account.entity_id
        live = case.context.live_grants.get(case.account.id, ())
        self.live: dict[str, Grant] = {
            one.person_id: one for one in live if one.person_id not in case.gone
        }
        self.granted = [
            one.person_id for one in self.live.values() if one.role in FULL_CONTROL_ROLES
        ]
        self.open_choices = 0
        self.key = self._first_key()

    def _first_key(self) -> ActionKey:
        """Return to which action it belongs that somebody is let in.

        To the one that takes the last control away, for others have it before that is done; else
        it is a matter of the account.
        """
        case = self.case
        leaves_few = any(person in case.context.active for person in case.gone)
        if case.gone and (leaves_few or not self.full()):
            return min(case.gone.values())
        return case.key("control")

    def full(self) -> set[str]:
        """Return who serves and has full control."""
        return {one for one in self.granted if one in self.case.context.active}

    def give(self, person: str) -> None:
        """Give somebody full control, after what must be done before."""
        case = self.case
        found = case.context.people[person]
        case.do(self.key, *case.fitness.before(found, self.entity))
        case.do(self.key, case.deed("give-control", person))
        case.added.append(person)
        if person not in self.granted:
            self.granted.append(person)

    def give_any(self) -> None:
        """Give somebody fit full control; where nobody is proposed, leave it open who."""
        but = self.case.gone.keys() | set(self.granted)
        for person in self.case.fitness.candidates(self.case.account, but)[:1]:
            self.give(person.id)
            return
        self.open_choices += 1
        number = str(self.open_choices)
        self.case.do(self.key, self.case.deed("give-control", role=number))

    def enough(self, minimum: int) -> None:
        """Let so many have full control."""
        while len(self.full()) + self.open_choices < minimum:
            self.give_any()


def end_administration(case: AccountCase) -> None:
    """End what is wrong with who controls an account; see that what is taken leaves enough."""
    if not case.gone and not any(map(case.has, CONTROLLED)):
        return
    now = _Administration(case)
    for _ in case.open("head-without-access"):
        head = case.context.heads[now.entity]
        if head is not None:
            now.give(head)
        case.end_all(now.key, "head-without-access")
    if case.has("no-removal-path"):
        _open_path(case, now)
    least = case.fitness.asks("sole-administrator", now.entity)
    leaves_few = any(person in case.context.active for person in case.gone)
    if case.has("sole-administrator") or (leaves_few and least.enabled):
        now.enough(least.minimum)
        case.end_all(now.key, "sole-administrator")
    if case.has("external-owner"):
        _own(case, now)
    _guard_minors(case, now)
    _limit(case, now)


def _open_path(case: AccountCase, now: _Administration) -> None:
    """Let somebody in charge be able to remove anybody: the head, IT, or whoever has the login."""
    context = case.context
    head = context.heads[now.entity]
    if head is not None and head in context.active and head not in case.gone:
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
        now.open_choices += 1
        way = "it"
    case.do(now.key, case.deed("set-removal-path", role=way))
    case.end_all(now.key, "no-removal-path", "removal-path-untested")


def _delegates(case: AccountCase) -> list[str]:
    """Return who of IT serves and may act for the heads in line, the nearest first."""
    context = case.context
    line = context.lines[case.account.entity_id]
    able = [one for entity in line for one in sorted(entity.it_delegate_ids)]
    return [
        one
        for one in dict.fromkeys(able)
        if one in context.active and one not in case.gone and context.people[one].type in STAFF
    ]


def _own(case: AccountCase, now: _Administration) -> None:
    """Let somebody of one's own be the owner, and the outside party an administrator."""
    people = case.context.people
    own = sorted(one for one in now.full() if people[one].type in STAFF)
    if not own:
        now.give_any()
        own = sorted(one for one in now.full() if people[one].type in STAFF)
    owner = own[0] if own else ""
    for one in case.open("external-owner"):
        outsider = one.finding.subject.person
        key = case.key("control")
        case.do(key, case.deed("make-owner", owner))
        case.do(key, case.deed("lower-role", outsider, role="admin"))
        case.end(key, one)


def _guard_minors(case: AccountCase, now: _Administration) -> None:
    """See that enough cleared adults read what is written to an account for minors."""
    asked = case.fitness.asks("youth-account-one-adult", now.entity)
    is_open = case.has("youth-account-one-adult")
    if not is_open and not (case.gone and case.account.audience == "minors" and asked.enabled):
        return
    adults, cleared = _adults(case, now, asked.level)
    missing = asked.minimum - len(adults | cleared)
    if missing <= 0 and is_open:
        # Whoever's clearance is renewed is one of them: that is their own action.
        last = max(cleared - adults, default="")
        case.end_all(("person", last, "") if last else now.key, "youth-account-one-adult")
        return
    _let_read(case, now, missing, adults | cleared)
    case.end_all(now.key, "youth-account-one-adult")


def _let_read(case: AccountCase, now: _Administration, missing: int, adults: Iterable[str]) -> None:
    """Let others read what is written to an account for minors."""
    but = case.gone.keys() | set(adults)
    chosen = case.fitness.candidates(case.account, but)[: max(missing, 0)]
    for person in chosen:
        deeds = [*case.fitness.before(person, now.entity)]
        case.do(now.key, *deeds, case.deed("give-reading", person.id))
    for number in range(missing - len(chosen)):
        case.do(now.key, case.deed("give-reading", role=str(number + 1)))


def _adults(case: AccountCase, now: _Administration, level: str) -> tuple[set[str], set[str]]:
    """Return who reads it and is cleared, and whose clearance other actions renew."""
    context = case.context
    readers = {
        id_ for id_, one in now.live.items() if one.role != "analyst" and id_ in context.active
    } | {*case.added}
    cleared = {
        one.finding.subject.person for one in case.open("ineligible-manager", "clearance-expired")
    } & readers
    adults = {one for one in readers if case.fitness.is_cleared(context.people[one], level)}
    return adults | {*case.added}, cleared


def _limit(case: AccountCase, now: _Administration) -> None:
    """Lower the roles of those who are too many with full control."""
    asked = case.fitness.asks("too-many-administrators", now.entity)
    is_open = case.has("too-many-administrators")
    holders = list(dict.fromkeys(now.granted))
    surplus = len(holders) + now.open_choices - asked.maximum
    if surplus > 0 and asked.enabled and (is_open or case.added or now.open_choices):
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
