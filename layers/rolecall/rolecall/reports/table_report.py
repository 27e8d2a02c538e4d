"""The findings for a terminal: grouped by entity, worst first, readable at 80 columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.cells import cell_len, chop_cells

from rolecall.lifecycle import ReportedFinding
from rolecall.model import SEVERITIES
from rolecall.naming import RegistryNames
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.reports.refused_waivers import refused_waivers
from rolecall.reports.report import Report, wording
from rolecall.reports.words import (
    about_subjects,
    by_change,
    incomplete,
    reason_in_words,
    reasons_in_words,
    reported_in_words,
    unmade_controls,
)
from rolecall.texts import texts_of

__all__ = ["table_report"]

_COLOURS = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "new": "1",
    "regressed": "1;35",
    "resolved": "32",
    "waived": "2",
    "bold": "1",
    "dim": "2",
}
_INDENT = " " * 12
_BAR = 40
_MOVES = 25 + _BAR
"""The column in which the summary says what came and went."""
_BLOCK = 1_000
"""Lines that are encoded at once."""
_MOST_REASONS = 12


def table_report(
    report: Report, findings: Sequence[ReportedFinding], *, width: int = 80, colour: bool = False
) -> Iterator[bytes]:
    """Yield the table line by line.

    :param width: columns of the terminal, 80 or more.
    :param colour: whether to use ANSI colours.
    """
    writer = _Writer(report, max(width, 80), colour)
    lines_ = writer.lines(findings)
    while block := "\n".join(map(str.rstrip, islice(lines_, _BLOCK))):
        yield f"{block}\n".encode()


class _Writer:
    def __init__(self, report: Report, width: int, colour: bool) -> None:
        self.report = report
        self.width = width
        self.colour = colour
        self.names = RegistryNames(report.context)
        self.line = wording(report.controls, report.context, self.names)
        self.texts = texts_of(report.context.policy.language)
        self.words = self.texts.words("reports")

    def lines(self, findings: Sequence[ReportedFinding]) -> Iterator[str]:
        yield from self._head()
        for entity, group in self._grouped(findings):
            yield ""
            yield from self._entity(entity, group)
        yield ""
        yield from self._summary(len(findings))
        yield from self._unchecked()
        yield from self._waivers()

    def _head(self) -> Iterator[str]:
        run = self.report.run
        policy = f"{run.policy.name} {run.policy.version or ''}".strip()
        yield self._paint(f"Rolecall audit as of {run.as_of:%Y-%m-%d %H:%M} UTC", "bold")
        which = f"catalogue version {run.catalogue}; run {run.number}, {run.id[:12]}"
        yield from self._wrapped(f"{printable(policy)}; {which}", "")
        rows = [f"{count:,} {table}" for table, count in run.registry.rows.items() if count]
        yield from self._wrapped(", ".join(rows), "")
        if told := incomplete(self.texts, self.report.unknown_records, rows=run.registry.rows):
            yield from self._wrapped(told, "")

    def _grouped(
        self, findings: Sequence[ReportedFinding]
    ) -> Iterable[tuple[str | None, Sequence[ReportedFinding]]]:
        groups: defaultdict[str | None, list[ReportedFinding]] = defaultdict(list)
        for tracked in findings:
            groups[tracked.finding.entity].append(tracked)

        def badness(item: tuple[str | None, list[ReportedFinding]]) -> tuple[list[int], str]:
            standing = Counter(t.finding.severity for t in item[1] if t.stands)
            return [-standing[severity] for severity in SEVERITIES], item[0] or ""

        return sorted(groups.items(), key=badness)

    def _entity(self, id_: str | None, group: Sequence[ReportedFinding]) -> Iterator[str]:
        name = (self.names.find("entities", id_) if id_ else None) or printable(
            id_ or self.words["no_entity"]
        )
        counts = Counter(t.finding.severity for t in group if t.stands)
        tally = ", ".join(f"{counts[s]} {s}" for s in SEVERITIES if counts[s]) or "nothing stands"
        room = self.width - len(tally) - 2
        title = name if cell_len(name) <= room else f"{chop_cells(name, room - 3)[0]}..."
        gap = " " * (self.width - cell_len(title) - len(tally))
        yield self._paint(title, "bold") + gap + tally
        for tracked in group:
            yield from self._finding(tracked)

    def _finding(self, tracked: ReportedFinding) -> list[str]:
        line = self.line(tracked)
        severity = self._paint(f"{line.severity:<8}", line.severity)
        mark = self._paint(line.status, line.status)
        if line.reason:
            mark = f"{mark} ({reason_in_words(self.texts, line.reason)})"
        if not line.evaluated:
            mark = f"{mark} (not checked)"
        # The start of the digest is what a waiver quotes as its evidence; none is needed any more
        # of what was resolved.
        digest = "" if line.resolution else self._paint(line.evidence_digest[:12], "dim")
        return [
            f"  {severity}  {self._paint(line.control, 'bold')}  {mark}  {digest}",
            *self._wrapped(printable(line.label), _INDENT),
            *self._wrapped(printable(line.detail), _INDENT, "dim"),
        ]

    def _summary(self, shown: int) -> Iterator[str]:
        summary = self.report.summary
        standing = sum(summary.standing.values())
        hidden = self._hidden(shown)
        moves = self._moves()
        title = counted(standing, "finding stands", "findings stand")
        gap = f"{' ' * (_MOVES - len(title))}since last run" if moves and not hidden else ""
        yield self._paint(title, "bold") + hidden + gap
        most = max(summary.standing.values(), default=0)
        for severity in SEVERITIES:
            count = summary.standing[severity]
            length = max(1, round(count / most * _BAR)) if count else 0
            bar = self._paint("#" * length, severity) + " " * (_BAR - length)
            yield f"  {severity:<8}  {count:>9,}  {bar}  {moves.get(severity, '')}".rstrip()
        if about := about_subjects(self.texts, summary):
            yield f"  {counted(standing, 'finding')} {about}"
        statuses = [
            f"{count:,} {status}{reasons_in_words(self.texts, status, summary)}"
            for status, count in summary.by_status.items()
            if count
        ]
        yield from self._wrapped(", ".join(statuses) or "no findings", "  ")
        changed = by_change(self.texts, summary)
        if self.report.run.number > 1 and not moves and not changed:
            yield "  nothing came and nothing went since the last run"
        yield from self._wrapped(changed, "  ")
        passed = sum(coverage.passed for coverage in self.report.coverage)
        failed = sum(coverage.failed for coverage in self.report.coverage)
        unknown = sum(coverage.not_evaluated for coverage in self.report.coverage)
        checks = (
            f"{counted(passed + failed + unknown, 'check')}: {passed:,} passed, {failed:,} failed, "
            f"{unknown:,} could not be made"
        )
        yield from self._wrapped(checks, "")
        reported = sum(coverage.reported for coverage in self.report.coverage)
        yield from self._wrapped(reported_in_words(self.texts, reported), "")

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
                f"{sign}{count[severity]:,}"
                for sign, count in (("+", came), ("-", went))
                if count[severity]
            )
            for severity in SEVERITIES
            if came[severity] or went[severity]
        }

    def _hidden(self, shown: int) -> str:
        hidden = self.report.summary.findings - shown
        return f" ({hidden:,} below the chosen severity are not listed)" if hidden else ""

    def _unchecked(self) -> Iterator[str]:
        """Say which controls could not be checked at all: never a pass, so never silent."""
        reasons = unmade_controls(self.report.coverage)
        if not reasons:
            return
        count = sum(map(len, reasons.values()))
        yield ""
        yield self._paint(f"{counted(count, 'control')} could not be checked at all", "bold")
        for number, (reason, controls) in enumerate(reasons.items()):
            if number == _MOST_REASONS:
                more = counted(len(reasons) - number, "more reason")
                yield f"  ... and for {more} (see --format json)"
                return
            yield from self._wrapped(f"{reason}: {', '.join(controls)}", "  ")

    def _waivers(self) -> Iterator[str]:
        refused = list(refused_waivers(self.report, self.names))
        if refused:
            yield ""
            yield self._paint("Waivers that do not hold", "bold")
        for text in refused:
            yield from self._wrapped(text, "  ")

    def _wrapped(self, text: str, indent: str, style: str = "") -> list[str]:
        room = self.width - len(indent)
        pieces = []
        while text:
            # Only the start of a text is measured: one of 100,000 characters is cut 1,000 times.
            head = text[:room]
            if not head.isascii():
                head = chop_cells(head, room)[0]
            if len(head) == len(text):
                piece, text = text, ""
            else:
                at = head.rfind(" ")
                cut = at if at > 0 else len(head)
                piece, text = text[:cut], text[cut:].lstrip()
            pieces.append(indent + (self._paint(piece, style) if self.colour else piece))
        return pieces

    def _paint(self, text: str, style: str) -> str:
        if not self.colour or not text:
            return text
        code = _COLOURS.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if code else text
