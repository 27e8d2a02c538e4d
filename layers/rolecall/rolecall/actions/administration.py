"""Who has which role on an account, as it will be once the actions are done."""

from __future__ import annotations

from rolecall.actions.account_case import AccountCase
from rolecall.actions.action import ActionKey
from rolecall.actions.deed import DeedKind
from rolecall.model import FULL_CONTROL_ROLES, Grant

__all__ = ["Administration"]

_FRESH = (
    *("access-not-recertified", "self-approved-access", "mover-with-access"),
    *("unused-access", "expired-grant", "ghost-grant", "role-drift"),
)
"""What is over once somebody is given control anew, by whoever may."""
_BEFORE: dict[DeedKind, tuple[str, ...]] = {
    "name-supervisor": ("unsupervised-volunteer",),
    "record-contract": ("third-party-without-contract",),
    "clear-person": ("ineligible-manager", "clearance-expired"),
    "train-person": ("untrained-manager", "training-refresher-overdue"),
    "sign-policy": ("policy-unacknowledged",),
}
"""What is over with what must be done before."""


class Administration:
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
        self.found = 0
        self.key = self._first_key()

    def _first_key(self) -> ActionKey:
        """Return to which action it belongs that somebody is let in.

        To the one that takes the last control away, for others have it before that is done; else
        it is a matter of the account.
        """
        case = self.case
        leaves_few = bool(case.context.among_active(case.gone))
        if case.gone and (leaves_few or not self.full()):
            return min(case.gone.values())
        return case.key("control")

    def full(self) -> set[str]:
        """Return who serves and has full control."""
        return set(self.case.context.among_active(self.granted))

    def give(self, person: str) -> None:
        """Give somebody full control, after what must be done before."""
        case = self.case
        self.prepare(person)
        case.do(self.key, case.deed("give-control", person))
        self._end(person, *_FRESH)
        case.added.append(person)
        if person not in self.granted:
            self.granted.append(person)

    def prepare(self, person: str) -> None:
        """Do what must be done before somebody is let in, and end what that ends here."""
        found = self.case.context.people.get(person)
        deeds = () if found is None else tuple(self.case.fitness.before(found, self.entity))
        self.case.do(self.key, *deeds)
        for deed in deeds:
            self._end(person, *_BEFORE[deed.kind])

    def _end(self, person: str, *controls: str) -> None:
        for one in self.case.open(*controls):
            if one.finding.subject.person == person:
                self.case.end(self.key, one)

    def give_some(self, number: int) -> None:
        """Give so many who are fit full control; where too few are proposed, leave it open who."""
        but = self.case.gone.keys() | set(self.granted)
        chosen = self.case.fitness.candidates(self.case.account, but, number)
        for person in chosen:
            self.give(person.id)
        self.open_choices += max(number - len(chosen), 0)

    def enough(self, minimum: int) -> None:
        """Let so many have full control."""
        self.give_some(max(minimum - len(self.full()) - self.open_choices - self.found, 0))

    def leave_open(self) -> None:
        """Say how many more must be found than are proposed."""
        if self.open_choices:
            number = str(self.open_choices)
            self.case.do(self.key, self.case.deed("give-control", role=number))
