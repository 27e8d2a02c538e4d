"""What everybody and everything is called, for batches that do not hold them all.

Whether a name says who is meant the whole registry decides, so the plan does, and tells a batch
two things: of whom it holds who is called like another, and what those are called whom it speaks
of without holding them. Findings of earlier runs may speak of anybody: for those the plan leaves
all names in files of their own (:mod:`.stored_names`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from rolecall.keys.alikeness import alike_ids
from rolecall.model import Waiver
from rolecall.naming import with_id
from rolecall.printable import printable
from rolecall.reports.facts import Holders
from rolecall.ring import SLOTS
from rolecall.usecases.runs.batch import entity_of
from rolecall.usecases.runs.planned_unit import PlannedUnit
from rolecall.usecases.runs.role_holders import organisation_of
from rolecall.usecases.runs.stored_names import name_files

__all__ = ["PlannedNames"]

_NAMED = (
    "SELECT {0}.id, called, like_{0}.id IS NOT NULL FROM {0} "
    "LEFT JOIN like_{0} ON like_{0}.id = {0}.id "
)
_LOGINS = (
    "SELECT login.id, account.id, called, like_account.id IS NOT NULL FROM login "
    "JOIN account ON account.id = login.account "
    "LEFT JOIN like_account ON like_account.id = account.id "
)
_GIVEN = "JOIN json_each(?) AS given ON {0}.id = given.value"
_PLACED = "WHERE {0} >= ? AND {0} < ?"
_TABLES = {"people": "person", "accounts": "account"}
_encode = msgspec.json.Encoder().encode


class PlannedNames:
    """The names of a planned registry.

    :ivar entities: what each is called, by id.
    """

    def __init__(
        self, database: sqlite3.Connection, units: Mapping[str, PlannedUnit], batches: int
    ) -> None:
        self._database, self._units = database, units
        self._count = name_files(batches)
        names = {id_: printable(entity_of(unit.data).name) for id_, unit in units.items()}
        self._alike = alike_ids([*names], [*names.values()])
        self._like = {
            table: frozenset(id_ for (id_,) in self._select(f"SELECT id FROM like_{name}"))  # noqa: S608
            for table, name in _TABLES.items()
        }
        self.entities = {
            id_: with_id(name, id_) if id_ in self._alike else name
            for id_, name in sorted(names.items())
        }

    def _heads(self) -> dict[str, str]:
        """Return who heads each entity, by name, by the id of the entity."""
        headed = {id_: entity_of(unit.data).head_id for id_, unit in sorted(self._units.items())}
        ids = json.dumps(sorted({head for head in headed.values() if head}))
        rows = self._select(_NAMED.format("person") + _GIVEN.format("person"), ids)
        names = {
            id_: with_id(called, id_) if is_alike else called for id_, called, is_alike in rows
        }
        return {id_: names[head] for id_, head in headed.items() if head in names}

    def told(
        self, held: Mapping[str, Iterable[str]], spoken: Mapping[str, Iterable[str]]
    ) -> dict[str, dict[str, str]]:
        """Return what a batch has to be told.

        :param held: ids of whom and what it holds, by table.
        :param spoken: ids of whom and what it speaks of, by table.
        """
        found: dict[str, dict[str, str]] = {"entities": {}}
        for table, name in _TABLES.items():
            # Of those whom a batch holds few are called alike: of all others nothing is asked.
            apart = set(spoken.get(table, ())).difference(held.get(table, ()))
            ids = json.dumps(sorted(apart | self._like[table].intersection(held.get(table, ()))))
            rows = self._select(_NAMED.format(name) + _GIVEN.format(name), ids)
            found[table] = {
                id_: with_id(called, id_) if is_alike else called
                for id_, called, is_alike in sorted(rows)
            }
        for id_ in sorted({*held["entities"], *spoken["entities"]} & self.entities.keys()):
            if id_ in self._alike or id_ not in held["entities"]:
                found["entities"][id_] = self.entities[id_]
        logins = json.dumps(sorted(spoken["logins"]))
        found["logins"] = self._of_logins(_LOGINS + _GIVEN.format("login"), logins)
        return {table: names for table, names in found.items() if names}

    def parts(self, waivers: Iterable[Waiver]) -> Iterator[tuple[str, bytes]]:
        """Yield what reports of the run say beside its findings: files by name."""
        given = list(waivers)
        people = {one for waiver in given for one in (*waiver.approved_by, waiver.subject.person)}
        accounts = {waiver.subject.account for waiver in given}
        told = self.told(
            {"entities": ()},
            {"people": people, "accounts": accounts, "entities": (), "logins": ()},
        )
        spoken = sorted({waiver.subject.entity for waiver in given} & self.entities.keys())
        units = {"entities": {id_: self.entities[id_] for id_ in spoken}} if spoken else {}
        names = dict(sorted({**told, **units}.items()))
        tops = [self.entities[id_] for id_, unit in self._units.items() if unit.parent is None]
        yield "entities.json", _encode(self.entities)
        made = Holders(organisation=organisation_of(tops), names=names, heads=self._heads())
        yield "holders.json", _encode(made)

    def files(self) -> Iterator[bytes]:
        """Yield the names of everybody and everything but entities, by place on the ring."""
        count = self._count
        for number in range(count):
            edges = -(-number * SLOTS // count), -(-(number + 1) * SLOTS // count)
            found = {
                table: {
                    id_: with_id(called, id_) if is_alike else called
                    for id_, called, is_alike in sorted(
                        self._select(_NAMED.format(name) + _PLACED.format("place"), *edges)
                    )
                }
                for table, name in _TABLES.items()
            }
            found["logins"] = self._of_logins(_LOGINS + _PLACED.format("name_place"), *edges)
            yield _encode(found)

    def _of_logins(self, query: str, *values: object) -> dict[str, str]:
        return {
            login: with_id(called, account) if is_alike else called
            for login, account, called, is_alike in sorted(self._select(query, *values))
        }

    def _select(self, query: str, *values: object) -> Iterable[tuple[str, ...]]:
        return self._database.execute(query, values)
