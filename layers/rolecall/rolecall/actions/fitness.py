"""Who is fit to be let in: what the policy asks of people, and who of an account meets it.

Whoever is proposed for an account is found among those who travel with it: who heads its entity
and those above, who of IT may act for them, and whom the account's own rows name. So the answer is
the same whatever else of the registry is there. Nobody is proposed whose access is being taken, or
whose conduct an open incident of the account is about; that it is so is said nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property

from rolecall.actions.deed import Deed
from rolecall.controls.catalogue import catalogue
from rolecall.controls.clearance import ClearanceLadder
from rolecall.controls.context import Context
from rolecall.controls.control import Params
from rolecall.controls.parameters import resolve
from rolecall.model import Account, Person

__all__ = ["OUTSIDE", "STAFF", "Fitness"]

STAFF = frozenset({"employee", "clergy"})
OUTSIDE = frozenset({"agency", "partner", "contractor"})
_PAPERS = ("contract_ref", "dpa_ref", "contract_ends")


class Fitness:
    """What one policy asks of the people of one context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.ladder = ClearanceLadder(context.policy.clearance_levels)
        self._lacking: dict[tuple[str, str], bool] = {}
        self._parameters: dict[str, tuple[Params, Mapping[str, Params]]] = {}

    @cached_property
    def _accused(self) -> Mapping[str, Set[str]]:
        """Whose conduct open incidents are about, by account."""
        found: dict[str, set[str]] = {}
        for one in self.context.snapshot.incidents:
            if one.closed_on is None and one.subject_id is not None:
                found.setdefault(one.account_id, set()).add(one.subject_id)
        return found

    def asks(self, control: str, entity: str) -> Params:
        """Return the parameters of a control for an entity."""
        if (known := self._parameters.get(control)) is None:
            known = resolve(catalogue()[control], self.context.policy, self.context)
            self._parameters[control] = known
        base, differing = known
        return differing.get(entity, base)

    def tracks(self, column: str, id_: str) -> bool:
        """Tell whether anybody keeps a column of the roster for somebody."""
        return self.context.tracks(f"people.{column}", id_)

    def is_cleared(self, person: Person, level: str) -> bool:
        """Tell whether somebody's clearance reaches a level and is in force."""
        by_level = self.tracks("clearance_level", person.id)
        if by_level and self.ladder[person.clearance_level] < self.ladder.required(level):
            return False
        if not self.tracks("clearance_expires", person.id):
            return True
        return (ends := person.clearance_expires) is not None and ends >= self.context.today

    def before(self, person: Person, entity: str) -> Iterator[Deed]:
        """Yield what must be done before somebody is given access to an account of an entity."""
        context = self.context
        if person.type in ("volunteer", "student") and not self._is_supervised(person):
            yield Deed("name-supervisor", person=person.id)
        if person.type in OUTSIDE and self._lacks_contract(person):
            yield Deed("record-contract", person=person.id)
        level = self.asks("ineligible-manager", entity).level
        if not self.is_cleared(person, level):
            yield Deed("clear-person", person=person.id)
        oldest = context.days_ago(self.asks("training-refresher-overdue", entity).days)
        trained = person.trained_on
        if self.tracks("trained_on", person.id) and (trained is None or trained < oldest):
            yield Deed("train-person", person=person.id)
        version = context.policy.version
        is_asked = version is not None and self.tracks("policy_version", person.id)
        if is_asked and person.policy_version != version:
            yield Deed("sign-policy", person=person.id)

    def _is_supervised(self, person: Person) -> bool:
        supervisor = self.context.people.get(person.supervisor_id or "")
        is_active = supervisor is not None and supervisor.id in self.context.active
        return is_active and supervisor is not None and supervisor.type in STAFF

    def _lacks_contract(self, person: Person) -> bool:
        ends = person.contract_ends
        if ends is not None and ends < self.context.today:
            return True
        return any(getattr(person, one) is None and self.tracks(one, person.id) for one in _PAPERS)

    def candidates(self, account: Account, but: Set[str], most: int) -> list[Person]:
        """Return so many who are proposed for full control of an account, the fittest first.

        Those who need nothing more come first; then by how near they are: the head of the entity,
        who of IT acts for it, who has a role here already, those above, whom the rows name.
        """
        accused = self._accused.get(account.id, ())
        fit: list[Person] = []
        others: list[tuple[bool, bool, int, Person]] = []
        seen: set[str] = set()
        for place, ids in enumerate(self._near(account)):
            for id_ in sorted({one for one in ids if one} - seen):
                seen.add(id_)
                person = self.context.people.get(id_)
                if person is None or id_ in but or id_ in accused or not self._may_serve(person):
                    continue
                # Whom the platform cannot name nobody could hold against its list.
                unfit = self._lacks(person, account.entity_id), person.email is None
                if any(unfit):
                    others.append((*unfit, place, person))
                else:
                    fit.append(person)
            if len(fit) >= most:
                return fit[:most]
        others.sort(key=lambda one: (*one[:3], one[3].id))
        return [*fit, *(one[3] for one in others)][:most]

    def _may_serve(self, person: Person) -> bool:
        if person.id not in self.context.active:
            return False
        return person.type in STAFF or not self.tracks("type", person.id)

    def _lacks(self, person: Person, entity: str) -> bool:
        """Tell whether something must be done before somebody is given access."""
        known = self._lacking.get((person.id, entity))
        if known is None:
            known = next(self.before(person, entity), None) is not None
            self._lacking[person.id, entity] = known
        return known

    def _near(self, account: Account) -> Iterator[Iterable[str | None]]:
        """Yield who travels with an account, the nearest first."""
        own, *above = self.context.lines[account.entity_id]
        yield (own.head_id,)
        yield own.it_delegate_ids
        yield [one.person_id for one in self.context.live_grants.get(account.id, ())]
        yield from ([one.head_id] for one in above)
        yield from (one.it_delegate_ids for one in above)
        yield account.owner_id, account.recovery_person_id, account.payment_holder_id
        yield (*account.approved_by, *account.post_approver_ids, *account.crisis_contact_ids)
