"""Writes the reports of an audit into a directory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rolecall.errors import UsageError
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.log import records
from rolecall.reports.document import TrendPoint
from rolecall.reports.report import Report
from rolecall.usecases.reporting import facts_of, files_of, lines_of, trend_of

__all__ = ["write_reports"]


def write_reports(report: Report, directory: Path, log: FileLog | None) -> list[Path]:
    """Write every report of an audit; return where each is.

    :param log: in which the run is; the trend and the checkpoint come from it.
    :raises UsageError: a library that reports need is not installed.
    """
    trend: Sequence[TrendPoint] = ()
    checkpoint = b""
    if log is not None:
        # The last one is the run that is reported.
        trend = trend_of(records(log))[:-1]
        checkpoint = log.highest() or b""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    try:
        facts = facts_of(report.context, trend, checkpoint.decode())
        for name, pieces in files_of(report.heading(), lines_of(report), facts):
            path = directory / name
            with path.open("wb") as file:
                file.writelines(pieces)
            written.append(path)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"reports need {error.name}, which is not installed: pip install rolecall[reports]"
        ) from error
    return written
