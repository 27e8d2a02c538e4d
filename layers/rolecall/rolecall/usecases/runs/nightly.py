"""The nightly audit in steps that run apart from each other: plan, audit, seal, report.

Every step may be interrupted anywhere and run again, by itself or in the next run:

- *plan* writes under a name of its own, so what it wrote before it was interrupted is never read;
- *audit* of a batch appends an event and the state of its finding in one transaction, so what is
  done is known to be done, and the rest is done the next time;
- *seal* counts the run as completed by one event with one id, and seals (:func:`..ledger.sealing`);
- *report* writes the same bytes every time.

The order matters in one place: a run counts as completed when all its batches are done. What a run
that never got there had appended counts as new in the next one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.controls.versions import CATALOGUE_VERSION
from rolecall.engine import Scope, evaluate
from rolecall.errors import LogBusyError, LogConflictError, UsageError
from rolecall.finding_state import FindingState, History
from rolecall.ledger.event import Event
from rolecall.ledger.log import AuditLog, append
from rolecall.lifecycle import FindingChange, ReportedFinding, reconcile
from rolecall.model import Subject
from rolecall.naming import names_in
from rolecall.registry.documents import AccountDocument
from rolecall.reports.report import ordered, wording
from rolecall.reports.trend import TrendPoint, trend_point
from rolecall.ring import Slice, shard_of, slot_of
from rolecall.run import Heading, Run, Summary, summarise, waiver_outcome
from rolecall.usecases.runs.batch import Audited, Batch, Frozen, RegistrySource
from rolecall.usecases.runs.chronology import Chronology, PastRuns, clock_corrected, is_backwards
from rolecall.usecases.runs.completion import completed
from rolecall.usecases.runs.history import trend_before
from rolecall.usecases.runs.last_policy import KeptPolicies, KeptPolicy, kept_policy
from rolecall.usecases.runs.local import subjects_checked
from rolecall.usecases.runs.plan import BATCH_BYTES, Plan
from rolecall.usecases.runs.role_holders import held_of
from rolecall.usecases.runs.run_total import RunTotal
from rolecall.usecases.runs.stored_names import StoredNames
from rolecall.usecases.runs.told_actions import ToldHeading, encoded_parts, parts_of, told_at_night
from rolecall.usecases.runs.work_files import Files, file_name

__all__ = [
    "Findings",
    "Planned",
    "Proof",
    "audit_batch",
    "complete_run",
    "frozen_run",
    "keep_proof",
    "plan_run",
]

_ATTEMPTS = 3
_encode = msgspec.json.Encoder().encode
_frozen = msgspec.json.Decoder(Frozen).decode
_batch = msgspec.json.Decoder(Batch).decode


class Findings(KeptPolicies, Protocol):
    """What is known of every finding, and the audit log behind it."""

    @property
    def log(self) -> AuditLog:
        """The audit log."""
        ...

    def known(self, part: Slice) -> Iterator[FindingState]:
        """Yield what is known of the findings of a slice, resolved ones among them."""
        ...

    def runs(self) -> int:
        """Return how many runs were completed."""
        ...

    def past_runs(self) -> PastRuns:
        """Return what is known of the runs that were completed."""
        ...

    def record(self, shard: int, changes: Sequence[FindingChange]) -> int:
        """Append the events of changes with the states that they lead to; return how many.

        Each change is on record whole or not at all.

        :raises LogConflictError: another run changed one of the findings first.
        """
        ...

    def start(self, run: Run) -> None:
        """Note that a run was started."""
        ...

    def complete(self, run: Run, event: Event, summary: Summary, policy: KeptPolicy) -> None:
        """Append the event of a completed run, keep its policy, and count it once."""
        ...


class Planned(Struct, frozen=True):
    """What the steps after the plan need: where the files of the run are.

    :ivar problems: how many things are wrong with the registry.
    """

    prefix: str
    batches: int
    manifest: str
    run: str
    problems: int = 0


class Proof(Struct, frozen=True):
    """What reports say beside what the run found: the runs before it, and the checkpoint."""

    trend: tuple[TrendPoint, ...]
    checkpoint: str


# -- plan -------------------------------------------------------------------------------------


def plan_run(
    registry: RegistrySource,
    findings: Findings,
    files: Files,
    name: str,
    as_of: datetime,
    prefix: str,
    scratch: Path,
    *,
    shards: int,
    most: int = BATCH_BYTES,
    entity: str | None = None,
    chronology: Chronology = "forward",
) -> Planned:
    """Freeze a registry into the batches of a run.

    :param name: of the execution; every attempt at it has the same.
    :param prefix: where to write; nobody else has ever written there.
    :param scratch: an empty directory with room for the registry.
    :param entity: to audit with all below it, and nothing else; ``None`` for all.
    :param chronology: whether it follows the runs that there were.
    :raises UsageError: there is no such entity, or the run is dated before the last one.
    """
    past = findings.past_runs()
    follows = past.last if is_backwards(as_of, past.last, chronology) else None
    plan = Plan(registry, scratch, findings, most=most)
    try:
        entities = None if entity is None else plan.below(entity)
        run = plan.run(name, as_of, findings.runs(), entity)
        _put_planned(files, prefix, plan)
    finally:
        plan.close()
    frozen = plan.frozen(run, prefix, entities, shards)
    files.put(f"{prefix}/run.json", _encode(replace(frozen, follows=follows, looks=past.looks)))
    manifest = f"{prefix}/manifest.json"
    files.put_stream(manifest, _manifest(prefix, len(plan.batches)))
    findings.start(run)
    return Planned(prefix, len(plan.batches), manifest, run.id, plan.integrity.count)


def _put_planned(files: Files, prefix: str, plan: Plan) -> None:
    for kind, made in (("batches", plan.documents()), ("names", plan.names.files())):
        files.put_all((file_name(prefix, kind, one), data) for one, data in enumerate(made))
    files.put_all((f"{prefix}/{one}", data) for one, data in plan.names.parts(plan.policy.waivers))


def _manifest(prefix: str, count: int) -> Iterator[bytes]:
    for number in range(count):
        item = json.dumps({"prefix": prefix, "number": number})
        yield (b"," if number else b"[") + item.encode()
    yield b"]"


def frozen_run(files: Files, prefix: str) -> Frozen:
    """Return what the plan froze."""
    return _frozen(files.get(f"{prefix}/run.json"))


# -- audit ------------------------------------------------------------------------------------


def audit_batch(files: Files, findings: Findings, prefix: str, number: int) -> Audited:
    """Evaluate a batch, bring the log and the findings up to date, and keep the report lines.

    :raises LogConflictError: other runs kept changing the same findings.
    :raises UsageError: another release planned it, with other rules.
    :raises AuditLogError: the log cannot be read or written.
    """
    frozen = _judged_here(frozen_run(files, prefix))
    batch = _batch(files.get(file_name(prefix, "batches", number)))
    policy = frozen.rules()
    context = Context(batch.snapshot(frozen.tracked, frozen.partly), policy, frozen.run.as_of)
    scope = Scope(part=batch.part, entities=frozen.entities)
    evaluation = evaluate(context, catalogue().values(), scope)
    events = 0
    for attempt in range(_ATTEMPTS):
        history = _history(frozen, findings.known(batch.part))
        outcome = reconcile(
            history, evaluation, context, catalogue(), scope, frozen.run.id, remembers=True
        )
        try:
            for shard, changes in _by_shard(outcome.changes, frozen.shards).items():
                events += findings.record(shard, changes)
            break
        except (LogConflictError, LogBusyError):
            # Another run was faster. What it did is known now, and only the rest is left to do.
            if attempt + 1 == _ATTEMPTS:
                raise
    held = [
        one
        for one in held_of(context, frozen.entities)
        if batch.part.holds(Subject("account", account=one.id))
    ]
    files.put(file_name(prefix, "held", number), _encode(held))
    actions = _keep_findings(files, frozen, number, outcome.findings, context)
    audited = Audited(
        *(number, batch.part),
        summary=summarise(outcome.findings, subjects_checked(evaluation)),
        coverage=list(evaluation.coverage.values()),
        waivers=[waiver_outcome(ruling) for ruling in outcome.rulings.values()],
        accounts=sum(batch.part.holds(_subject(one)) for one in batch.accounts),
        held=len(held),
        events=events,
        opened=_opened(outcome.changes),
        actions=actions,
    )
    files.put(file_name(prefix, "audited", number), _encode(audited))
    return audited


def _keep_findings(
    files: Files,
    frozen: Frozen,
    number: int,
    findings: Sequence[ReportedFinding],
    context: Context,
) -> int:
    """Keep the findings of a batch in words, and what is to be done; return how much that is."""
    names = StoredNames(files.get, frozen, names_in(context))
    line = wording(catalogue(), context, names)
    lines = b"".join(_encode(line(tracked)) + b"\n" for tracked in ordered(findings))
    files.put(file_name(frozen.prefix, "findings", number), lines)
    parts = list(parts_of(findings, context, names))
    files.put(file_name(frozen.prefix, "actions", number), encoded_parts(parts))
    return len(parts)


def _judged_here(frozen: Frozen) -> Frozen:
    """Return what was frozen, of a run that is judged by one catalogue.

    :raises UsageError: the release changed since the run was planned, and its rules.
    """
    if frozen.run.catalogue != CATALOGUE_VERSION:
        raise UsageError(
            f"the run was planned to be judged by version {frozen.run.catalogue} of the catalogue, "
            f"and this release judges by version {CATALOGUE_VERSION}: it was deployed in between; "
            "start the run again"
        )
    return frozen


def _history(frozen: Frozen, known: Iterable[FindingState]) -> History:
    """Return what is known before a run: of the findings of a batch, and of the runs before."""
    by_id = {one.finding.id: one for one in known}
    keeps = frozen.follows is not None
    return History(by_id, frozen.run.number - 1, keeps=keeps, looks=frozen.looks)


def _subject(document: AccountDocument) -> Subject:
    return Subject("account", account=document.account.id)


def _by_shard(changes: Sequence[FindingChange], shards: int) -> dict[int, list[FindingChange]]:
    found: dict[int, list[FindingChange]] = {}
    for change in changes:
        shard = shard_of(slot_of(change.known.finding.subject), shards)
        found.setdefault(shard, []).append(change)
    return found


def _opened(changes: Sequence[FindingChange]) -> dict[str, int]:
    """Count by severity the findings that nobody was told of before."""
    return dict(
        Counter(
            change.known.finding.severity
            for change in changes
            if {event.action for event in change.events} & {"finding.opened", "finding.regressed"}
        )
    )


# -- seal -------------------------------------------------------------------------------------


def complete_run(files: Files, findings: Findings, prefix: str) -> Heading:
    """Add up a run and count it as completed. The log is sealed after that."""
    frozen = frozen_run(files, prefix)
    total = _total(frozen, files)
    heading = total.heading(frozen)
    told = told_at_night(files, prefix, frozen.batches) if total.has_actions else None
    files.put(f"{prefix}/heading.json", _encode(ToldHeading.of(heading, told)))
    if frozen.follows is not None:
        append(findings.log, [clock_corrected(heading.run, frozen.follows)])
    event = completed(
        *(heading, total.held, frozen.entities),
        citations=frozen.rules().citations.digest,
        actions=None if told is None else told.digest,
    )
    findings.complete(heading.run, event, heading.summary, kept_policy(frozen))
    return heading


def keep_proof(
    files: Files, prefix: str, runs: Iterable[tuple[Run, Summary | None]], checkpoint: bytes | None
) -> None:
    """Keep what the reports of a run say of the runs before it, and of the seal.

    :param runs: in any order, this one among them; without a summary if not completed.
    """
    points = (
        (run.scope, trend_point(run, summary)) for run, summary in runs if summary is not None
    )
    before = trend_before(frozen_run(files, prefix).run, points)
    proof = Proof(tuple(before), (checkpoint or b"").decode())
    files.put(f"{prefix}/proof.json", _encode(proof))


def _total(frozen: Frozen, files: Files) -> RunTotal:
    names = [file_name(frozen.prefix, "audited", number) for number in range(frozen.batches)]
    decoder = msgspec.json.Decoder(Audited)
    total = RunTotal()
    for data in files.get_all(names):
        total.add(decoder.decode(data))
    return total
