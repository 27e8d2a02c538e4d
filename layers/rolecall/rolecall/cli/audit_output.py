"""What an audit writes: findings in the format that was asked for, and what is said beside."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rolecall.cli.arguments import Level
from rolecall.cli.output import doubt, say
from rolecall.cli.pipeline import located
from rolecall.cli.terminal import shows_colour
from rolecall.finding import rank
from rolecall.lifecycle import ReportedFinding
from rolecall.reports.formats import format_named
from rolecall.reports.report import Report
from rolecall.usecases.reporting.files import material_of

__all__ = ["as_format", "as_table", "at_least", "say_beside"]


def at_least(
    findings: Sequence[ReportedFinding], severity: Level | None
) -> Sequence[ReportedFinding]:
    """Return findings of a severity and worse; all of them for ``None``."""
    if severity is None:
        return findings
    return [t for t in findings if rank(t.finding.severity) <= rank(severity.value)]


def as_format(
    report: Report, shown: Sequence[ReportedFinding], format_: str, paths: tuple[Path, Path | None]
) -> Iterable[bytes]:
    """Return an audit in a format for programs.

    :param paths: of the registry and of its policy.
    """
    chosen = format_named(format_)
    locate = located(*paths).of_subject if chosen.has_rows else None
    return (chosen.stream or chosen.make)(material_of(report, shown, locate))


def as_table(
    report: Report, shown: Sequence[ReportedFinding], target: Path | None, *, is_brief: bool
) -> Iterable[bytes]:
    """Return an audit for a terminal.

    :param target: the file that it goes to; ``None`` for standard output.
    :param is_brief: whether to list no more than the worst findings.
    """
    from rolecall.reports.table_report import table_report

    is_terminal = target is None and sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, 110) if is_terminal else 80
    colour = target is None and shows_colour(sys.stdout)
    return table_report(report, shown, width=width, colour=colour, is_brief=is_brief)


def say_beside(report: Report) -> None:
    """Say what formats for programs do not: waivers not applied, records not understood."""
    doubt(report.unknown_records, report.context.policy.language)
    for ruling in report.waivers:
        if ruling.standing not in ("applied", "unused"):
            keys = " ".join(ruling.waiver.subject.keys().values())
            say(f"warning: waiver of {ruling.waiver.control} {keys}: {ruling.message}")
