"""``rolecall plan``: what to do about a registry, checked before it is shown."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer

from rolecall.cli.arguments import AsOfOption, LanguageOption, asked_instant
from rolecall.cli.output import write
from rolecall.cli.plan_text import plan_as_json, plan_as_markdown, plan_as_table
from rolecall.cli.progress import progress
from rolecall.cli.row_choice import chosen_entity, chosen_row
from rolecall.cli.terminal import shows_colour
from rolecall.cli.validation import PolicyOption, RegistryArgument, read_with_policy
from rolecall.errors import UnreadableError, UsageError
from rolecall.ledger.log_files import LogFiles
from rolecall.registry.reading import RegistryInput
from rolecall.reports.report import Report
from rolecall.reports.terminal_text import TerminalText
from rolecall.usecases.runs.checked_plan import CheckedPlan, checked_plan
from rolecall.usecases.runs.local import Limits, run_audit

__all__ = ["PlanFormat", "ReadLogOption", "plan"]

PlanFormat = Literal["table", "json", "md"]
ReadLogOption = Annotated[
    Path | None,
    typer.Option("--log", help="An audit log, to read: what is accepted, and since when."),
]
_WIDEST = 110


def plan(
    registry: RegistryArgument,
    policy: PolicyOption = None,
    log: ReadLogOption = None,
    as_of: AsOfOption = None,
    entity: Annotated[
        str | None, typer.Option(help="For this entity, by id or name, and all below it.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Only what is about this person, by id or name.")
    ] = None,
    format_: Annotated[
        PlanFormat, typer.Option("--format", help="How to write the plan.")
    ] = "table",
    output: Annotated[
        str, typer.Option(help="Where to write it: a file, or - for standard output.")
    ] = "-",
    language: LanguageOption = None,
) -> None:
    """Say what to do about a registry, worst harm first, and check that it helps."""
    instant = asked_instant(as_of)
    if log is not None and not (log / "records.jsonl").is_file():
        raise UnreadableError(f"{log}: not an audit log")
    with progress("reading"):
        loaded, rules = read_with_policy(registry, policy, instant, language)
    whom = _person(person, loaded)
    limits = Limits(chosen_entity(entity, loaded.snapshot.entities))
    past = None if log is None else LogFiles(log)
    with progress("auditing") as advance:
        report = run_audit(
            *(loaded.snapshot, rules, instant, lambda _: None),
            limits=limits,
            past=past,
            advance=advance,
        )
    with progress("checking"):
        made = checked_plan(report, whom)
    _write(made, report, format_, None if output == "-" else Path(output))


def _person(text: str | None, loaded: RegistryInput) -> str | None:
    """Return the id of the person that is meant; of somebody who is gone, an id has to do.

    :raises UsageError: nobody is called so, and nobody has a role or a password by that id.
    """
    if text is None:
        return None
    snapshot = loaded.snapshot
    id_ = chosen_row("people", text, snapshot.people)
    known = {one.id for one in snapshot.people} | {one.person_id for one in snapshot.grants}
    if id_ not in known and not any(id_ in one.holder_ids for one in snapshot.logins):
        raise UsageError(f"the registry has no person {text}")
    return id_


def _write(made: CheckedPlan, report: Report, format_: PlanFormat, target: Path | None) -> None:
    write(_written(made, report, format_, target), target)


def _written(
    made: CheckedPlan, report: Report, format_: PlanFormat, target: Path | None
) -> Iterable[bytes]:
    if format_ == "json":
        return plan_as_json(made, report)
    if format_ == "md":
        return plan_as_markdown(made, report)
    is_terminal = target is None and sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, _WIDEST) if is_terminal else 80
    colour = target is None and shows_colour(sys.stdout)
    return plan_as_table(made, report, TerminalText(width, colour=colour))
