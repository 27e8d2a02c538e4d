"""Hold the reports of a proof bundle against its records: made again, they must be the same.

The records say everything that a report counts. What they do not hold is taken from the reports
themselves, and is what the registry said: names, why a finding was accepted, who holds what, and
which findings could not be checked. The rest is made anew from the records, with those beside, and
compared byte for byte.

Reports that another release made are not made again: their findings are compared field by field,
and what is beside them is not compared, which is said. Where the log holds records that this
release does not know, it may count otherwise than the one that made them: then a difference is no
forgery, and nothing is compared. A report that is a forgery is never taken for one of another
release: the record of the run says which release it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from rolecall import __version__
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.errors import ProofError
from rolecall.ledger.reading import AnyRecord, UnknownRecord
from rolecall.lifecycle import ReportedFinding
from rolecall.model import Policy, Snapshot
from rolecall.reports.document import Facts
from rolecall.reports.formats import FACTS, FINDINGS, KEPT
from rolecall.reports.report import FindingLine, wording
from rolecall.run import Run
from rolecall.usecases.reporting.comparison import FindingsDocument, compared, decoded, expect
from rolecall.usecases.reporting.files import files_of
from rolecall.usecases.reporting.from_log import Recounted

__all__ = ["Proven", "checkpoint_of", "prove_reports"]

_BLOCK = 1 << 16


class _Made(Struct, frozen=True):
    """Of the findings as JSON only which run they are of, and which release made them."""

    run: Run


class Proven(Struct, frozen=True, kw_only=True):
    """What was shown of reports.

    :ivar run: whose they are; the log may have had others since.
    :ivar same: names of those that were made again, and are the same.
    :ivar is_told: whether the findings were compared with the records.
    :ivar unmade: names of those that were not compared, and ``why``.
    """

    run: Run
    same: Sequence[str] = ()
    is_told: bool = True
    unmade: Sequence[str] = ()
    why: str = ""


def checkpoint_of(names: Sequence[str], read: Callable[[str], bytes]) -> bytes:
    """Return the checkpoint that reports name: a claim, until the log is held against it.

    :raises ProofError: they name none, or something is missing of which the others are made.
    """
    if missing := sorted({FINDINGS, FACTS} - set(names)):
        raise ProofError(f"reports: {missing[0]} is missing, of which the others are made")
    checkpoint = decoded(FACTS, read(FACTS), Facts).checkpoint
    if not checkpoint:
        raise ProofError(f"reports/{FACTS}: names no checkpoint: they were made without a log")
    return checkpoint.encode()


def prove_reports(
    names: Sequence[str],
    read: Callable[[str], bytes],
    records: Callable[[], Iterable[AnyRecord]],
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
    run = decoded(FINDINGS, read(FINDINGS), _Made).run
    if run.rolecall == __version__:
        return _prove_own(names, read, records, entity)
    return _prove_other(run, names, read, records, entity)


def _prove_own(
    names: Sequence[str],
    read: Callable[[str], bytes],
    records: Callable[[], Iterable[AnyRecord]],
    entity: str | None,
) -> Proven:
    """Hold reports of this release against the records: made again they must be the same."""
    told, facts, counted = compared(read, records, entity)
    try:
        _remake(told, counted, facts, names, read)
    except ModuleNotFoundError as error:
        expect(FACTS, "digest", facts.digest, hashlib.sha256(read(FINDINGS)).hexdigest())
        why = f"{error.name} is not installed"
        return Proven(run=told.run, unmade=_beside(names), why=why)
    return Proven(run=told.run, same=names)


def _prove_other(
    run: Run,
    names: Sequence[str],
    read: Callable[[str], bytes],
    records: Callable[[], Iterable[AnyRecord]],
    entity: str | None,
) -> Proven:
    """Hold reports of another release against the records, as far as this one knows them."""
    why = f"Rolecall {run.rolecall} made them, this is {__version__}"
    try:
        told, facts, _ = compared(read, records, entity)
        expect(FACTS, "digest", facts.digest, hashlib.sha256(read(FINDINGS)).hexdigest())
    except ProofError:
        unknown = _unknown(records())
        if not unknown or not _is_recorded(run, records(), entity):
            raise
        more = f"the log holds {unknown:,} records that this one does not know"
        return Proven(run=run, is_told=False, unmade=names, why=f"{why}, and {more}")
    return Proven(run=told.run, unmade=_beside(names), why=why)


def _beside(names: Sequence[str]) -> list[str]:
    """Return the names of what is made of the findings and the facts."""
    return [name for name in names if name not in (FINDINGS, FACTS)]


def _unknown(records: Iterable[AnyRecord]) -> int:
    return sum(isinstance(record, UnknownRecord) for record in records)


def _is_recorded(run: Run, records: Iterable[AnyRecord], entity: str | None) -> bool:
    """Tell whether a run was completed by the release that reports of it name.

    The records of one entity do not hold the end of a run: there it is as the reports say.
    """
    return entity is not None or any(
        record.action == "run.completed"
        and record.payload.get("run") == run.id
        and record.payload.get("rolecall") == run.rolecall
        for record in records
    )


def _remake(
    told: FindingsDocument,
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
        unknown_records=told.unknown_records,
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


def _lines(told: FindingsDocument, findings: Sequence[ReportedFinding]) -> Iterator[FindingLine]:
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
