"""Hold reports against the records of a log: made again, they must be the same.

The records say everything that a report counts. What they do not hold is taken from the reports
themselves, and is what the registry said: names, why a finding was accepted, who holds what, and
which findings could not be checked. The rest is made anew from the records, with those beside, and
compared byte for byte.

What cannot be compared is told, each with its reason, and nothing of it counts as valid: reports
that another release made, whose findings are compared field by field; a format that needs what is
not installed, alone, and a PDF that the record says another release of the typesetter set, where it
is not the same here; a run that none of the records names. Where the log holds records that this
release does not know, it may count otherwise than the one that made the reports: then a difference
is no forgery, and nothing is compared.

Who hands reports on gains nothing by what they claim. The release, the run and its instant are
those of the record of the run, or of the seal that comes with the records of one entity; an early
seal says nothing of runs, and then the verdict does not vouch for what the reports claim.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall import __version__
from rolecall.errors import ProofError
from rolecall.ledger.event import SEAL
from rolecall.ledger.reading import AnyRecord, UnknownRecord
from rolecall.ledger.record import Record
from rolecall.ledger.sealed_runs import run_digest
from rolecall.quantity import counted
from rolecall.reports.facts import Facts
from rolecall.reports.formats import FACTS, FINDINGS, FORMER, KEPT
from rolecall.run import Run
from rolecall.usecases.reporting.comparison import compared, decoded
from rolecall.usecases.reporting.findings_document import expect
from rolecall.usecases.reporting.remaking import Remaking

__all__ = ["Proven", "Uncompared", "checkpoint_of", "prove_reports"]


_LOST = "it is missing: by what the others say it could not be made"


class _Made(Struct, frozen=True):
    """Of the findings as JSON only which run they are of, and which release made them."""

    run: Run


class Uncompared(Struct, frozen=True, order=True):
    """Something that was not compared with the records, and why."""

    what: str
    why: str


class Proven(Struct, frozen=True, kw_only=True):
    """What was shown of reports.

    :ivar run: whose they are; the log may have had others since.
    :ivar size: of the log at the seal that they name.
    :ivar same: names of those that were made again, and are the same.
    :ivar is_told: whether the findings were compared with the records.
    :ivar is_sealed: whether all that identifies the run was compared: the records of one entity do
        not hold the end of it, but a seal may.
    :ivar uncompared: what was not compared.
    """

    run: Run
    size: int
    same: Sequence[str] = ()
    is_told: bool = True
    is_sealed: bool = True
    uncompared: Sequence[Uncompared] = ()


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
    size: int,
) -> Proven:
    """Hold reports against the records that they are of.

    :param names: of the reports.
    :param read: returns one.
    :param records: gives those that the log had at the checkpoint of the reports, as often as
        asked; they were verified, and so was the checkpoint.
    :param entity: whose records these are; ``None`` for all.
    :param size: of the log at that checkpoint.
    :raises ProofError: a report does not say what the records say.
    """
    if unknown := sorted(set(names) - {*KEPT, *FORMER}):
        raise ProofError(f"reports/{unknown[0]}: not a report of Rolecall")
    run = decoded(FINDINGS, read(FINDINGS), _Made).run
    is_sealed = entity is None or _is_sealed(run, records())
    if run.rolecall == __version__:
        proven = _prove_own(names, read, records, entity)
    else:
        proven = _prove_other(run, names, read, records, entity)
    whose = () if entity is None else _unnamed(run, records(), is_sealed=is_sealed)
    return replace(proven, size=size, is_sealed=is_sealed, uncompared=[*whose, *proven.uncompared])


def _is_sealed(run: Run, records: Iterable[AnyRecord]) -> bool:
    """Tell whether a seal among the records of an entity says that there was this run.

    :raises ProofError: it was another.
    """
    for record in records:
        runs = record.payload.get("runs") if record.action == SEAL else None
        if isinstance(runs, dict) and run.id in runs:
            told = msgspec.to_builtins(run)
            digest = run_digest({**told, "run": run.id, "at": told["as_of"]})
            expect(FINDINGS, "run", digest, runs[run.id])
            return True
    return False


def _unnamed(run: Run, records: Iterable[AnyRecord], *, is_sealed: bool) -> Sequence[Uncompared]:
    """Return the run, unless it is on record as the last that changed what stands in an entity.

    That a record of it has another instant was refused (:func:`compared`).
    """
    named = [
        (record.at, record.payload["run"])
        for record in records
        if isinstance(record, Record) and "run" in record.payload
    ]
    what = f"run {run.number}, as of {run.as_of:%Y-%m-%d %H:%M} UTC"
    if not is_sealed and run.id not in {id_ for _, id_ in named}:
        return [Uncompared(what, "neither the records nor their seal name it")]
    if any(at > run.as_of for at, _ in named):
        return [Uncompared(what, "the records say what a later run changed")]
    return ()


def _prove_own(
    names: Sequence[str],
    read: Callable[[str], bytes],
    records: Callable[[], Iterable[AnyRecord]],
    entity: str | None,
) -> Proven:
    """Hold reports of this release against the records: made again they must be the same."""
    told, facts, counted = compared(read, records, entity)
    # What could not be made is not there: under its name anything could be handed on.
    expect(FACTS, "unmade", sorted({*facts.unmade} & {*names}), [])
    former = [name for name in names if name in FORMER]
    unmade = Remaking(told, counted, facts, read).compare(
        [name for name in names if name not in former]
    )
    unmade |= dict.fromkeys(former, "only earlier releases call a report so")
    return Proven(
        run=told.run,
        size=0,
        same=[name for name in names if name not in unmade],
        uncompared=[
            *(Uncompared(name, unmade[name]) for name in unmade),
            *(Uncompared(name, _LOST) for name in facts.unmade if name not in names),
        ],
    )


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
        why = f"{why}, and the log holds {counted(unknown, 'record')} that this one does not know"
        return Proven(run=run, size=0, is_told=False, uncompared=_all(names, why))
    return Proven(run=told.run, size=0, uncompared=_all(_beside(names), why))


def _all(names: Sequence[str], why: str) -> list[Uncompared]:
    return [Uncompared(name, why) for name in names]


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
