"""The reports of a run in a log here, with the names of a registry where one is given."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from msgspec.structs import replace

from rolecall.cli.clock import now
from rolecall.cli.output import doubt, say, show_problems
from rolecall.cli.row_choice import chosen_entity
from rolecall.controls.context import Context
from rolecall.ledger.log import records
from rolecall.ledger.log_files import LogFiles
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.usecases.reporting.export import Export, contents_of, of_log_report, sealed
from rolecall.usecases.reporting.from_log import report_of_log
from rolecall.usecases.runs.completion import Ended
from rolecall.vocabulary import Language

__all__ = ["report_of_log_files"]


def report_of_log_files(
    directory: Path,
    run: str | None,
    entity: str | None,
    names: tuple[Path | None, Path | None],
    language: Language | None,
    *,
    with_incidents: bool,
) -> Export:
    """Return the reports of a run.

    :param run: its number or id; ``None`` for the last one.
    :param names: the registry, and its policy, that give names.
    :param language: in which to say it; by default that of the policy, where there are names.
    :param with_incidents: see :class:`~rolecall.reports.facts.Facts`.
    :raises UsageError: there is no such run.
    """
    registry, policy = names
    log = LogFiles(directory)
    if registry is not None and entity is not None:
        entity = chosen_entity(entity, read_registry(registry, now().date()).snapshot.entities)

    made = report_of_log(
        lambda: records(log),
        run,
        entity,
        None if registry is None else partial(_context, registry, policy),
        lambda ended: sealed(log, ended),
        language,
    )
    if entity is not None and not made.heading.summary.findings:
        say(f"note: the log has no finding of an entity {entity}")
    doubt(made.heading.unknown_records, made.facts.language)
    made = replace(made, facts=replace(made.facts, with_incidents=with_incidents))
    return of_log_report(made, contents_of(log, log.keys(), made.size, entity))


def _context(path: Path, policy: Path | None, ended: Ended) -> Context:
    """Return what gives names; what it has of another run than this is said."""
    as_of = ended.run.as_of
    loaded = read_registry(path, as_of.date())
    show_problems("warning", loaded.warnings, loaded.warning_count, loaded.language)
    if loaded.snapshot.digest != ended.run.registry.digest:
        say(
            f"warning: {path} is not the registry that run {ended.run.number} looked at: names "
            "are taken from it, and who holds what is left out"
        )
    rules = read_policy(policy or find_policy(path))
    if rules.citations.digest != ended.citations:
        say(
            f"warning: the policy does not cite what that of run {ended.run.number} did: "
            "clauses and titles are left out"
        )
    return Context(loaded.snapshot, rules, as_of)
