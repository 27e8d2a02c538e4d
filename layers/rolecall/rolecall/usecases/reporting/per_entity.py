"""The reports of a night for single entities: each says what the entity's own records say.

They are of the entity itself, without what is below it, so that they can be held against a bundle
of its records (:mod:`rolecall.usecases.reporting.verification`), and its head may have both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from msgspec.structs import replace

from rolecall.reports.facts import Facts, HeldAccount, Holders
from rolecall.reports.folders import folder_of
from rolecall.reports.formats import content_type
from rolecall.reports.material import Lines
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import counted_line
from rolecall.run import Heading, Run, WaiverOutcome, summary_of
from rolecall.usecases.reporting.attempts import Failed
from rolecall.usecases.reporting.files import files_of
from rolecall.usecases.runs.role_holders import spoken_of

__all__ = ["run_of_entity", "write_entity_reports"]


def write_entity_reports(
    entities: Iterable[str],
    lines: Callable[[str], Lines],
    heading: Heading,
    facts: Facts,
    publish: Callable[[Run, str, str, Iterable[bytes]], None],
    wanted: Collection[str],
    actions: Callable[[str], ToldActions | None],
    failed: Failed | None = None,
) -> None:
    """Write the reports of entities.

    :param lines: gives what the run found in one.
    :param heading: of the report of the run.
    :param facts: of the report of the run.
    :param publish: called with the run, the name of a report with its folder, its content type, and
        its content in pieces.
    :param wanted: names of reports.
    :param actions: gives what is to be done in one.
    :param failed: is told of each that cannot be made, by its name with its folder.
    """
    holders = facts.holders
    held: defaultdict[str, list[HeldAccount]] = defaultdict(list)
    for account in holders.accounts or ():
        held[account.entity].append(account)
    run = heading.run
    for entity in entities:
        found = lines(entity)
        own = Heading(
            run=run_of_entity(run, entity),
            summary=summary_of(map(counted_line, found()), {}),
            coverage=(),
            waivers=_accepted(heading, {one.waiver for one in found()}),
        )
        told = replace(facts, holders=_of_entity(holders, entity, held[entity], own), trend=())
        lost = None if failed is None else partial(_within, folder_of(entity), failed)
        for name, pieces in files_of(own, found, told, wanted, actions(entity), lost):
            publish(run, f"{folder_of(entity)}/{name}", content_type(name), pieces)


def _within(folder: str, failed: Failed, name: str, error: Exception) -> None:
    failed(f"{folder}/{name}", error)


def _of_entity(
    holders: Holders, entity: str, held: Sequence[HeldAccount], heading: Heading
) -> Holders:
    """Return of what a registry says what the report of an entity does."""
    return Holders(
        entities={entity: holders.entities[entity]} if entity in holders.entities else {},
        # Where not all accounts are at hand, nobody knows whether those of an entity are.
        accounts=None if holders.accounts is None or holders.more else held,
        organisation=holders.organisation,
        heads={entity: holders.heads[entity]} if entity in holders.heads else {},
        names=spoken_of(holders.names, heading.waivers),
    )


def run_of_entity(run: Run, entity: str) -> Run:
    """Return what the report of an entity says of a run.

    Reports of the first catalogue said more, and are compared as they are.
    """
    registry = run.registry.told_to(entity) if run.catalogue > 1 else run.registry
    return replace(run, scope=replace(run.scope, entity=entity), registry=registry)


def _accepted(heading: Heading, ids: Collection[str | None]) -> list[WaiverOutcome]:
    waivers = [one for one in heading.waivers if one.id in ids]
    return sorted(waivers, key=lambda one: one.id)
