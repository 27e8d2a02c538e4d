"""Reports to give away: of an audit that was just made, of a run in a log, and the proof with them.

Nothing is written here: pieces come out, in an order in which each must be taken before the next,
and whoever has asked puts them where they belong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rolecall.errors import UsageError
from rolecall.ledger.bundle import Contents
from rolecall.ledger.export import export, find_span
from rolecall.ledger.log import ReadableLog, records
from rolecall.reports.facts import Facts
from rolecall.reports.formats import FORMER, KEPT
from rolecall.reports.report import Report
from rolecall.usecases.reporting.attempts import Failed
from rolecall.usecases.reporting.files import ReportFile, files_of, lines_of
from rolecall.usecases.reporting.from_log import LogReport
from rolecall.usecases.runs.completion import Ended
from rolecall.usecases.runs.history import Runs
from rolecall.usecases.runs.role_holders import holders_of, spoken_of

if TYPE_CHECKING:
    from rolecall.ledger.file_log import FileLog

__all__ = ["MOST_PROVEN", "PROOF", "Export", "contents_of", "of_audit", "of_log_report", "sealed"]

PROOF = "proof.zip"
MOST_PROVEN = 100_000
"""Findings of which a proof bundle holds the reports too; of more it holds the records alone."""


class Export:
    """Reports, and the records behind them, where there are any."""

    def __init__(
        self,
        files: Callable[[Collection[str], Failed | None], Iterator[ReportFile]],
        count: int,
        contents: Callable[[], Contents] | None,
    ) -> None:
        """Take what makes reports.

        :param files: yields reports of these names, each to be taken before the next is, and tells
            of what cannot be made.
        :param count: how many findings there are.
        :param contents: of the proof bundle without reports.
        """
        self._files = files
        self._count = count
        self._contents = contents

    @property
    def is_provable(self) -> bool:
        """Whether a log stands behind the reports."""
        return self._contents is not None

    @property
    def is_too_large(self) -> bool:
        """Whether there are more findings than a proof bundle holds reports of."""
        return self._count > MOST_PROVEN

    def report(self, name: str) -> Iterator[bytes]:
        """Yield one report, in pieces.

        :raises UsageError: there is no report of the name, or what it needs is not installed.
        """
        for made, pieces in self.reports([name]):
            if made == name:
                yield from pieces
            elif FORMER.get(made) == name:
                raise UsageError(
                    f"this run left {made}, as the release that made it called it; --format all "
                    "gets it"
                )
            else:
                # Of the findings as JSON comes the digest that the others show.
                for _ in pieces:
                    pass

    def reports(
        self, wanted: Collection[str] = KEPT, failed: Failed | None = None
    ) -> Iterator[ReportFile]:
        """Yield reports.

        :param failed: is told of each that cannot be made; without it what is raised goes on.
        :raises UsageError: what one needs is not installed.
        """
        try:
            yield from self._files(wanted, failed)
        except ModuleNotFoundError as error:
            raise UsageError(
                f"reports need {error.name}, which is not installed: pip install rolecall[reports]"
            ) from error

    def proof(self, reports: Iterable[ReportFile] | None = None) -> Contents:
        """Return the contents of a proof bundle.

        :param reports: those that it holds; ``None`` to make them.
        :raises UsageError: no log stands behind them.
        """
        if self._contents is None:
            raise UsageError("only the audit log proves a report: give a log, or --stack")
        contents = self._contents()
        if not self.is_too_large:
            contents.reports = iter(self.reports() if reports is None else reports)
        return contents


def of_audit(report: Report, log: FileLog | None, *, with_incidents: bool = False) -> Export:
    """Return the reports of an audit that was just made.

    :param log: in which the run is; the trend, the checkpoint and the proof come from it.
    :param with_incidents: see :class:`~rolecall.reports.facts.Facts`.
    """
    entity = report.run.scope.entity
    entities = None if entity is None else report.context.below(entity)
    holders, waivers = holders_of(report.context, entities), report.heading().waivers
    policy = report.context.policy
    facts = Facts(
        holders=replace(holders, names=spoken_of(holders.names, waivers)),
        citations=policy.citations,
        language=policy.language,
        with_incidents=with_incidents,
    )
    contents = None
    if log is not None:
        runs = Runs(records(log))
        run = runs.named(report.run.id)
        size, checkpoint = sealed(log, run)
        facts = replace(facts, trend=runs.before(run), checkpoint=checkpoint.decode())
        contents = contents_of(log, log.keys(), size)

    def files(wanted: Collection[str], failed: Failed | None) -> Iterator[ReportFile]:
        lines, actions = lines_of(report), report.actions
        return files_of(report.heading(), lines, facts, wanted, actions, failed)

    return Export(files, len(report.findings), contents)


def of_log_report(made: LogReport, contents: Callable[[], Contents]) -> Export:
    """Return the reports that a log adds up to."""

    def files(wanted: Collection[str], failed: Failed | None) -> Iterator[ReportFile]:
        return files_of(made.heading, made.lines, made.facts, wanted, made.actions, failed)

    return Export(files, made.heading.summary.findings, contents)


def contents_of(
    log: ReadableLog, keys: bytes, size: int, entity: str | None = None
) -> Callable[[], Contents]:
    """Return what gives the contents of the proof bundle of a log up to a seal."""
    return lambda: export(log, find_span(log, end=size), keys, entity)


def sealed(log: ReadableLog, run: Ended) -> tuple[int, bytes]:
    """Return the size of a log at the seal after a run, and the checkpoint of that size.

    :raises UsageError: the run is not sealed yet.
    """
    size = find_span(log, event=run.event).end
    return size, log.checkpoint(size) or b""
