"""What ``rolecall adopt`` says: what was read, assumed and not decided; as text or as data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

import typer

from rolecall.cli.output import say
from rolecall.cli.questions import question_as_data, question_line
from rolecall.printable import printable, shorten
from rolecall.quantity import counted

if TYPE_CHECKING:
    from rolecall.adopt.adoption import Adoption
    from rolecall.adopt.proposal import TakenColumn
    from rolecall.adopt.sheets import Sheet

__all__ = ["PlanFormat", "show_adoption", "show_sheets"]

_SHOWN = 20


class PlanFormat(Enum):
    """How to write what an adoption makes."""

    text = "text"
    json = "json"


def show_adoption(
    sheets: Sequence[Sheet], made: Adoption, format_: PlanFormat, *, written: bool, asked: bool
) -> None:
    """Show what was read, assumed and not decided; the page has all of it.

    :param asked: somebody was at the terminal, and saw what was read if anything was asked.
    """
    from rolecall.adopt.page import plan_line

    if format_ is PlanFormat.json:
        data = _as_data(made, written=written)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    if not asked:
        show_sheets(sheets, made)
    _list("assumed", made.proposal.assumptions)
    _list("warning", (*made.proposal.warnings, *made.kept))
    _list("needs an answer", list(map(question_line, made.questions)))
    typer.echo("")
    typer.echo(plan_line(made))


def show_sheets(sheets: Sequence[Sheet], made: Adoption) -> None:
    """Show what was read, and what each column was taken for."""
    for sheet in sheets:
        typer.echo(
            f"read {sheet.place()}: {counted(len(sheet.rows), 'row')} below row {sheet.heading_row}"
        )
        for column in made.proposal.columns:
            if column.sheet == sheet.place():
                typer.echo(f"  {_mapped(column)}")


def _mapped(column: TakenColumn) -> str:
    """Return what a column was taken for, in a line of a terminal."""
    sample = f" ({shorten(column.sample, 24)})" if column.sample else ""
    return printable(f"{shorten(column.heading or '-', 24):<24} {column.meaning}{sample}")


def _list(label: str, sentences: Sequence[str]) -> None:
    for sentence in sentences[:_SHOWN]:
        say(f"{label}: {sentence}")
    if len(sentences) > _SHOWN:
        say(f"... and {len(sentences) - _SHOWN:,} more; ADOPTED.md has them all")


def _as_data(made: Adoption, *, written: bool) -> dict[str, Any]:
    proposal = made.proposal
    return {
        "written": written,
        "tables": {
            name: {"rows": len(one.table.rows), "added": one.added, "changed": one.changed}
            for name, one in made.tables.items()
        },
        "questions": list(map(question_as_data, made.questions)),
        "warnings": [*proposal.warnings, *made.kept],
        "assumptions": list(proposal.assumptions),
        "empties": dict(proposal.empties),
    }
