"""One account with its findings, while it is decided which actions end them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rolecall.actions.action import ActionKey, ActionKind
from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.drafts import Drafts, Standing
from rolecall.actions.fitness import Fitness
from rolecall.controls.context import Context
from rolecall.model import Account

__all__ = ["AccountCase", "person_kind"]


def person_kind(person: str, context: Context) -> ActionKind:
    """Return of what kind the action is that takes somebody's access away everywhere."""
    if person in context.active or not context.has_roster:
        return "removal"
    found = context.people.get(person)
    is_gone = found is None or found.status == "left"
    has_left = found is not None and found.left_on is not None and found.left_on <= context.today
    return "departure" if is_gone or has_left else "suspension"


class AccountCase:
    """What stands against one account, and what is done about it.

    :ivar gone: whose access is taken, each with the action that takes it.
    :ivar added: who is given full control.
    :ivar changed: logins whose passwords are changed by those who take access away.
    """

    def __init__(
        self, account: Account, standing: Iterable[Standing], drafts: Drafts, fitness: Fitness
    ) -> None:
        self.account = account
        self.context = drafts.context
        self.drafts = drafts
        self.fitness = fitness
        self.gone: dict[str, ActionKey] = {}
        self.added: list[str] = []
        self.changed: set[str] = set()
        self._open: dict[str, list[Standing]] = {}
        for one in standing:
            self._open.setdefault(one.finding.control, []).append(one)

    def any_of(self, controls: frozenset[str]) -> bool:
        """Tell whether findings of some controls stood against the account from the beginning."""
        return not controls.isdisjoint(self._open)

    def has(self, control: str) -> bool:
        """Tell whether a finding of a control is not ended yet."""
        return bool(self._open.get(control))

    def open(self, *controls: str) -> list[Standing]:
        """Return the findings of controls that are not ended yet."""
        return [one for control in controls for one in self._open.get(control, ())]

    def left(self) -> list[Standing]:
        """Return the findings of all controls that are not ended yet."""
        return [one for standing in self._open.values() for one in standing]

    def key(self, kind: ActionKind) -> ActionKey:
        """Return the key of an action about the account."""
        return kind, self.account.id, ""

    def about(self, person: str) -> ActionKey:
        """Return the key of the action that ends what somebody has, everywhere."""
        return person_kind(person, self.context), person, ""

    def deed(self, kind: DeedKind, person: str = "", login: str = "", role: str = "") -> Deed:
        """Return a deed on the account."""
        account, entity = self.account.id, self.account.entity_id
        return Deed(kind, account, person, login, role=role, entity=entity)

    def serves(self, person: str) -> bool:
        """Tell whether somebody serves, as far as is known, and keeps what they have here."""
        context = self.context
        return (person in context.active or not context.has_roster) and person not in self.gone

    def staying(self, people: Iterable[str]) -> set[str]:
        """Return those of some people who serve and keep what they have here."""
        return set(self.context.among_active(people)) - self.gone.keys()

    def successor(self) -> str:
        """Return who is proposed to look after what somebody leaves behind; empty for nobody.

        The head, who is there anyway, and else the fittest of those who are near.
        """
        head = self.context.heads[self.account.entity_id]
        if head is not None and self.serves(head):
            return head
        found = self.fitness.candidates(self.account, self.gone.keys(), 1)
        return found[0].id if found else ""

    def do(self, key: ActionKey, *deeds: Deed, announces: Collection[str] = ()) -> None:
        """Add deeds to an action."""
        self.drafts.do(key, *deeds, announces=announces)

    def end(self, key: ActionKey, *standing: Standing) -> None:
        """Count findings under an action that ends them."""
        for one in standing:
            self.drafts.end(key, one)
            self._open[one.finding.control].remove(one)

    def end_all(self, key: ActionKey, *controls: str) -> None:
        """Count all open findings of controls under an action."""
        self.end(key, *self.open(*controls))
