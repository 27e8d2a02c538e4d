"""``rolecall roster``: the monthly export of the personnel system, brought into a registry.

Who is at a terminal is asked what only a person knows; where nobody is, the safest answer is taken,
and what was asked is said.
"""

from __future__ import annotations

import secrets
import sys
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.cli.arguments import TextFormat
from rolecall.cli.clock import now
from rolecall.cli.output import say
from rolecall.cli.questions import answered
from rolecall.cli.roster_text import plan_as_json, show_plan
from rolecall.cli.validation import PolicyOption, RegistryArgument
from rolecall.errors import ConflictError, UsageError
from rolecall.quantity import counted

if TYPE_CHECKING:
    from rolecall.adopt.roster_plan import RosterPlan
    from rolecall.cli.roster_registry import RegistryWithRoster
    from rolecall.model import Policy

__all__ = ["Missing", "roster"]


class Missing(StrEnum):
    """What to make of those who are not on a roster."""

    ask = "ask"
    left = "left"


_FileArgument = Annotated[
    Path, typer.Argument(help="The export: .csv, .xlsx, .xls, .ods or .json.", metavar="FILE")
]
_MissingOption = Annotated[
    Missing, typer.Option(help="Whoever is not in the export: ask, or take them for leavers.")
]
_AsOfOption = Annotated[
    str | None, typer.Option(help="The day as of which who is missing left; by default today.")
]
_YesOption = Annotated[
    bool, typer.Option("--yes", help="Ask nothing: take the safest answer to each question.")
]
_AllOption = Annotated[
    bool,
    typer.Option("--yes-all-of-them", help="Let them go, though very many would leave at once."),
]
_DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")
]
_FormatOption = Annotated[TextFormat, typer.Option("--format", help="How to write what changes.")]


def roster(
    registry: RegistryArgument,
    file: _FileArgument,
    policy: PolicyOption = None,
    missing: _MissingOption = Missing.ask,
    as_of: _AsOfOption = None,
    yes: _YesOption = False,
    yes_all_of_them: _AllOption = False,
    dry_run: _DryRunOption = False,
    format_: _FormatOption = TextFormat.text,
) -> None:
    """Bring a registry's people up to date with an export of the personnel system.

    Who joins, leaves, moves or changes is told by name. Columns of which the export says nothing
    stay as they are, and so does what was edited since.
    """
    from rolecall.cli.roster_registry import opened, roster_in, rules_of_roster

    today = now().date() if as_of is None else _day(as_of)
    rules = rules_of_roster(registry, policy)
    there = opened(registry, now().date(), rules)
    asks = not (yes or dry_run) and format_ is TextFormat.text and sys.stdin.isatty()
    drawn, left = secrets.token_bytes, missing is Missing.left
    planned = partial(roster_in, file, there, today, random_bytes=drawn, missing_left=left)
    plan = answered(planned, there.registry.memory.answers, asks=asks)
    refusal = None if yes_all_of_them else _refusal(plan, there, rules)
    written = not dry_run and refusal is None and there.write(plan)
    if format_ is TextFormat.json:
        typer.echo(plan_as_json(plan, written=written, refused=refusal))
    else:
        show_plan(plan, there.path, written=written, dry_run=dry_run)
    if refusal is not None and not dry_run:
        raise ConflictError("too-many-leavers", refusal)
    if refusal is not None:
        say(f"warning: {refusal}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of: write a day like 2026-01-31 ({text})") from None


def _refusal(plan: RosterPlan, there: RegistryWithRoster, rules: Policy) -> str | None:
    """Return why a roster is not brought in that would let very many go, ``None`` where it may."""
    from rolecall.adopt.roster_changes import stop_serving

    leavers = stop_serving(plan.changes)
    serving = sum(row.get("status") == "active" for row in there.registry.people.rows)
    is_many = len(leavers) > rules.roster_leavers_share * serving
    if len(leavers) < rules.roster_leavers_least or not is_many:
        return None
    return (
        f"{len(leavers):,} of {counted(serving, 'person who serves', 'people who serve')} would be "
        "gone at once, more than "
        f"{rules.roster_leavers_share:.0%}: an export that is cut off looks like that; "
        "--yes-all-of-them lets them go"
    )
