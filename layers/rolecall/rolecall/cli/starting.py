"""The first minutes: ``rolecall demo`` and ``rolecall init``.

The demo is the example, audited and proven by the commands that anybody would give.

The example is the folder ``examples/diocese`` of the sources; wheels carry a copy of it, and where
Rolecall runs from its sources it is taken from there.
"""

from __future__ import annotations

import shlex
import shutil
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from rolecall.cli.requirements import needs_reports
from rolecall.errors import AuditError, UsageError
from rolecall.ledger.key_file import read_key_file
from rolecall.reports.formats import KEPT

__all__ = ["demo", "init"]


def init(
    directory: Annotated[
        Path,
        typer.Argument(help="A new or empty directory, or a new .xlsx to fill.", metavar="DIR"),
    ],
) -> None:
    """Start a registry: empty tables, a README of their columns, a commented policy.

    A workbook has a sheet a table, with drop-downs, notes and an example that audits leave out.
    """
    from rolecall.registry.writing import start_registry

    try:
        if directory.suffix.casefold() == ".xlsx":
            _start_workbook(directory)
            return
        start_registry(directory)
    except OSError as error:
        raise AuditError(f"{directory}: cannot write: {error.strerror}") from error
    typer.echo(f"wrote {directory}: fill the tables, then run rolecall audit {directory}")


def _start_workbook(path: Path) -> None:
    from rolecall.durable import create
    from rolecall.registry.starting_workbook import starting_workbook

    if not create(path, starting_workbook()):
        raise UsageError(f"{path}: exists already; nothing was written")
    typer.echo(f"wrote {path}: fill its sheets, then run rolecall audit {path}")


def demo(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Argument(help="A new or empty directory for what it writes.", metavar="DIR")
    ] = Path("rolecall-demo"),
) -> None:
    """Audit a fictional diocese, write every report, and prove the log that it left."""
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise UsageError(f"{directory}: exists already; name a new directory for the demo")
    needs_reports(KEPT)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        registry = directory / "diocese"
        with as_file(_example()) as example:
            shutil.copytree(example, registry)
    except OSError as error:
        raise AuditError(f"{directory}: cannot write: {error.strerror}") from error
    key, verifier = directory / "signing-key", directory / "verifier-key"
    found = directory / "findings.txt"
    _run(context, "key", "new", "--name", "diocese.example/audit", "--signing-key", key)
    signer = read_key_file(key)
    assert signer is not None  # noqa: S101 - it was written a moment ago.
    verifier.write_text(f"{signer.key}\n", encoding="utf-8", newline="\n")
    log = ("--log", directory / "log", "--signing-key", key)
    out = ("--output", found, "--report", directory)
    _run(context, "audit", registry, "--as-of", "2026-11-02", *log, *out)
    typer.echo(found.read_text(encoding="utf-8"))
    _run(context, "verify", directory / "proof.zip", "--key", verifier)
    written = sorted(f"{one.name}/" if one.is_dir() else one.name for one in directory.iterdir())
    typer.echo(f"\nIn {directory}: {' '.join(written)}")


def _run(context: typer.Context, *words: object) -> None:
    """Give a command of the program, and show it."""
    given = [str(word) for word in words]
    typer.echo(f"$ rolecall {shlex.join(given)}")
    context.find_root().command.main(given, prog_name="rolecall", standalone_mode=False)


def _example() -> Traversable:
    """Return the registry of the example."""
    shipped = files("rolecall") / "examples" / "diocese"
    if shipped.is_dir():
        return shipped
    sources = Path(__file__).parents[4] / "examples" / "diocese"
    if not sources.is_dir():
        raise AuditError("the example is not there: this Rolecall was installed without it")
    return sources
