"""What is to be done about what a run found: folded at once, or batch by batch and joined.

At night each batch leaves its actions in order of key, with what its part of the registry calls
those that they speak of. When all are audited the parts are sorted on disk and joined one key at a
time, so that memory does not grow with what was found; only the most urgent are kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict

from rolecall.actions.action import Action
from rolecall.actions.drafts import Standing
from rolecall.actions.folding import first_actions, fold
from rolecall.controls.context import Context
from rolecall.lifecycle import ReportedFinding
from rolecall.naming import Names
from rolecall.reports.named_action import (
    ActionNamer,
    NamedAction,
    ToldActions,
    joined_named,
    narrowed_to,
)
from rolecall.run import Heading
from rolecall.usecases.runs.work_files import Files, file_name

__all__ = [
    "MOST_OF_ENTITY",
    "ActionSorter",
    "ToldHeading",
    "actions_told",
    "encoded_parts",
    "parts_of",
    "sorted_actions",
    "told_at_night",
]

MOST_OF_ENTITY = 100
"""Actions of one entity that are kept for it alone, the most urgent ones."""
_encode = msgspec.json.Encoder().encode
_part = msgspec.json.Decoder(NamedAction).decode


class ToldHeading(Heading, frozen=True, kw_only=True):
    """What the report of a night says beside its findings, with what is to be done.

    :ivar actions: ``None`` where an early release audited some of it.
    """

    actions: ToldActions | None = None

    @classmethod
    def of(cls, heading: Heading, actions: ToldActions | None) -> ToldHeading:
        """Put the two together."""
        return cls(**asdict(heading), actions=actions)


def parts_of(
    findings: Iterable[ReportedFinding], context: Context, names: Names | None = None
) -> Iterator[NamedAction]:
    """Yield what is to be done about what stands in a part of a registry, in order of key.

    :param names: who is called what, where the part does not say it all.
    """
    return map(ActionNamer(context, names), _folded(findings, context))


def actions_told(findings: Iterable[ReportedFinding], context: Context) -> ToldActions:
    """Return what is to be done about what stands in all of a registry.

    Of a large registry most actions are counted alone: nobody reads them.
    """
    standing = _standing(findings)
    if not standing:
        return ToldActions([])
    first, more = first_actions(standing, context)
    return ToldActions(list(map(ActionNamer(context), first)), more)


def _folded(findings: Iterable[ReportedFinding], context: Context) -> Sequence[Action]:
    standing = _standing(findings)
    return fold(standing, context).actions if standing else ()


def _standing(findings: Iterable[ReportedFinding]) -> list[Standing]:
    return [
        Standing(one.finding, one.first_seen, not one.unevaluated) for one in findings if one.stands
    ]


def encoded_parts(parts: Iterable[NamedAction]) -> bytes:
    """Return the file that a batch leaves."""
    return b"".join(_encode(one) + b"\n" for one in parts)


def told_at_night(files: Files, prefix: str, batches: int) -> ToldActions:
    """Join what the batches of a run left."""
    with sorted_actions(files, prefix, batches) as actions:
        return actions.told()


def sorted_actions(files: Files, prefix: str, batches: int) -> ActionSorter:
    """Return what the batches of a run left, sorted; to be closed after use."""
    names = [file_name(prefix, "actions", number) for number in range(batches)]
    return ActionSorter(files.get_all(names))


class ActionSorter:
    """The actions of all batches, in order of key: sorted in a file that nobody else sees."""

    def __init__(self, files: Iterable[bytes]) -> None:
        """Take what the batches left."""
        # An empty name is a file that is deleted with the connection.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE part (kind TEXT, first TEXT, second TEXT, data BLOB); BEGIN"
        )
        insert = "INSERT INTO part VALUES (?, ?, ?, ?)"
        for data in files:
            self._database.executemany(insert, map(_keyed, data.splitlines()))
        self._database.execute("COMMIT")
        self._is_split = False

    def __enter__(self) -> ActionSorter:
        """Use it as long as what is in it is asked for."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file."""
        self._database.close()

    def complete(self) -> Iterator[NamedAction]:
        """Yield the complete actions."""
        query = "SELECT data FROM part ORDER BY kind, first, second, rowid"
        return joined_named(_part(data) for (data,) in self._database.execute(query))

    def told(self) -> ToldActions:
        """Return what the run says is to be done."""
        return ToldActions.of(self.complete())

    def entities(self) -> list[str]:
        """Return the entities in which there is something to do, by id."""
        self._split()
        query = "SELECT DISTINCT entity FROM piece ORDER BY entity"
        return [entity for (entity,) in self._database.execute(query)]

    def of(self, entity: str) -> ToldActions:
        """Return what is to be done in one entity."""
        self._split()
        query = "SELECT data FROM piece WHERE entity = ? ORDER BY rowid"
        pieces = (_part(data) for (data,) in self._database.execute(query, (entity,)))
        return ToldActions.of(pieces, MOST_OF_ENTITY)

    def _split(self) -> None:
        """Split the complete actions by entity, once."""
        if self._is_split:
            return
        self._database.executescript("CREATE TABLE piece (entity TEXT, data BLOB); BEGIN")
        self._database.executemany("INSERT INTO piece VALUES (?, ?)", self._pieces())
        self._database.execute("COMMIT")
        self._database.execute("CREATE INDEX by_entity ON piece (entity)")
        self._is_split = True

    def _pieces(self) -> Iterator[tuple[str, bytes]]:
        for named in self.complete():
            for entity in sorted({one.entity for one in named.action.ended if one.entity}):
                if (piece := narrowed_to(named, entity)) is not None:
                    yield entity, _encode(piece)


def _keyed(data: bytes) -> tuple[Any, ...]:
    return (*_part(data).action.key, data)
