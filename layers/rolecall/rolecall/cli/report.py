"""``rolecall report``: reports of a registry, of a run in a log, of a run in a stack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from rolecall.cli.arguments import LanguageOption, WithIncidentsOption, asked_instant
from rolecall.cli.log_report import report_of_log_files
from rolecall.cli.output import replace, say, write
from rolecall.cli.requirements import needs_reports
from rolecall.cli.row_choice import chosen_entity
from rolecall.cli.validation import read_with_policy
from rolecall.errors import AuditError, UsageError
from rolecall.ledger.bundle import write_bundle
from rolecall.reports.formats import KEPT, format_named, short_names
from rolecall.reports.report import Report
from rolecall.usecases.reporting.export import (
    MOST_PROVEN,
    PROOF,
    Export,
    of_audit,
)
from rolecall.usecases.reporting.files import ReportFile
from rolecall.usecases.runs.local import Limits, run_audit
from rolecall.vocabulary import Language

if TYPE_CHECKING:
    from rolecall.ledger.file_log import FileLog

__all__ = ["Format", "ReportOption", "report", "write_all", "write_audit"]

_PIECE = 1 << 20
_EXTRA = ("proof", "all")
if TYPE_CHECKING:
    Format: TypeAlias = str
else:
    Format = Literal[(*short_names(rows=False), *_EXTRA)]


def _check_directory(directory: Path) -> None:
    """Check that reports can go into a directory, which need not be there yet.

    :raises UsageError: it is a file, or lies below one.
    """
    for path in (directory, *directory.parents):
        if path.exists() or path.is_symlink():
            if not path.is_dir():
                raise UsageError(f"{path}: is a file; reports go into a directory of their own")
            return


def _ready(directory: Path | None) -> Path | None:
    """Make sure, before an audit, that its reports can be written."""
    if directory is not None:
        needs_reports(KEPT)
        _check_directory(directory)
    return directory


ReportOption = Annotated[
    Path | None,
    typer.Option(
        "--report",
        help="Write every report into this directory: PDF, HTML, XLSX...",
        callback=_ready,
    ),
]


def write_audit(
    report: Report, directory: Path | None, log: FileLog | None, *, with_incidents: bool
) -> None:
    """Write every report of an audit that was just made, where somebody asked for them.

    :param log: in which the run is; the trend, the checkpoint and the proof come from it.
    """
    if directory is not None:
        write_all(of_audit(report, log, with_incidents=with_incidents), directory)


def write_all(source: Export, directory: Path) -> None:
    """Write every report into a directory, and the proof where there is one."""
    _check_directory(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(f"{directory}: cannot be made: {error.strerror}") from error
    written, lost = [], dict[str, Exception]()
    for name, pieces in source.reports(KEPT, lost.__setitem__):
        write(pieces, directory / name)
        written.append(name)
    if source.is_provable:
        kept = (ReportFile(name, _pieces(directory / name)) for name in written)
        _prove(source, directory / PROOF, kept)
    if lost:
        told = "; ".join(f"{name} could not be made ({error})" for name, error in lost.items())
        first = next(iter(lost.values()))
        raise AuditError(f"{directory}: {told}; the others are there") from first


def _write(source: Export, format_: str, output: Path | None) -> None:
    """Write what was asked for; ``None`` is standard output."""
    if format_ not in _EXTRA:
        write(source.report(format_named(format_).name), output)
    elif output is None:
        kind = "directory" if format_ == "all" else "file"
        raise UsageError(f"--format {format_} writes a {kind}; name it with --output")
    elif format_ == "all":
        write_all(source, output)
    else:
        _prove(source, output, None)


def _prove(source: Export, output: Path, reports: Iterator[ReportFile] | None) -> None:
    contents = source.proof(reports)
    if source.is_too_large:
        say(f"{output}: without reports, as there are more than {MOST_PROVEN:,} findings")
    replace(output, lambda file: write_bundle(file, contents))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def report(
    source: Annotated[
        Path | None,
        typer.Argument(help="A registry to audit, or the directory of a log.", metavar="SOURCE"),
    ] = None,
    stack: Annotated[
        str | None, typer.Option("--stack", help="Instead of SOURCE, a deployed stack.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = "pdf",
    output: Annotated[
        str | None,
        typer.Option(help="Where to write it, - for standard output; by default its name, here."),
    ] = None,
    entity: Annotated[
        str | None, typer.Option(help="Of this entity: of a log, without what is below it.")
    ] = None,
    run: Annotated[
        str | None, typer.Option(help="The number or id of a run; by default the last one.")
    ] = None,
    registry: Annotated[
        Path | None,
        typer.Option(help="Of a log: the registry, which has the names that no log holds."),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(help="The policy; by default policy.toml in or beside the registry."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Of a registry: a date (midnight UTC) or ISO 8601 instant."),
    ] = None,
    language: LanguageOption = None,
    with_incidents: WithIncidentsOption = False,
) -> None:
    """Write a report: of a registry as it is, or of a run that was logged."""
    _check(source, stack, format_, entity)
    names, annex = (registry, policy), with_incidents
    if stack is not None:
        from rolecall.cli.stack_report import report_of_stack

        made = report_of_stack(stack, run, entity, language, with_incidents=annex)
    elif source is not None and (source / "records.jsonl").is_file():
        made = report_of_log_files(source, run, entity, names, language, with_incidents=annex)
    elif run is not None or registry is not None:
        raise UsageError("--run and --registry are for logs; SOURCE is none")
    else:
        audited = _of_registry(source or Path(), policy, as_of, entity, language)
        made = of_audit(audited, None, with_incidents=annex)
    _put(made, format_, _target(format_, output))


def _check(source: Path | None, stack: str | None, format_: str, entity: str | None) -> None:
    if (source is None) == (stack is None):
        raise UsageError("give a registry or the directory of a log, or --stack NAME")
    if stack is None or entity is not None:
        # Those of all entities of a stack were made by its night.
        needs_reports(KEPT if format_ in _EXTRA else [format_named(format_).name])


def _put(made: Export, format_: str, target: Path | None) -> None:
    """Write what was asked for, and say where; ``None`` is standard output."""
    _write(made, format_, target)
    if target is not None:
        typer.echo(f"wrote {target}")


def _target(format_: str, output: str | None) -> Path | None:
    if output == "-":
        return None
    if output is not None:
        return Path(output)
    if format_ == "all":
        return Path("report")
    return Path(PROOF if format_ == "proof" else format_named(format_).name)


def _of_registry(
    path: Path,
    policy: Path | None,
    as_of: str | None,
    entity: str | None,
    language: Language | None,
) -> Report:
    instant = asked_instant(as_of)
    loaded, rules = read_with_policy(path, policy, instant, language)
    limits = Limits(chosen_entity(entity, loaded.snapshot.entities))
    return run_audit(loaded.snapshot, rules, instant, lambda _: None, limits=limits)
