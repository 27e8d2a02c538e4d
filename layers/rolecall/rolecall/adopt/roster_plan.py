"""A roster brought into a registry: the people of it as they are to be, and what that changes.

Invariants:

- Of people the roster's columns are the roster's, and every other column stays as it is.
- What somebody edited in the registry stays where the roster only says again what it said before.
- Nobody leaves by being missing: that is asked, or told with the command.
- A roster that would let very many people go at once is a mistake until somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.adopted import Adopted, AdoptedRow
from rolecall.adopt.entity_names import folded_entity_key
from rolecall.adopt.memory import KnownPerson, Memory
from rolecall.adopt.mentions import RosterEntry
from rolecall.adopt.name_keys import are_near, word_key
from rolecall.adopt.people_found import AdoptedPerson, People
from rolecall.adopt.persons import who_is_who
from rolecall.adopt.proposal import ProposedRow
from rolecall.adopt.questions import Answers, Choice, Question, answer_to
from rolecall.adopt.reconciling import MergedTable, merged_table
from rolecall.adopt.registry_tables import RegistryTable
from rolecall.adopt.roster_changes import PersonChange, person_changes
from rolecall.model import Person, Snapshot
from rolecall.registry.schema import columns

__all__ = ["MISSING", "RosterPlan", "RosterRegistry", "plan_roster"]

MISSING = "missing:"
"""What the ids of questions begin with that are asked anew each month."""

_OUTSIDE = ("agency", "partner", "contractor")


class RosterRegistry(Struct, frozen=True):
    """A registry before a roster is brought in.

    :ivar people: the table as it is.
    """

    snapshot: Snapshot
    people: RegistryTable
    memory: Memory = Memory()
    adopted: Adopted = Adopted()


class RosterPlan(Struct, frozen=True):
    """What a roster makes of a registry.

    :ivar missing: the names of those whom the roster should have and has not, and who stay.
    :ivar questions: what nobody has answered; the safest answer was taken for each.
    """

    merged: MergedTable
    changes: tuple[PersonChange, ...]
    missing: tuple[str, ...]
    questions: tuple[Question, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    memory: Memory
    adopted: Adopted


def plan_roster(
    entries: Sequence[RosterEntry],
    fields: frozenset[str],
    there: RosterRegistry,
    answers: Answers,
    today: date,
    random_bytes: Callable[[int], bytes],
    *,
    missing_left: bool = False,
) -> RosterPlan:
    """Return what a roster makes of a registry.

    :param entries: who is on it.
    :param fields: the columns of people of which it speaks.
    :param missing_left: whoever is missing on it left, as of today.
    """
    work = _Work(there, answers, today)
    people = work.people(entries, random_bytes)
    rows = [work.row(person, fields) for person in people.people if person.on_roster]
    settled, missing = work.missing(people, missing_left=missing_left)
    before = [work.before(row) for row in rows]
    merged = merged_table("people", there.people, rows, before, settled)
    names = {entity.id: entity.name for entity in there.snapshot.entities}
    return RosterPlan(
        merged=merged,
        changes=tuple(person_changes(there.people.rows, merged.table.rows, names)),
        missing=tuple(missing),
        questions=(*people.questions, *work.questions),
        assumptions=people.assumptions,
        warnings=(*people.warnings, *work.warnings),
        memory=replace(
            there.memory,
            people={**there.memory.people, **people.known},
            answers={**there.memory.answers, **_lasting(answers)},
        ),
        adopted=_recorded(there.adopted, rows),
    )


def _lasting(answers: Answers) -> Answers:
    return {id_: value for id_, value in answers.items() if not id_.startswith(MISSING)}


class _Work:
    """One roster while it is brought in."""

    def __init__(self, there: RosterRegistry, answers: Answers, today: date) -> None:
        self.there, self.answers, self.today = there, answers, today
        self.questions: list[Question] = []
        self.warnings: dict[str, None] = {}
        self.recorded = {row.key: row for row in there.adopted.tables.get("people", ())}
        self.rows = {row.get("id", ""): row for row in there.people.rows}
        self.units: dict[str, set[str]] = {}
        for entity in there.snapshot.entities:
            paths = there.memory.entities.get(entity.id, ())
            for name in (entity.name, entity.id, *(path.rpartition(" > ")[2] for path in paths)):
                self.units.setdefault(folded_entity_key(name), set()).add(entity.id)

    def people(
        self, entries: Sequence[RosterEntry], random_bytes: Callable[[int], bytes]
    ) -> People:
        """Return who is on the roster, after it was asked who of those who join is not new."""
        memory = dict(self.there.memory.people)
        found = self._who(entries, memory, random_bytes)
        again = {one.id: one for one in self._renamed(found)}
        if not again:
            return found
        for person in self.there.snapshot.people:
            if (new := again.get(person.id)) is not None:
                kept = memory.get(person.id, KnownPerson(names=(person.name,)))
                memory[person.id] = replace(kept, names=(*kept.names, new.name), on_roster=True)
        return self._who(entries, memory, random_bytes)

    def _who(
        self,
        entries: Sequence[RosterEntry],
        memory: Mapping[str, KnownPerson],
        random_bytes: Callable[[int], bytes],
    ) -> People:
        people = self.there.snapshot.people
        return who_is_who((), entries, people, memory, self.answers, random_bytes)

    def _renamed(self, found: People) -> Iterator[AdoptedPerson]:
        """Yield those who join and are somebody who is missing, each with that person's id."""
        missing = list(self._expected(found))
        for new in found.people:
            if new.id in self.rows:
                continue
            for person in missing:
                if not are_near(new.name, person.name):
                    continue
                question = Question(
                    id=f"renamed:{word_key(new.name)}:{person.id}",
                    text=f"{new.name} is new on the roster, and {person.name} is missing. Is that"
                    " one person?",
                    choices=(
                        Choice("apart", "two people"),
                        Choice("one", "one, with another name"),
                    ),
                    safest="apart",
                    places=new.places[:1],
                )
                if question.id not in self.answers:
                    self.questions.append(question)
                if answer_to(question, self.answers) == "one":
                    yield replace(new, id=person.id)
                    break

    def _expected(self, found: People) -> Iterator[Person]:
        """Yield who should be on the roster and is not: who serves, and was not only in sheets."""
        there = {person.id for person in found.people if person.on_roster}
        for person in self.there.snapshot.people:
            kept = self.there.memory.people.get(person.id)
            is_own = person.type not in _OUTSIDE and (kept is None or kept.on_roster)
            if person.id not in there and is_own and person.status != "left":
                yield person

    def row(self, person: AdoptedPerson, fields: frozenset[str]) -> ProposedRow:
        """Return a person as the roster has them, in the columns of which it speaks."""
        cells = {"id": person.id, "name": person.name, "status": person.status}
        said = {
            "email": person.email,
            "left_on": person.left_on.isoformat() if person.left_on else "",
            "type": person.type or "",
            "supervisor_id": person.supervisor_id,
            **person.values,
        }
        cells |= {name: said.get(name, "") for name in sorted(fields) if name in columns("people")}
        if unit := self._unit(person):
            cells["entity_id"] = unit
        else:
            cells.pop("entity_id", None)
        return ProposedRow(cells)

    def _unit(self, person: AdoptedPerson) -> str:
        ids = self.units.get(folded_entity_key(person.entity), set()) if person.entity else set()
        if person.entity and len(ids) != 1:
            self.warnings.setdefault(
                f"the roster's {person.entity} is no entity of the registry: nobody moves there"
            )
        return next(iter(ids)) if len(ids) == 1 else ""

    def before(self, row: ProposedRow) -> AdoptedRow:
        """Return what the roster said of somebody before.

        Where that is not on record it is taken to have said what the registry says: what it says
        now is newer. But an empty cell says nothing new then.
        """
        key = (row.cells["id"],)
        known = self.recorded.get(key)
        current = self.rows.get(row.cells["id"], {})
        said = {name: current.get(name, "") for name, cell in row.cells.items() if cell}
        return AdoptedRow(key, {**said, **(known.cells if known else {})})

    def missing(
        self, found: People, *, missing_left: bool
    ) -> tuple[Mapping[tuple[str, ...], Mapping[str, str]], list[str]]:
        """Return the cells of those who are missing and left, and the names of all others."""
        gone = {"status": "left", "left_on": self.today.isoformat()}
        settled: dict[tuple[str, ...], Mapping[str, str]] = {}
        stay = []
        for person in self._expected(found):
            question = Question(
                id=f"{MISSING}{person.id}",
                text=f"{person.name} is not on the roster. Did they leave?",
                choices=(
                    Choice("keep", "no, or nobody knows: they stay as they are"),
                    Choice("left", f"yes, as of {self.today}"),
                ),
                safest="keep",
            )
            if not missing_left and question.id not in self.answers:
                self.questions.append(question)
            if missing_left or answer_to(question, self.answers) == "left":
                settled[person.id,] = gone
            else:
                stay.append(person.name)
        return settled, stay


def _recorded(adopted: Adopted, rows: Sequence[ProposedRow]) -> Adopted:
    """Return what is on record of what sheets said, with what the roster says now."""
    known = {row.key: row for row in adopted.tables.get("people", ())}
    for row in rows:
        key = (row.cells["id"],)
        old = known.get(key, AdoptedRow(key, {}))
        known[key] = replace(old, cells={**old.cells, **row.cells})
    tables = {**adopted.tables, "people": tuple(one for _, one in sorted(known.items()))}
    return replace(adopted, tables=tables)
