"""An audit for a terminal: what to do first, what stands, and every finding if asked for.

What to do comes first, then how much stands where, and the worst of it. With all of it listed each
finding says what to do about it, grouped by entity, the worst first; readable at 80 columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from rolecall.lifecycle import ReportedFinding
from rolecall.model import SEVERITIES
from rolecall.naming import names_in
from rolecall.printable import printable
from rolecall.reports.action_assembly import action_rows
from rolecall.reports.action_table import action_table
from rolecall.reports.finding_table import FindingTable
from rolecall.reports.refused_waivers import refused_waivers
from rolecall.reports.report import Report
from rolecall.reports.terminal_text import TerminalText
from rolecall.reports.words import (
    about_subjects,
    by_change,
    incomplete,
    reasons_in_words,
    reported_in_words,
    unmade_controls,
)
from rolecall.texts import texts_of

__all__ = ["table_report"]

_BAR = 40
_BARS = dict(zip(SEVERITIES, "#=-.", strict=True))
"""A bar of each severity has a sign of its own."""
_MOVES = 25 + _BAR
"""The column in which the summary says what came and went."""
_BLOCK = 1_000
"""Lines that are encoded at once."""
_MOST_REASONS = 12
_FIRST = 10
"""Actions that are told; a plan tells all."""


def table_report(
    report: Report,
    findings: Sequence[ReportedFinding],
    *,
    width: int = 80,
    colour: bool = False,
    is_brief: bool = False,
) -> Iterator[bytes]:
    """Yield the table line by line.

    :param width: columns of the terminal, 80 or more.
    :param colour: whether to use ANSI colours.
    :param is_brief: whether to list no more than the worst findings.
    """
    writer = _Writer(report, TerminalText(width, colour=colour))
    lines_ = writer.lines(findings, is_brief=is_brief)
    while block := "\n".join(map(str.rstrip, islice(lines_, _BLOCK))):
        yield f"{block}\n".encode()


class _Writer:
    def __init__(self, report: Report, writer: TerminalText) -> None:
        self.report = report
        self.writer = writer
        self.names = names_in(report.context)
        self.texts = texts_of(report.context.policy.language)
        self.words = self.texts.words("terminal")

    def lines(self, findings: Sequence[ReportedFinding], *, is_brief: bool) -> Iterator[str]:
        table = FindingTable(self.report, self.writer, self.names)
        yield from self._head()
        yield from self._actions()
        yield from table.brief() if is_brief else table.whole(findings)
        yield ""
        yield from self._summary(self.report.summary.findings if is_brief else len(findings))
        yield from self._unchecked()
        yield from self._waivers()
        if is_brief and findings:
            yield ""
            yield from self.writer.wrapped(self.words["all_hint"], "")

    def _head(self) -> Iterator[str]:
        run = self.report.run
        title = self.words["head"].format(at=self.texts.instant(run.as_of))
        yield self.writer.paint(title, "bold")
        policy = printable(f"{run.policy.name} {run.policy.version or ''}".strip())
        which = {"policy": policy, "run": run.number, "id": run.id[:12]}
        told = self.texts.filled(self.words["which"], catalogue=run.catalogue, **which)
        yield from self.writer.wrapped(told, "")
        rows = [
            self.texts.filled(self.words[f"rows_{table}"], count=count)
            for table, count in run.registry.rows.items()
            if count
        ]
        yield from self.writer.wrapped(", ".join(rows), "")
        if told := incomplete(self.texts, self.report.unknown_records, rows=run.registry.rows):
            yield from self.writer.wrapped(told, "")

    def _actions(self) -> Iterator[str]:
        """Say what to do first."""
        actions = self.report.actions
        if actions is None or not actions.first:
            return
        yield ""
        yield self.writer.paint(self.words["first_title"], "bold")
        rows = islice(action_rows(actions, self.texts), _FIRST)
        yield from action_table(rows, self.writer, self.texts)
        if more := len(actions.first[_FIRST:]) + actions.more:
            told = self.texts.filled(self.words["more_actions"], count=more)
            yield from self.writer.wrapped(told, "  ")

    def _summary(self, shown: int) -> Iterator[str]:
        texts, words, summary = self.texts, self.words, self.report.summary
        standing = sum(summary.standing.values())
        yield from self._standing(standing, summary.findings - shown)
        if about := about_subjects(texts, summary):
            told = texts.filled(words["found_about"], count=standing, about=about)
            yield from self.writer.wrapped(told, "  ")
        statuses = [
            f"{texts.number(count)} {words[f'status_{status}']}"
            f"{reasons_in_words(texts, status, summary)}"
            for status, count in summary.by_status.items()
            if count
        ]
        yield from self.writer.wrapped(", ".join(statuses) or words["no_findings"], "  ")
        changed = by_change(texts, summary)
        if self.report.run.number > 1 and not self._moves() and not changed:
            yield from self.writer.wrapped(words["nothing_moved"], "  ")
        yield from self.writer.wrapped(changed, "  ")
        coverage = self.report.coverage
        passed, failed = sum(one.passed for one in coverage), sum(one.failed for one in coverage)
        unmade = sum(one.not_evaluated for one in coverage)
        counts = {"passed": passed, "failed": failed, "unmade": unmade}
        told = texts.filled(words["checks"], count=passed + failed + unmade, **counts)
        yield from self.writer.wrapped(told, "")
        reported = reported_in_words(texts, sum(one.reported for one in coverage))
        yield from self.writer.wrapped(reported, "")

    def _standing(self, standing: int, hidden: int) -> Iterator[str]:
        """Say how much stands, and how much is not listed."""
        texts, words, moves = self.texts, self.words, self._moves()
        title = texts.filled(words["stand"], count=standing)
        beside = texts.filled(words["hidden"], count=hidden) if hidden else ""
        gap = " " * (_MOVES - len(title))
        told = f" {beside}" if beside else f"{gap}{words['since_last']}" if moves else ""
        yield self.writer.paint(title, "bold") + told
        counts = self.report.summary.standing
        most = max(counts.values(), default=0)
        for severity in SEVERITIES:
            count = counts[severity]
            length = max(1, round(count / most * _BAR)) if count else 0
            sign = self.writer.paint(_BARS[severity] * length, severity)
            bar = sign + " " * (_BAR - length)
            name = words[f"severity_{severity}"]
            yield f"  {name:<8}  {texts.number(count):>9}  {bar}  {moves.get(severity, '')}"

    def _moves(self) -> dict[str, str]:
        """Return by severity what came and what went since the last run; nothing for the first.

        What a changed rule or limit brought or let go is said beside.
        """
        if self.report.run.number == 1:
            return {}
        came, went = Counter[str](), Counter[str]()
        for tracked in self.report.findings:
            if tracked.is_by_change:
                continue
            if tracked.status in ("new", "regressed"):
                came[tracked.finding.severity] += 1
            elif tracked.status == "resolved":
                went[tracked.finding.severity] += 1
        return {
            severity: " ".join(
                f"{sign}{self.texts.number(count[severity])}"
                for sign, count in (("+", came), ("-", went))
                if count[severity]
            )
            for severity in SEVERITIES
            if came[severity] or went[severity]
        }

    def _unchecked(self) -> Iterator[str]:
        """Say which controls could not be checked at all: never a pass, so never silent."""
        reasons = unmade_controls(self.report.coverage)
        if not reasons:
            return
        count = sum(map(len, reasons.values()))
        yield ""
        title = self.texts.filled(self.words["unchecked"], count=count)
        yield self.writer.paint(title, "bold")
        for number, (reason, controls) in enumerate(reasons.items()):
            if number == _MOST_REASONS:
                more = self.words["more_reasons"]
                yield f"  {self.texts.filled(more, count=len(reasons) - number)}"
                return
            yield from self.writer.wrapped(f"{reason}: {', '.join(controls)}", "  ")

    def _waivers(self) -> Iterator[str]:
        refused = list(refused_waivers(self.report, self.names))
        if refused:
            yield ""
            yield self.writer.paint(self.words["waivers_title"], "bold")
        for text in refused:
            yield from self.writer.wrapped(text, "  ")
