"""The reports of a night: from the lines that its batches left, sorted on disk.

The same bytes every time; nothing that grows with the number of findings is kept in memory but what
the workbook is while it is made.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from rolecall.finding import rank
from rolecall.model import Subject
from rolecall.quantity import Counting
from rolecall.reports.facts import MOST_HELD, Facts, HeldAccount, Holders
from rolecall.reports.formats import KEPT, content_type
from rolecall.reports.material import Lines
from rolecall.reports.report import FindingLine
from rolecall.run import Heading, Run
from rolecall.usecases.reporting.attempts import Failed
from rolecall.usecases.reporting.files import files_of
from rolecall.usecases.reporting.per_entity import write_entity_reports
from rolecall.usecases.runs.batch import Frozen
from rolecall.usecases.runs.nightly import Proof, frozen_run
from rolecall.usecases.runs.role_holders import spoken_of
from rolecall.usecases.runs.told_actions import ToldHeading, sorted_actions
from rolecall.usecases.runs.work_files import Files, file_name

__all__ = ["MOST_EACH", "write_reports"]

MOST_EACH = 500
"""Entities of which a night writes reports, those with the worst findings first: a second for each
PDF is what a function has time for."""
_line = msgspec.json.Decoder(FindingLine).decode
_held = msgspec.json.Decoder(list[HeldAccount]).decode


def write_reports(
    files: Files,
    prefix: str,
    scratch: Path,
    publish: Callable[[Run, str, str, Iterable[bytes]], None],
    wanted: Collection[str] = KEPT,
    each: Collection[str] = (),
    failed: Failed | None = None,
) -> int:
    """Write the reports of a completed run; return of how many entities there is none.

    :param scratch: an empty directory with room for all findings.
    :param publish: called with the run, the name of a report, its content type, and its content
        in pieces.
    :param wanted: names of reports.
    :param each: names of reports to write of single entities too, of :data:`MOST_EACH` at most.
    :param failed: is told of each that cannot be made, by its path; without it one ends the night.
    """
    frozen = frozen_run(files, prefix)
    heading = msgspec.json.decode(files.get(f"{prefix}/heading.json"), type=ToldHeading)
    names = [file_name(prefix, "findings", number) for number in range(frozen.batches)]
    database = sqlite3.connect(scratch / "report.sqlite", isolation_level=None)
    try:
        _sort(database, files.get_all(names))
        facts = _facts(files, frozen, heading)
        lines = lambda: map(_line, _sorted(database))  # noqa: E731 - they are read again and again.
        made = files_of(heading, lines, facts, wanted, heading.actions, failed)
        for name, pieces in made:
            publish(heading.run, name, content_type(name), pieces)
        if not each:
            return 0
        entities = _entities(database)
        with sorted_actions(files, prefix, frozen.batches if heading.actions else 0) as actions:
            told = actions.of if heading.actions else lambda _: None
            found = entities[:MOST_EACH], partial(_lines, database)
            write_entity_reports(*found, heading, facts, publish, each, told, failed)
        return len(entities[MOST_EACH:])
    finally:
        database.close()


def _facts(files: Files, frozen: Frozen, heading: Heading) -> Facts:
    prefix = frozen.prefix
    proof = msgspec.json.decode(files.get(f"{prefix}/proof.json"), type=Proof)
    parts = [file_name(prefix, "held", number) for number in range(frozen.batches)]
    counted = Counting(one for data in files.get_all(parts) for one in _held(data))
    names = msgspec.json.decode(files.get(f"{prefix}/entities.json"), type=dict[str, str])
    # A run that an earlier release planned has none.
    holders = f"{prefix}/holders.json"
    told = msgspec.json.decode(files.get(holders), type=Holders) if frozen.names else Holders()
    first = heapq.nsmallest(MOST_HELD, counted, key=lambda one: (one.entity, one.id))
    policy = frozen.rules()
    return Facts(
        holders=Holders(
            entities=_meant(names, frozen),
            heads=_meant(told.heads, frozen),
            accounts=first,
            more=counted.count - len(first),
            organisation=told.organisation,
            names=spoken_of(told.names, heading.waivers),
        ),
        trend=proof.trend,
        checkpoint=proof.checkpoint,
        citations=policy.citations,
        language=policy.language,
    )


def _meant(names: Mapping[str, str], frozen: Frozen) -> Mapping[str, str]:
    """Return the names of what a run was about."""
    meant = frozen.entities
    return {id_: name for id_, name in names.items() if meant is None or id_ in meant}


def _sort(database: sqlite3.Connection, parts: Iterable[bytes]) -> None:
    database.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
        "CREATE TABLE line (rank INTEGER, entity TEXT, control TEXT, subject TEXT, data BLOB,"
        " PRIMARY KEY (rank, entity, control, subject)) WITHOUT ROWID; BEGIN"
    )
    insert = "INSERT INTO line VALUES (?, ?, ?, ?, ?)"
    for part in parts:
        database.executemany(insert, map(_keyed, part.splitlines()))
    database.execute("COMMIT")


def _keyed(data: bytes) -> tuple[int, str, str, str, bytes]:
    line = _line(data)
    subject = "\0".join(getattr(line.subject, name) for name in Subject.__struct_fields__)
    return rank(line.severity), line.entity or "", line.control, subject, data


def _sorted(database: sqlite3.Connection) -> Iterator[bytes]:
    query = "SELECT data FROM line ORDER BY rank, entity, control, subject"
    return (data for (data,) in database.execute(query))


def _entities(database: sqlite3.Connection) -> list[str]:
    """Return the entities that have findings, those with the worst first."""
    database.execute("CREATE INDEX by_entity ON line (entity, rank, control, subject)")
    query = (
        "SELECT entity FROM line WHERE entity != '' GROUP BY entity"
        " ORDER BY MIN(rank), COUNT(*) DESC, entity"
    )
    return [entity for (entity,) in database.execute(query)]


def _lines(database: sqlite3.Connection, entity: str) -> Lines:
    """Return the findings of an entity, in the order of every report."""
    query = "SELECT data FROM line WHERE entity = ? ORDER BY rank, control, subject"
    return lambda: (_line(data) for (data,) in database.execute(query, (entity,)))
