"""What a roster changes of the people of a registry: who joins, leaves, moves, or is otherwise new.

A change is told by names, for whoever reads it knows people by names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.provenance import UNTRACKED

__all__ = ["PersonChange", "PersonChangeKind", "person_changes", "stop_serving"]

PersonChangeKind: TypeAlias = Literal["joined", "left", "returned", "moved", "changed"]

_SILENT = frozenset({"id"})


class PersonChange(Struct, frozen=True):
    """One thing that changes of somebody.

    :ivar column: the column that changes; ``name`` of somebody who joins.
    """

    kind: PersonChangeKind
    id: str
    name: str
    column: str
    before: str
    after: str


def person_changes(
    before: Sequence[Mapping[str, str]],
    after: Sequence[Mapping[str, str]],
    entities: Mapping[str, str],
) -> Iterator[PersonChange]:
    """Yield what changes between two states of the table of people.

    :param entities: names of entities by their ids.
    """
    there = {row.get("id", ""): row for row in before}
    for row in after:
        id_, name = row.get("id", ""), row.get("name", "")
        old = there.get(id_)
        if old is None:
            kind: PersonChangeKind = "joined"
            yield PersonChange(kind, id_, name, "name", "", name)
            continue
        for column in row:
            was, now = _told(old.get(column, "")), _told(row[column])
            if was == now or column in _SILENT:
                continue
            if column == "entity_id":
                was, now = entities.get(was, was), entities.get(now, now)
            yield PersonChange(_kind(column, now), id_, name, column, was, now)


def _told(cell: str) -> str:
    """Return a cell as it is told: of what nobody keeps track there is nothing to tell."""
    return "" if cell == UNTRACKED else cell


def _kind(column: str, now: str) -> PersonChangeKind:
    if column == "status":
        if now == "left":
            return "left"
        return "returned" if now == "active" else "changed"
    return "moved" if column == "entity_id" else "changed"


def stop_serving(changes: Sequence[PersonChange]) -> list[str]:
    """Return the names of those who serve now, and would not: they left, or are suspended."""
    return [
        change.name
        for change in changes
        if change.column == "status" and change.before == "active" and change.after != "active"
    ]
