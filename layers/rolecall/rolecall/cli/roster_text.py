"""What a roster changes, in words and as data: by name, for whoever reads it knows people so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from rolecall.cli.output import say
from rolecall.printable import printable
from rolecall.quantity import counted

if TYPE_CHECKING:
    from rolecall.adopt.questions import Question
    from rolecall.adopt.roster_changes import PersonChange
    from rolecall.adopt.roster_plan import RosterPlan

__all__ = ["plan_as_json", "show_plan"]

_SHOWN = 20
_KINDS = ("joined", "returned", "left", "moved", "changed")


def show_plan(plan: RosterPlan, path: Path, *, written: bool, dry_run: bool) -> None:
    """Show what a roster changes, what was assumed, and what nobody has answered."""
    for line in _lines(plan):
        typer.echo(printable(line))
    _list("assumed", plan.assumptions)
    _list("warning", (*plan.warnings, *plan.merged.kept))
    _list("needs an answer", list(map(_line, plan.questions)))
    typer.echo(printable(_summary(plan)))
    if written:
        typer.echo(f"wrote {path}")
    elif not dry_run and not plan.changes:
        typer.echo(f"{path}: nothing changed")


def _lines(plan: RosterPlan) -> Iterator[str]:
    for kind in _KINDS:
        for change in plan.changes:
            if change.kind == kind:
                yield _told(change)
    for name in plan.missing:
        yield f"missing   {name}: not on the roster, and kept as they are"


def _told(change: PersonChange) -> str:
    label = f"{change.kind:<9} {change.name}"
    if change.kind == "joined":
        return label
    before, after = change.before or "nothing", change.after or "nothing"
    return f"{label}: {change.column} {before} -> {after}"


def _summary(plan: RosterPlan) -> str:
    counts = [
        f"{len({change.id for change in plan.changes if change.kind == kind}):,} {kind}"
        for kind in _KINDS
        if any(change.kind == kind for change in plan.changes)
    ]
    counts += [f"{len(plan.missing):,} missing"] if plan.missing else []
    asked = counted(len(plan.questions), "question")
    return f"{', '.join(counts) or 'nobody changes'}; {asked} without an answer"


def _line(question: Question) -> str:
    taken = next(one.label for one in question.choices if one.value == question.safest)
    where = f" ({question.places[0]})" if question.places else ""
    return f"{question.text}{where} Taken: {taken}"


def _list(label: str, sentences: Sequence[str]) -> None:
    for sentence in sentences[:_SHOWN]:
        say(f"{label}: {sentence}")
    if len(sentences) > _SHOWN:
        say(f"... and {len(sentences) - _SHOWN:,} more; --format json has all of them")


def plan_as_json(plan: RosterPlan, *, written: bool, refused: str | None) -> str:
    """Return what a roster changes as data."""
    document: dict[str, Any] = {"written": written, "refused": refused}
    for kind in _KINDS:
        document[kind] = [
            {name: getattr(change, name) for name in change.__struct_fields__ if name != "kind"}
            for change in plan.changes
            if change.kind == kind
        ]
    document |= {
        "missing": list(plan.missing),
        "questions": [
            {
                "id": one.id,
                "text": one.text,
                "choices": [choice._asdict() for choice in one.choices],
                "taken": one.safest,
                "places": list(one.places),
            }
            for one in plan.questions
        ],
        "assumptions": list(plan.assumptions),
        "warnings": [*plan.warnings, *plan.merged.kept],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
