"""References that match nobody: each is pointed out where it stands, with whoever could be meant.

That somebody is on no roster is no error of a registry: people go, and what they once approved
stays. Their access is what controls report. But an id with a slip in it, or a name where an id
belongs, makes a stranger of somebody who serves, and only whoever wrote it can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from rolecall.model import Policy, Snapshot, Subject
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.problems import Problems, nearest
from rolecall.registry.schema import referring

__all__ = ["Acquaintances", "warn_of_strange_waivers", "warn_of_strangers"]

_MOST_HINTS = 100
_MOST_KNOWN = 2_000
_OUTSIDERS = frozenset({"subject_id"})
"""Columns that may well name somebody from outside: a warning only where somebody is near."""
_SUBJECTS = {
    "account": "accounts",
    "login": "logins",
    "entity": "entities",
    "incident": "incidents",
}


class Acquaintances:
    """Who could be meant: the ids of a table's rows and what they are called.

    Near ones are looked for a hundred times only, and in small registries: it takes a while.
    """

    def __init__(self, records: Sequence[Any], *, are_people: bool = False) -> None:
        self._are_people = are_people
        self._hints = _MOST_HINTS if len(records) <= _MOST_KNOWN else 0
        self._names = {one.id: _called(one) for one in records if one.id}
        self._ids: dict[str, list[str]] = {}
        for id_, name in self._names.items():
            self._ids.setdefault(_folded(name), []).append(id_)

    def hint(self, text: str) -> str:
        """Return who a text could mean, by the nearest id and by the nearest name."""
        self._hints -= 1
        if self._hints < 0:
            return ""
        by_id = nearest(text, self._names)
        folded = nearest(_folded(text), self._ids)
        by_name = [id_ for id_ in self._ids.get(folded or "", ()) if id_ != by_id]
        if by_id is None and not by_name:
            return ""
        called = f" ({self._names[by_id]})" if by_id and self._are_people else ""
        of_id = [] if by_id is None else [f"{by_id}{called}"]
        of_name = [f"{self._names[id_]}, whose id is {id_}" for id_ in by_name[:2]]
        return f"; did you mean {', or '.join([*of_id, *of_name])}?"


def warn_of_strangers(
    tables: Mapping[str, ParsedTable], said: Problems, warnings: Problems
) -> None:
    """Warn of every reference to a person whom the roster does not have.

    :param said: what was pointed out before; of the same cell nothing is said twice.
    """
    if "people" not in tables or tables["people"].file in warnings.cut | said.cut:
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
    """Warn of waivers of what the registry does not have, and by whom it does not have."""
    people = Acquaintances(snapshot.people, are_people=True)
    roster = {person.id for person in snapshot.people}
    # A waiver may accept that somebody has access who is on no roster.
    named = roster | {grant.person_id for grant in snapshot.grants}
    for waiver in policy.waivers:
        where = f"waivers[{waiver.control}]"
        for approver in waiver.approved_by:
            if approver not in roster:
                message = f"is nobody on record{people.hint(approver)}"
                warnings.add(file, message, column=f"{where}.approved_by", value=approver)
        if waiver.subject.person and waiver.subject.person not in named:
            message = f"is nobody on record{people.hint(waiver.subject.person)}"
            warnings.add(file, message, column=f"{where}.person", value=waiver.subject.person)
        for key, near in _missing(waiver.subject, snapshot):
            message = f"is no {key} of the registry{near.hint(getattr(waiver.subject, key))}"
            value = getattr(waiver.subject, key)
            warnings.add(file, message, column=f"{where}.{key}", value=value)


def _missing(subject: Subject, snapshot: Snapshot) -> Iterator[tuple[str, Acquaintances]]:
    """Yield the keys of a subject that name no row, with the rows that could be meant."""
    for key, table in _SUBJECTS.items():
        rows = getattr(snapshot, table)
        if (id_ := getattr(subject, key)) and all(row.id != id_ for row in rows):
            yield key, Acquaintances(rows)


def _called(record: Any) -> str:
    """Return what a row is called: a person or an entity by name, an account by its handle."""
    return str(getattr(record, "name", None) or getattr(record, "handle", None) or record.id)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
