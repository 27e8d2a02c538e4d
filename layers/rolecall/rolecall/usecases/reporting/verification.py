"""Hold the reports of a proof bundle against its records: made again, they must be the same.

The records say everything that a report counts. What they do not hold is taken from the reports
themselves, and is what the registry said: names, why a finding was accepted, who holds what, and
which findings could not be checked. The rest is made anew from the records, with those beside, and
compared byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall import __version__
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.errors import ProofError, UsageError
from rolecall.ledger.record import Record
from rolecall.lifecycle import ReportedFinding
from rolecall.model import Policy, Snapshot
from rolecall.reports.document import Facts
from rolecall.reports.formats import FACTS, FINDINGS, KEPT
from rolecall.reports.report import FindingLine, wording
from rolecall.run import Heading, Run
from rolecall.usecases.reporting.files import files_of
from rolecall.usecases.reporting.from_log import Recounted, recount, recount_entity
from rolecall.usecases.runs.history import Runs

__all__ = ["Proven", "checkpoint_of", "prove_reports"]

_BLOCK = 1 << 16
_T = TypeVar("_T")


class _Findings(Heading, frozen=True, kw_only=True):
    """The findings as JSON, all of it."""

    findings: Sequence[FindingLine]


class Proven(Struct, frozen=True, kw_only=True):
    """What was shown of reports.

    :ivar run: whose they are; the log may have had others since.
    :ivar same: names of those that were made again, and are the same.
    :ivar unmade: names of those that were not, and ``why``.
    """

    run: Run
    same: Sequence[str] = ()
    unmade: Sequence[str] = ()
    why: str = ""


def checkpoint_of(names: Sequence[str], read: Callable[[str], bytes]) -> bytes:
    """Return the checkpoint that reports name: a claim, until the log is held against it.

    :raises ProofError: they name none, or something is missing of which the others are made.
    """
    if missing := sorted({FINDINGS, FACTS} - set(names)):
        raise ProofError(f"reports: {missing[0]} is missing, of which the others are made")
    checkpoint = _decoded(FACTS, read(FACTS), Facts).checkpoint
    if not checkpoint:
        raise ProofError(f"reports/{FACTS}: names no checkpoint: they were made without a log")
    return checkpoint.encode()


def prove_reports(
    names: Sequence[str],
    read: Callable[[str], bytes],
    records: Callable[[], Iterable[Record]],
    entity: str | None,
) -> Proven:
    """Hold reports against the records that they are of.

    The records of one entity do not hold the end of the run: what identifies the run is then taken
    as the reports say, but for the instant, where a record of the run tells it.

    :param names: of the reports.
    :param read: returns one.
    :param records: gives those that the log had at the checkpoint of the reports, as often as
        asked; they were verified, and so was the checkpoint.
    :param entity: whose records these are; ``None`` for all.
    :raises ProofError: a report does not say what the records say.
    """
    data = read(FINDINGS)
    told = _decoded(FINDINGS, data, _Findings)
    facts = _decoded(FACTS, read(FACTS), Facts)
    counted = _recounted(records, told, entity)
    _compare(told, counted)
    _expect(FACTS, "trend", list(facts.trend), list(counted.trend))
    why = ""
    if told.run.rolecall != __version__:
        why = f"Rolecall {told.run.rolecall} made them, this is {__version__}"
    else:
        try:
            _remake(told, counted, facts, names, read)
        except ModuleNotFoundError as error:
            why = f"{error.name} is not installed"
    if not why:
        return Proven(run=told.run, same=names)
    _expect(FACTS, "digest", facts.digest, hashlib.sha256(data).hexdigest())
    unmade = [name for name in names if name not in (FINDINGS, FACTS)]
    return Proven(run=told.run, unmade=unmade, why=why)


def _decoded(name: str, data: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProofError(f"reports/{name}: {error}") from error


def _recounted(
    records: Callable[[], Iterable[Record]], told: _Findings, entity: str | None
) -> Recounted:
    if entity is not None:
        for record in records():
            if record.payload.get("run") == told.run.id:
                _expect(FINDINGS, "run", told.run.as_of, record.at)
        return recount_entity(records(), told, entity)
    # A report of one entity has no coverage: checks are counted for whole runs.
    alone = None if told.coverage else told.run.scope.entity
    try:
        runs = Runs(records())
        return recount(records, runs, runs.named(told.run.id), alone)
    except UsageError as error:
        raise ProofError(f"reports/{FINDINGS}: {error}") from error


def _compare(told: _Findings, counted: Recounted) -> None:
    """Compare what the records say, field by field, so that a difference has a name."""
    expected = counted.heading
    _expect(FINDINGS, "run", told.run, expected.run)
    _expect(FINDINGS, "summary", told.summary, expected.summary)
    _expect(FINDINGS, "coverage", list(told.coverage), list(expected.coverage))
    nameless = [replace(one, reason="") for one in told.waivers]
    _expect(FINDINGS, "waivers", nameless, list(expected.waivers))
    ids = [line.id for line in told.findings]
    _expect(FINDINGS, "findings", ids, [one.finding.id for one in counted.findings])
    for line, tracked in zip(told.findings, counted.findings, strict=True):
        finding = tracked.finding
        _expect(
            FINDINGS,
            f"finding {line.id}",
            (
                *(line.control, line.severity, line.status, line.entity, line.subject),
                *(line.evidence_digest, line.first_seen, line.resolution, line.waiver),
            ),
            (
                *(finding.control, finding.severity, tracked.status, finding.entity),
                *(finding.subject, finding.evidence_digest, tracked.first_seen),
                *(tracked.reason, tracked.waiver),
            ),
        )
        if hashlib.sha256(line.evidence).hexdigest() != line.evidence_digest:
            raise ProofError(f"reports/{FINDINGS}: finding {line.id}: not the evidence on record")


def _expect(name: str, what: str, told: Any, recorded: Any) -> None:
    if told != recorded:
        raise ProofError(f"reports/{name}: {what}: not what the records say")


def _remake(
    told: _Findings,
    counted: Recounted,
    facts: Facts,
    names: Sequence[str],
    read: Callable[[str], bytes],
) -> None:
    """Make every report again, and compare it as it comes.

    :raises ProofError: one is another than is made of the records.
    """
    reasons = {one.id: one.reason for one in told.waivers}
    heading = replace(
        counted.heading,
        waivers=[replace(one, reason=reasons[one.id]) for one in counted.heading.waivers],
    )
    lines = list(_lines(told, counted.findings))
    if unknown := sorted(set(names) - set(KEPT)):
        raise ProofError(f"reports/{unknown[0]}: not a report of Rolecall")
    made = set()
    for name, pieces in files_of(heading, lambda: iter(lines), facts, names):
        if name in names and hashlib.sha256(read(name)).digest() != _digest(pieces):
            raise ProofError(f"reports/{name}: not the report that is made of the records")
        made.add(name)
    if left := sorted(set(names) - made):
        raise ProofError(f"reports/{left[0]}: not made with the others that are here")


def _lines(told: _Findings, findings: Sequence[ReportedFinding]) -> Iterator[FindingLine]:
    """Yield the findings in words, with the names that the reports give to their subjects."""
    context = Context(Snapshot(), Policy(name=told.run.policy.name), told.run.as_of)
    line = wording(catalogue(), context)
    for given, tracked in zip(told.findings, findings, strict=True):
        # A record holds large evidence by its digest alone; that it is this was compared.
        finding = replace(tracked.finding, evidence=bytes(given.evidence))
        made = line(replace(tracked, finding=finding))
        yield replace(made, label=given.label, evaluated=given.evaluated)


def _digest(pieces: Iterable[bytes]) -> bytes:
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
    return hasher.digest()
