"""``rolecall controls``: the catalogue, for whoever wants to know what is checked and why."""

from __future__ import annotations

from typing import Annotated

import typer

from rolecall.controls.catalogue import catalogue
from rolecall.controls.versions import CATALOGUE_VERSIONS
from rolecall.errors import UsageError
from rolecall.registry.problems import suggestion

__all__ = ["controls", "controls_app", "show"]

controls_app = typer.Typer(help="Show the catalogue of controls.", invoke_without_command=True)


@controls_app.callback()
def controls(context: typer.Context) -> None:
    """List the controls, with their severity and what is true when they pass."""
    if context.invoked_subcommand is not None:
        return
    group = ""
    for item in catalogue().values():
        if item.group != group:
            group = item.group
            typer.echo(f"\n{group}")
        typer.echo(f"  {item.id:<29} {item.severity:<9} {item.title}")


@controls_app.command("show")
def show(
    control_id: Annotated[str, typer.Argument(help="The control, such as orphaned-admin.")],
) -> None:
    """Explain one control."""
    import textwrap

    item = catalogue().get(control_id)
    if item is None:
        raise UsageError(f"there is no control {control_id}{suggestion(control_id, catalogue())}")
    typer.echo(f"{item.id} ({item.severity})")
    typer.echo(textwrap.fill(f"{item.title}.", 79) + "\n")
    for label, text in (
        ("looks at", item.subjects.name),
        ("why", item.rationale),
        ("what to do", item.remediation),
        ("needs", ", ".join(item.needs) or "nothing beyond the required columns"),
        ("in part", ", ".join(item.partly)),
        ("untracked", item.without),
        ("parameters", ", ".join(f"{k} = {_shown(v)}" for k, v in item.parameters.items())),
        ("references", _references(item.references)),
        ("changes", _changes(item.id)),
    ):
        if text:
            typer.echo(
                textwrap.fill(text, 79, initial_indent=f"{label:<12}", subsequent_indent=" " * 12)
            )


def _changes(control: str) -> str:
    """Return what versions of the catalogue changed of a control."""
    return " ".join(
        f"Version {version.number}: {version.changes[control]}"
        for version in CATALOGUE_VERSIONS
        if control in version.changes
    )


def _shown(value: object) -> str:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _references(references: object) -> str:
    fields = getattr(references, "__struct_fields__", ())
    return "; ".join(
        f"{name.upper()} {', '.join(values)}"
        for name in fields
        if (values := getattr(references, name))
    )
