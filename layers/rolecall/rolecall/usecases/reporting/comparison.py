"""Hold what reports say of a run against what the records say, field by field.

The findings as JSON and the facts beside them are all that reports are made of; a difference is
told by its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from rolecall import __version__
from rolecall.errors import OverLimitError, ProofError, UsageError
from rolecall.ledger.bundle import MOST_LARGE
from rolecall.ledger.reading import AnyRecord
from rolecall.ledger.record import Record
from rolecall.limits import check_json
from rolecall.reports.facts import Facts
from rolecall.reports.formats import FACTS, FINDINGS
from rolecall.usecases.reporting.action_comparison import compare_actions
from rolecall.usecases.reporting.findings_document import FindingsDocument, expect
from rolecall.usecases.reporting.from_log import Recounted, recount, recount_entity
from rolecall.usecases.runs.history import Runs

__all__ = ["MOST_VALUES", "compared", "decoded"]

_T = TypeVar("_T")
MOST_VALUES = 8_000_000
"""Values that a report may hold, counted as marks between them: texts have some too."""


def decoded(name: str, data: bytes, kind: type[_T]) -> _T:
    """Return a report as data.

    :param name: what it is called, for the message.
    :raises ProofError: it cannot be read as that.
    """
    try:
        check_json(data, size=MOST_LARGE, values=MOST_VALUES)
        return msgspec.json.decode(data, type=kind)
    except OverLimitError as error:
        raise ProofError(f"reports/{name}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProofError(f"reports/{name}: {error}") from error


def compared(
    read: Callable[[str], bytes], records: Callable[[], Iterable[AnyRecord]], entity: str | None
) -> tuple[FindingsDocument, Facts, Recounted]:
    """Return what reports say, and what the records do; it must be the same.

    :raises ProofError: it is not.
    """
    told = decoded(FINDINGS, read(FINDINGS), FindingsDocument)
    facts = decoded(FACTS, read(FACTS), Facts)
    counted = _recounted(records, told, entity)
    _compare(told, counted)
    # A report of this release is made again beside, with the trend of its own.
    is_early = told.run.rolecall != __version__ and list(facts.trend) == [*counted.early_trend]
    expect(FACTS, "trend", is_early or list(facts.trend) == [*counted.trend], True)
    is_of_entity = entity is not None or (not told.coverage and told.run.scope.entity is not None)
    compare_actions(
        told,
        counted.actions,
        is_of_entity=is_of_entity,
        is_of_registry=facts.holders.accounts is not None,
    )
    if entity is None:
        # A report that was made of the log alone cites nothing of a policy.
        expect(FACTS, "citations", facts.citations.digest in (None, counted.citations), True)
    return told, facts, counted


def _recounted(
    records: Callable[[], Iterable[AnyRecord]], told: FindingsDocument, entity: str | None
) -> Recounted:
    if entity is not None:
        for record in records():
            if isinstance(record, Record) and record.payload.get("run") == told.run.id:
                expect(FINDINGS, "run", told.run.as_of, record.at)
        return recount_entity(records(), told, entity)
    # A report of one entity has no coverage: checks are counted for whole runs.
    alone = None if told.coverage else told.run.scope.entity
    try:
        runs = Runs(records())
        return recount(records, runs, runs.named(told.run.id), alone)
    except UsageError as error:
        raise ProofError(f"reports/{FINDINGS}: {error}") from error


def _compare(told: FindingsDocument, counted: Recounted) -> None:
    """Compare what the records say, field by field, so that a difference has a name."""
    expected = counted.heading
    expect(FINDINGS, "run", told.run, expected.run)
    expect(FINDINGS, "summary", told.summary, expected.summary)
    expect(FINDINGS, "coverage", list(told.coverage), list(expected.coverage))
    # What the run did not know, or what whoever wrote the report later did not.
    unknown = {expected.unknown_records, max(expected.unknown_records, counted.unknown)}
    expect(FINDINGS, "unknown_records", True, told.unknown_records in unknown)
    expect(FINDINGS, "problems", told.problems, expected.problems)
    nameless = [replace(one, reason="") for one in told.waivers]
    expect(FINDINGS, "waivers", nameless, list(expected.waivers))
    ids = [line.id for line in told.findings]
    expect(FINDINGS, "findings", ids, [one.finding.id for one in counted.findings])
    for line, tracked in zip(told.findings, counted.findings, strict=True):
        finding = tracked.finding
        expect(
            FINDINGS,
            f"finding {line.id}",
            (
                *(line.control, line.severity, line.status, line.entity, line.subject),
                *(line.evidence_digest, line.first_seen, line.resolution, line.waiver),
                line.opening,
            ),
            (
                *(finding.control, finding.severity, tracked.status, finding.entity),
                *(finding.subject, finding.evidence_digest, tracked.first_seen),
                *(tracked.reason, tracked.waiver, tracked.opening),
            ),
        )
        if hashlib.sha256(line.evidence).hexdigest() != line.evidence_digest:
            raise ProofError(f"reports/{FINDINGS}: finding {line.id}: not the evidence on record")
