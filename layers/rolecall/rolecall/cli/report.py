"""``rolecall report``: reports of a registry, of a run in a log, of a run in a stack."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import structs

from rolecall.cli.arguments import parse_instant
from rolecall.cli.clock import now
from rolecall.cli.output import replace, say, show_problems, write
from rolecall.controls.context import Context
from rolecall.errors import UsageError
from rolecall.ledger.bundle import Contents, write_bundle
from rolecall.ledger.export import export, find_span
from rolecall.ledger.log import ReadableLog, records
from rolecall.ledger.log_files import LogFiles
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.reports.document import Facts
from rolecall.reports.report import Report
from rolecall.reports.words import incomplete
from rolecall.usecases.reporting.formats import (
    CONTENT_TYPES,
    ReportFile,
    files_of,
    lines_of,
)
from rolecall.usecases.reporting.from_log import LogReport, report_of_log
from rolecall.usecases.runs.administrators import holders_of
from rolecall.usecases.runs.history import Ended, Runs
from rolecall.usecases.runs.local import Limits, check_entities, run_audit

if TYPE_CHECKING:
    from rolecall.ledger.file_log import FileLog

__all__ = ["ReportFormat", "Source", "contents_of", "of_log_report", "report", "write_audit"]

PROOF = "proof.zip"
MOST_PROVEN = 100_000
"""Findings of which a proof bundle holds the reports too; of more it holds the records alone."""

_PIECE = 1 << 20


class ReportFormat(StrEnum):
    """What to write: one report, the reports in a proof bundle, or all of it."""

    pdf = "pdf"
    html = "html"
    xlsx = "xlsx"
    md = "md"
    csv = "csv"
    json = "json"
    ocsf = "ocsf"
    asff = "asff"
    proof = "proof"
    all = "all"


_NAMES = {
    ReportFormat.pdf: "report.pdf",
    ReportFormat.html: "report.html",
    ReportFormat.xlsx: "report.xlsx",
    ReportFormat.md: "report.md",
    ReportFormat.csv: "findings.csv",
    ReportFormat.json: "findings.json",
    ReportFormat.ocsf: "findings.ocsf.json",
    ReportFormat.asff: "findings.asff.json",
}


class Source:
    """Reports to write, and the records behind them, where there are any."""

    def __init__(
        self,
        files: Callable[[Collection[str]], Iterator[ReportFile]],
        count: int,
        contents: Callable[[], Contents] | None,
    ) -> None:
        """Take what makes reports.

        :param files: yields reports of these names, each to be taken before the next is.
        :param count: how many findings there are.
        :param contents: of the proof bundle without reports.
        """
        self._files = files
        self._count = count
        self._contents = contents

    def write(self, format_: ReportFormat, output: Path | None) -> None:
        """Write what was asked for; ``None`` is standard output."""
        if format_ is ReportFormat.all:
            if output is None:
                raise UsageError("--format all writes a directory; name it with --output")
            self.write_all(output)
        elif format_ is ReportFormat.proof:
            self._prove(output, self._made(CONTENT_TYPES))
        else:
            wanted = _NAMES[format_]
            for name, pieces in self._made([wanted]):
                if name == wanted:
                    write(pieces, output)
                else:
                    # Of the findings as JSON comes the digest that the others show.
                    for _ in pieces:
                        pass

    def write_all(self, directory: Path) -> None:
        """Write every report, and the proof where there is one."""
        directory.mkdir(parents=True, exist_ok=True)
        written = []
        for name, pieces in self._made(CONTENT_TYPES):
            write(pieces, directory / name)
            written.append(name)
        if self._contents is not None:
            kept = (ReportFile(name, _pieces(directory / name)) for name in written)
            self._prove(directory / PROOF, kept)

    def _prove(self, output: Path | None, reports: Iterator[ReportFile]) -> None:
        if self._contents is None:
            raise UsageError("only the audit log proves a report: give a log, or --stack")
        if output is None:
            raise UsageError("--format proof writes a file; name it with --output")
        contents = self._contents()
        if self._count > MOST_PROVEN:
            say(f"{output}: without reports, as there are more than {MOST_PROVEN:,} findings")
        else:
            contents.reports = reports
        replace(output, lambda file: write_bundle(file, contents))

    def _made(self, wanted: Collection[str]) -> Iterator[ReportFile]:
        try:
            yield from self._files(wanted)
        except ModuleNotFoundError as error:
            raise UsageError(
                f"reports need {error.name}, which is not installed: pip install rolecall[reports]"
            ) from error


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def write_audit(report: Report, directory: Path, log: FileLog | None) -> None:
    """Write every report of an audit that was just made.

    :param log: in which the run is; the trend, the checkpoint and the proof come from it.
    :raises UsageError: a library that reports need is not installed.
    """
    _of_audit(report, log).write_all(directory)


def _of_audit(report: Report, log: FileLog | None) -> Source:
    entity = report.run.scope.entity
    entities = None if entity is None else report.context.below(entity)
    facts = Facts(holders=holders_of(report.context, entities))
    contents = None
    if log is not None:
        runs = Runs(records(log))
        run = runs.named(report.run.id)
        size, checkpoint = _sealed(log, run)
        facts = structs.replace(facts, trend=runs.before(run), checkpoint=checkpoint.decode())
        contents = contents_of(log, log.keys(), size)

    def files(wanted: Collection[str]) -> Iterator[ReportFile]:
        return files_of(report.heading(), lines_of(report), facts, wanted)

    return Source(files, len(report.findings), contents)


def contents_of(
    log: ReadableLog, keys: bytes, size: int, entity: str | None = None
) -> Callable[[], Contents]:
    """Return what gives the contents of the proof bundle of a log up to a seal."""
    return lambda: export(log, find_span(log, end=size), keys, entity)


def _sealed(log: ReadableLog, run: Ended) -> tuple[int, bytes]:
    """Return the size of a log at the seal after a run, and the checkpoint of that size.

    :raises UsageError: the run is not sealed yet.
    """
    size = find_span(log, event=run.event).end
    return size, log.checkpoint(size) or b""


def report(
    source: Annotated[
        Path | None,
        typer.Argument(help="A registry to audit, or the directory of a log.", metavar="SOURCE"),
    ] = None,
    stack: Annotated[
        str | None, typer.Option("--stack", help="Instead of SOURCE, a deployed stack.")
    ] = None,
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="What to write.")
    ] = ReportFormat.pdf,
    output: Annotated[
        str | None,
        typer.Option(help="Where to write it, - for standard output; by default its name, here."),
    ] = None,
    entity: Annotated[
        str | None,
        typer.Option(help="Of this entity: of a log, without what is below it."),
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
) -> None:
    """Write a report: of a registry as it is, or of a run that was logged."""
    if (source is None) == (stack is None):
        raise UsageError("give a registry or the directory of a log, or --stack NAME")
    if stack is not None:
        from rolecall.cli.stack_report import report_of_stack

        made = report_of_stack(stack, run, entity)
    elif source is not None and (source / "records.jsonl").is_file():
        made = _of_log(source, run, entity, registry, policy)
    else:
        if run is not None or registry is not None:
            raise UsageError("--run and --registry are for logs; SOURCE is none")
        made = _of_registry(source or Path(), policy, as_of, entity)
    target = _target(format_, output)
    made.write(format_, target)
    if target is not None:
        typer.echo(f"wrote {target}")


def _target(format_: ReportFormat, output: str | None) -> Path | None:
    if output == "-":
        return None
    if output is not None:
        return Path(output)
    if format_ is ReportFormat.all:
        return Path("report")
    return Path(PROOF if format_ is ReportFormat.proof else _NAMES[format_])


def _of_registry(path: Path, policy: Path | None, as_of: str | None, entity: str | None) -> Source:
    instant = now() if as_of is None else parse_instant(as_of, "--as-of")
    loaded = read_registry(path, instant.date())
    show_problems("warning", loaded.warnings, loaded.warning_count)
    rules = read_policy(policy or find_policy(path))
    check_entities(rules, {one.id for one in loaded.snapshot.entities})
    made = run_audit(loaded.snapshot, rules, instant, lambda _: None, limits=Limits(entity))
    return _of_audit(made, None)


def _of_log(
    directory: Path,
    run: str | None,
    entity: str | None,
    registry: Path | None,
    policy: Path | None,
) -> Source:
    log = LogFiles(directory)

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
        return Context(loaded.snapshot, read_policy(policy or find_policy(path)), as_of)

    made = report_of_log(
        lambda: records(log),
        run,
        entity,
        None if registry is None else context,
        lambda ended: _sealed(log, ended),
    )
    if entity is not None and not made.heading.summary.findings:
        say(f"note: the log has no finding of an entity {entity}")
    return of_log_report(made, contents_of(log, log.keys(), made.size, entity))


def of_log_report(made: LogReport, contents: Callable[[], Contents]) -> Source:
    """Return the reports that a log adds up to."""
    if made.heading.unknown_records:
        # Some formats have findings alone, and no place to say it.
        say(f"warning: {incomplete(made.heading.unknown_records)}")

    def files(wanted: Collection[str]) -> Iterator[ReportFile]:
        return files_of(made.heading, made.lines, made.facts, wanted)

    return Source(files, made.heading.summary.findings, contents)
