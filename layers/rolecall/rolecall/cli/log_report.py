"""Reports of a run in a log on this machine, with the names of a registry where one is named."""

from __future__ import annotations

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

__all__ = ["report_of_directory"]


def report_of_directory(
    directory: Path,
    run: str | None,
    entity: str | None,
    beside: tuple[Path | None, Path | None],
    *,
    with_incidents: bool,
) -> Export:
    """Return the reports of a run in a log.

    :param beside: the registry, and its policy.
    """
    log = LogFiles(directory)
    registry, policy = beside
    if registry is not None and entity is not None:
        entity = chosen_entity(entity, read_registry(registry, now().date()).snapshot.entities)

    def context(ended: Ended) -> Context:
        as_of = ended.run.as_of
        path = registry or Path()
        loaded = read_registry(path, as_of.date())
        show_problems("warning", loaded.warnings, loaded.warning_count)
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

    made = report_of_log(
        lambda: records(log),
        run,
        entity,
        None if registry is None else context,
        lambda ended: sealed(log, ended),
    )
    if entity is not None and not made.heading.summary.findings:
        say(f"note: the log has no finding of an entity {entity}")
    doubt(made.heading.unknown_records)
    made = replace(made, facts=replace(made.facts, with_incidents=with_incidents))
    return of_log_report(made, contents_of(log, log.keys(), made.size, entity))
