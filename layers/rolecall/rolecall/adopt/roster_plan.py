"""A roster brought into a registry: the people of it as they are to be, and what that changes.

Invariants:

- Of people the roster's columns are the roster's, and every other column stays as it is.
- What somebody edited in the registry stays where the roster only says again what it said before.
- Nobody leaves by being missing: that is asked, or told with the command.
- A roster that would let very many people go at once is a mistake until somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.adopted import Adopted, AdoptedRow
from rolecall.adopt.entity_names import folded_entity_key
from rolecall.adopt.memory import KnownPerson, Memory
from rolecall.adopt.mentions import RosterEntry
from rolecall.adopt.name_keys import name_keys
from rolecall.adopt.people_found import AdoptedPerson, People
from rolecall.adopt.persons import who_is_who
from rolecall.adopt.proposal import ProposedRow
from rolecall.adopt.questions import Answers, Question
from rolecall.adopt.reconciling import MergedTable, merged_table
from rolecall.adopt.registry_tables import RegistryTable
from rolecall.adopt.roster_absences import Absences, absent_people, lasting_answers
from rolecall.adopt.roster_changes import PersonChange, person_changes
from rolecall.model import Snapshot
from rolecall.registry.schema import columns

__all__ = ["RosterPlan", "RosterRegistry", "plan_roster"]


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
    absent = absent_people(people, there.snapshot.people, there.memory.people)
    settled, missing = work.absences.settled(absent, all_left=missing_left)
    before = [one for row in rows if (one := work.before(row)) is not None]
    merged = merged_table("people", there.people, rows, before, settled)
    names = {entity.id: entity.name for entity in there.snapshot.entities}
    return RosterPlan(
        merged=merged,
        changes=tuple(person_changes(there.people.rows, merged.table.rows, names)),
        missing=tuple(missing),
        questions=(*people.questions, *work.absences.open()),
        assumptions=people.assumptions,
        warnings=(*people.warnings, *work.warnings),
        memory=replace(
            there.memory,
            people={**there.memory.people, **people.known},
            answers={**there.memory.answers, **lasting_answers(answers)},
        ),
        adopted=_recorded(there.adopted, rows),
    )


class _Work:
    """One roster while it is brought in."""

    def __init__(self, there: RosterRegistry, answers: Answers, today: date) -> None:
        self.there, self.answers, self.today = there, answers, today
        self.absences = Absences(answers, today)
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
        absent = absent_people(found, self.there.snapshot.people, memory)
        joining = [one for one in found.people if one.id not in self.rows]
        renamed = list(self.absences.renamed(absent, joining))
        for person, new in renamed:
            kept = memory.get(person.id, KnownPerson(names=(person.name,)))
            memory[person.id] = replace(kept, names=(*kept.names, new.name), on_roster=True)
        return self._who(entries, memory, random_bytes) if renamed else found

    def _who(
        self,
        entries: Sequence[RosterEntry],
        memory: Mapping[str, KnownPerson],
        random_bytes: Callable[[int], bytes],
    ) -> People:
        people = self.there.snapshot.people
        return who_is_who((), entries, people, memory, self.answers, random_bytes)

    def row(self, person: AdoptedPerson, fields: frozenset[str]) -> ProposedRow:
        """Return a person as the roster has them, in the columns of which it speaks."""
        there = self.rows.get(person.id, {}).get("name", "")
        said = {
            # How a name is written is the registry's, as long as it is the same name.
            "name": there if name_keys(there) & name_keys(person.name) else person.name,
            "status": person.status,
            "email": person.email,
            "left_on": person.left_on.isoformat() if person.left_on else "",
            "type": person.type or "",
            "supervisor_id": person.supervisor_id,
            **person.values,
        }
        known = columns("people")
        cells = {"id": person.id}
        cells |= {name: said.get(name, "") for name in known if name in fields}
        if self.rows.get(person.id, {}).get("status", "active") != "active":
            cells.setdefault("left_on", said["left_on"])
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

    def before(self, row: ProposedRow) -> AdoptedRow | None:
        """Return what to hold a row against, ``None`` for somebody who is new.

        Where the roster says again what it said before, that: an edit since stays. Where it says
        something new, or nobody knows what it said, what the registry says now: that is older. But
        an empty cell says nothing where nobody knows what stood there.
        """
        key = (row.cells["id"],)
        known, current = self.recorded.get(key), self.rows.get(row.cells["id"])
        if current is None:
            return known
        recorded = known.cells if known else {}
        said = {
            name: cell if recorded.get(name) == cell else current.get(name, "")
            for name, cell in row.cells.items()
            if cell or name in recorded
        }
        if row.cells["status"] == "active" and current.get("status") != "active":
            # Whoever is back has not left, whatever day stands there.
            said["left_on"] = current.get("left_on", "")
        return AdoptedRow(key, said)


def _recorded(adopted: Adopted, rows: Sequence[ProposedRow]) -> Adopted:
    """Return what is on record of what sheets said, with what the roster says now."""
    known = {row.key: row for row in adopted.tables.get("people", ())}
    for row in rows:
        key = (row.cells["id"],)
        old = known.get(key, AdoptedRow(key, {}))
        known[key] = replace(old, cells={**old.cells, **row.cells})
    tables = {**adopted.tables, "people": tuple(one for _, one in sorted(known.items()))}
    return replace(adopted, tables=tables)
