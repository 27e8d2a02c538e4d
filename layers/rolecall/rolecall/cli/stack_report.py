"""Reports of a run in a stack: as the night left them in the bucket, or of one entity from its log.

What the night left is what officers sign, so that is what is given, byte for byte. A report of one
entity is made from its records, with the names that the registry has today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from rolecall.cli.deployed import open_stack
from rolecall.cli.output import doubt
from rolecall.cli.row_choice import chosen_entity
from rolecall.controls.context import Context
from rolecall.errors import UsageError
from rolecall.ledger.checkpoint import read_checkpoint
from rolecall.ledger.log import records
from rolecall.model import Entity
from rolecall.registry.documents import snapshot_of
from rolecall.reports.facts import Facts, Holders
from rolecall.reports.formats import FINDINGS, FORMER, KEPT
from rolecall.reports.named_action import ToldActions
from rolecall.usecases.reporting.attempts import Failed
from rolecall.usecases.reporting.comparison import decoded
from rolecall.usecases.reporting.export import Export, contents_of, of_log_report
from rolecall.usecases.reporting.files import ReportFile, files_of
from rolecall.usecases.reporting.findings_document import FindingsDocument
from rolecall.usecases.reporting.from_log import report_of_log
from rolecall.usecases.runs.batch import policy_of
from rolecall.usecases.runs.completion import Ended
from rolecall.usecases.runs.history import Runs
from rolecall.vocabulary import Language

if TYPE_CHECKING:
    from rolecall.aws.stack import Stack

__all__ = ["report_of_stack"]


def report_of_stack(
    name: str,
    run: str | None,
    entity: str | None,
    language: Language | None,
    *,
    with_incidents: bool = False,
) -> Export:
    """Return the reports of a run.

    :param run: its number or id; ``None`` for the last one.
    :param language: in which to say it; those of all entities are as the night wrote them.
    :param with_incidents: with the annex that those of the night do not have: they are made again.
    :raises UsageError: there is no such run, or it left no reports, or none in that language.
    """
    stack = open_stack(name)
    if entity is not None:
        every = (msgspec.json.decode(one, type=Entity) for one in stack.registry.entities())
        entity = chosen_entity(entity, every)
    kept = _Kept(stack, Runs(records(stack.log)).named(run))
    if entity is None:
        _check_language(kept, language)
        count = kept.run.heading.summary.findings
        made_so = kept.annexed if with_incidents else kept.files
        return Export(made_so, count, contents_of(stack.log, stack.log.keys(), kept.size))
    made = report_of_log(
        lambda: records(stack.log),
        kept.run.run.id,
        entity,
        lambda ended: _names(stack, ended),
        lambda _: (kept.size, kept.facts.checkpoint.encode()),
        language,
    )
    doubt(made.heading.unknown_records, made.facts.language)
    own = _of(entity, kept.facts.holders)
    facts = replace(made.facts, holders=own, with_incidents=with_incidents)
    made = replace(made, facts=facts, actions=kept.actions(entity))
    return of_log_report(made, contents_of(stack.log, stack.log.keys(), kept.size, entity))


def _check_language(kept: _Kept, language: Language | None) -> None:
    """Refuse another language than that of the reports that a night left.

    :raises UsageError: they are in another.
    """
    if language not in (None, kept.facts.language):
        raise UsageError(
            f"the night wrote the reports of run {kept.run.run.number} in its policy's language, "
            f"{kept.facts.language}; in another there are those of one entity (--entity)"
        )


class _Kept:
    """What a night left in the bucket."""

    def __init__(self, stack: Stack, run: Ended) -> None:
        self.run = run
        self._bucket = stack.records
        self._prefix = f"reports/{run.run.as_of.date()}/{run.run.id}/"
        self.facts = msgspec.json.decode(self._get("facts.json"), type=Facts)

    @property
    def size(self) -> int:
        """The size of the log at the seal that the reports name."""
        return read_checkpoint(self.facts.checkpoint.encode()).size

    def files(self, wanted: Collection[str], _: Failed | None) -> Iterator[ReportFile]:
        """Yield reports."""
        former = {new: old for old, new in FORMER.items()}
        for name in KEPT:
            if name in wanted:
                there = self._there(name, former.get(name))
                yield ReportFile(there, [self._get(there)])

    def _there(self, name: str, former: str | None) -> str:
        """Return what a report is called there: by an earlier release, as it called it."""
        start = f"{self._prefix}{name.partition('.')[0]}"
        return former if former and f"{self._prefix}{former}" in self._bucket.names(start) else name

    def annexed(self, wanted: Collection[str], failed: Failed | None) -> Iterator[ReportFile]:
        """Yield reports that are made of the findings and the facts, with their annex."""
        told = decoded(FINDINGS, self._get(FINDINGS), FindingsDocument)
        facts = replace(self.facts, with_incidents=True)
        return files_of(told, lambda: iter(told.findings), facts, wanted, told.told, failed)

    def actions(self, entity: str) -> ToldActions | None:
        """Return what is to be done in an entity, where the night kept all that is."""
        told = decoded(FINDINGS, self._get(FINDINGS), FindingsDocument).told
        return None if told is None or told.more else told.narrowed(entity)

    def _get(self, name: str) -> bytes:
        data = self._bucket.get(f"{self._prefix}{name}")
        if data is None:
            raise UsageError(
                f"run {self.run.run.number} left no {name}; the parameter Reports of the stack "
                "says which reports a night leaves"
            )
        return data


def _names(stack: Stack, run: Ended) -> Context:
    registry = stack.registry
    snapshot, policy = snapshot_of(registry.documents())
    rules = policy_of(policy, registry.accepted(), registry.settings().titles)
    return Context(snapshot, rules, run.run.as_of)


def _of(entity: str, holders: Holders) -> Holders:
    """Return what is known of one entity."""
    names = {id_: name for id_, name in holders.entities.items() if id_ == entity}
    heads = {id_: name for id_, name in holders.heads.items() if id_ == entity}
    holders = replace(holders, entities=names, heads=heads)
    if holders.accounts is None or holders.more:
        # The night kept the first accounts alone; which of these are the entity's is a part.
        return replace(holders, accounts=None, more=0)
    return replace(holders, accounts=[one for one in holders.accounts if one.entity == entity])
