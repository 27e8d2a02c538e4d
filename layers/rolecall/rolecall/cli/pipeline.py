"""What other people's pipelines read: findings and problems of an input, as SARIF and as JUnit.

Both formats point at rows of the registry, which is why they are made where the registry is at
hand: of a log alone there is nothing to point at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rolecall import __version__
from rolecall.cli.arguments import Format, ProblemFormat
from rolecall.lifecycle import ReportedFinding
from rolecall.model import Problem
from rolecall.reports.report import Report, lines

__all__ = ["findings_in", "is_for_pipelines", "problems_in"]


def is_for_pipelines(format_: Format | ProblemFormat) -> bool:
    """Tell whether a format is one of those that are made here."""
    return format_.value in ("junit", "sarif")


def findings_in(
    format_: Format,
    report: Report,
    shown: Sequence[ReportedFinding],
    registry: Path,
    policy: Path | None,
) -> Iterable[bytes]:
    """Return the findings of an audit, each at its row.

    :param policy: as it was given; ``None`` for the one in or beside the registry.
    """
    from rolecall.registry.locations import Locations

    locate = Locations(registry, policy).of_subject
    arguments = (report.heading(), map(lines(report), shown), report.controls, locate)
    if format_ is Format.junit:
        from rolecall.reports.junit_report import junit_document

        return junit_document(*arguments)
    from rolecall.reports.sarif_report import sarif_document

    return sarif_document(*arguments)


def problems_in(
    format_: Format | ProblemFormat,
    errors: Sequence[Problem],
    warnings: Sequence[Problem],
    unlisted: int,
    registry: Path,
    policy: Path | None,
) -> Iterable[bytes]:
    """Return what is wrong with an input, each problem at its row.

    :param unlisted: how many more problems there are.
    """
    from rolecall.registry.locations import Locations

    locate = Locations(registry, policy).of_problem
    if format_.value == "junit":
        from rolecall.reports.junit_report import junit_problems

        return junit_problems(errors, warnings, unlisted, locate)
    from rolecall.reports.sarif_problems import sarif_problems

    return sarif_problems(errors, warnings, unlisted, __version__, locate)
