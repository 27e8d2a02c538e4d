"""``rolecall controls``: the catalogue, for whoever wants to know what is checked and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from rolecall.controls.catalogue import catalogue
from rolecall.controls.control import Control
from rolecall.controls.versions import CATALOGUE_VERSIONS
from rolecall.errors import UsageError
from rolecall.frameworks.citations import Citations
from rolecall.frameworks.framework import Framework
from rolecall.frameworks.known import EVIDENCE, FRAMEWORKS, NOT_AFFILIATED
from rolecall.registry.policy_toml import read_policy
from rolecall.registry.problems import suggestion
from rolecall.reports.citing import REFERENCE_NAMES, cited_by

__all__ = ["controls", "controls_app", "show"]

_NOTHING = "nothing beyond the required columns"
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
    policy: Annotated[
        Path | None,
        typer.Option(help="A policy whose clauses, and titles beside it, are shown too."),
    ] = None,
) -> None:
    """Explain one control."""
    item = catalogue().get(control_id)
    if item is None:
        raise UsageError(f"there is no control {control_id}{suggestion(control_id, catalogue())}")
    typer.echo(f"{item.id} ({item.severity})")
    typer.echo(_wrapped("", f"{item.title}.", indent=0) + "\n")
    for label, text in (
        ("looks at", item.subjects.name),
        ("why", item.rationale),
        ("what to do", item.remediation),
        ("to record", item.record),
        ("needs", ", ".join(item.needs) or ("" if item.needs_one else _NOTHING)),
        ("needs one", "; ".join(map(" with ".join, item.needs_one))),
        ("in part", ", ".join(item.partly)),
        ("untracked", item.without),
        ("off", f"where the policy has no {item.off_without}" if item.off_without else ""),
        ("parameters", ", ".join(f"{k} = {_shown(v)}" for k, v in item.parameters.items())),
        ("changes", _changes(item.id)),
    ):
        if text:
            typer.echo(_wrapped(label, text))
    _show_references(item, read_policy(policy).citations)


def _changes(control: str) -> str:
    """Return what versions of the catalogue changed of a control."""
    return " ".join(
        f"Version {version.number}: {version.changes[control]}"
        for version in CATALOGUE_VERSIONS
        if control in version.changes
    )


def _shown(value: object) -> str:
    if value is None:
        return "none (off where the policy does not set it)"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _show_references(item: Control[Any], citations: Citations) -> None:
    """Say what a control cites, each with its title, and what such a reference means."""
    cited = cited_by(item, citations.clauses.get(item.id))
    label = "references"
    for field, name in REFERENCE_NAMES.items():
        if field not in cited:
            continue
        framework, given = FRAMEWORKS.get(field), citations.titles.get(field, {})
        typer.echo(_wrapped(label, framework.release if framework else name))
        for one in cited[field]:
            typer.echo(_wrapped("", _titled(framework, given, one), indent=14))
        label = ""
    if any(field in cited for field in FRAMEWORKS):
        typer.echo(_wrapped("", f"{EVIDENCE} {NOT_AFFILIATED}"))


def _titled(framework: Framework | None, given: Mapping[str, str], name: str) -> str:
    if framework is None:
        return name
    if framework.is_verbatim or name in given:
        return f"{name} {given.get(name, framework.titles[name])}"
    return f"{name} (in our words: {framework.titles[name]})"


def _wrapped(label: str, text: str, indent: int = 12) -> str:
    import textwrap

    first, rest = f"{label:<{indent}}", " " * indent
    return textwrap.fill(text, 79, initial_indent=first, subsequent_indent=rest)
