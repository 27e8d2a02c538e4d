"""References that match nobody: each is pointed out where it stands, with whoever could be meant.

That somebody is on no roster is no error of a registry: people go, and what they once approved
stays. Their access is what controls report. But an id with a slip in it, or a name where an id
belongs, makes a stranger of somebody who serves, and only whoever wrote it can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any

from rolecall.model import Policy, Snapshot, Subject
from rolecall.registry.nearness import Nearness
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.problems import MOST_PROBLEMS, Problems
from rolecall.registry.schema import referring

__all__ = ["Acquaintances", "warn_of_strange_waivers", "warn_of_strangers"]

_OUTSIDERS = frozenset({"subject_id"})
"""Columns that may well name somebody from outside: a warning only where somebody is near."""
_SUBJECTS = {
    "account": "accounts",
    "login": "logins",
    "entity": "entities",
    "incident": "incidents",
    "content": "contents",
}


class Acquaintances:
    """Who could be meant: the ids of a table's rows and what they are called.

    Near ones are looked for of as many as are shown: it takes a while.
    """

    def __init__(self, records: Sequence[Any], *, are_people: bool = False) -> None:
        self._are_people = are_people
        self._hints = MOST_PROBLEMS
        self._names = {one.id: _called(one) for one in records if one.id}
        self._ids: dict[str, list[str]] = {}
        for id_, name in self._names.items():
            self._ids.setdefault(_folded(name), []).append(id_)
        self._near_ids, self._near_names = Nearness(self._names), Nearness(self._ids)

    def hint(self, text: str) -> str:
        """Return who a text could mean, by the nearest id and by the nearest name."""
        self._hints -= 1
        if self._hints < 0:
            return ""
        by_id = self._near_ids.nearest(text)
        folded = self._near_names.nearest(_folded(text))
        by_name = [id_ for id_ in self._ids.get(folded or "", ()) if id_ != by_id]
        if by_id is None and not by_name:
            return ""
        called = f" ({self._names[by_id]})" if by_id and self._are_people else ""
        of_id = [] if by_id is None else [f"{by_id}{called}"]
        of_name = [f"{self._names[id_]}, whose id is {id_}" for id_ in by_name[:2]]
        return f"; did you mean {', or '.join([*of_id, *of_name])}?"


def warn_of_strangers(
    tables: Mapping[str, ParsedTable], said: Problems, warnings: Problems | None
) -> None:
    """Warn of every reference to a person whom the roster does not have.

    :param said: what was pointed out before; of the same cell nothing is said twice.
    :param warnings: ``None`` where nobody wants them.
    """
    # Where nobody is on record at all, nobody is a stranger.
    if warnings is None or "people" not in tables or not tables["people"].records:
        return
    people = tables["people"].records
    known, near = {person.id for person in people}, Acquaintances(people, are_people=True)
    told = {(one.file, one.row, one.column) for one in said.kept}
    for table in tables.values():
        for column in referring(table.name, "people"):
            for index, text in _strangers(table, column, known):
                row = table.numbers[index]
                hint = near.hint(text)
                if (table.file, row, column) in told or (column in _OUTSIDERS and not hint):
                    continue
                message = f"is nobody on record{hint}"
                warnings.add(table.file, message, row=row, column=column, value=text)


def _strangers(table: ParsedTable, column: str, known: Set[str]) -> Iterator[tuple[int, str]]:
    for index, record in enumerate(table.records):
        value = getattr(record, column)
        if value is None or value in known:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            # An investigator is a person and a role.
            id_ = one if isinstance(one, str) else one.person_id
            if id_ and id_ not in known:
                yield index, id_


def warn_of_strange_waivers(
    policy: Policy, snapshot: Snapshot, file: str, warnings: Problems
) -> None:
    """Warn of waivers by whom the roster does not have, and of what could be meant otherwise.

    A waiver of what is gone is over, and reports say so: of its keys those are pointed out to which
    another is near.
    """
    people = Acquaintances(snapshot.people, are_people=True)
    roster = {person.id for person in snapshot.people}
    for waiver in policy.waivers:
        where = f"waivers[{waiver.control}]"
        missing = list(_missing(waiver.subject, snapshot, people))
        for key, hint in missing:
            if hint:
                value = getattr(waiver.subject, key)
                message = f"names nothing of the registry{hint}"
                warnings.add(file, message, column=f"{where}.{key}", value=value)
        for approver in waiver.approved_by if roster else ():
            if approver not in roster and ((hint := people.hint(approver)) or not missing):
                message = f"is nobody on record{hint}"
                warnings.add(file, message, column=f"{where}.approved_by", value=approver)


def _missing(
    subject: Subject, snapshot: Snapshot, people: Acquaintances
) -> Iterator[tuple[str, str]]:
    """Yield the keys of a subject that name no row, each with what could be meant."""
    for key, table in _SUBJECTS.items():
        rows = getattr(snapshot, table)
        if (id_ := getattr(subject, key)) and all(row.id != id_ for row in rows):
            yield key, Acquaintances(rows).hint(id_)
    # That somebody has access who is on no roster may be what was accepted.
    everybody = chain((p.id for p in snapshot.people), (g.person_id for g in snapshot.grants))
    if subject.person and subject.person not in everybody:
        yield "person", people.hint(subject.person)


def _called(record: Any) -> str:
    """Return what a row is called: a person or an entity by name, an account by its handle."""
    return str(getattr(record, "name", None) or getattr(record, "handle", None) or record.id)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
