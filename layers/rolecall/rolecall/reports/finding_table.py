"""The findings for a terminal: how many stand where and the worst of them, or every one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rolecall.finding import rank
from rolecall.lifecycle import ReportedFinding
from rolecall.model import SEVERITIES, Severity
from rolecall.naming import RegistryNames
from rolecall.printable import printable
from rolecall.reports.action_table import tally
from rolecall.reports.report import FindingLine, Report, wording
from rolecall.reports.terminal_text import TerminalText
from rolecall.reports.words import reason_in_words
from rolecall.texts import texts_of

__all__ = ["FindingTable"]

_INDENT = " " * 12
_MOST_ENTITIES = 10
_MOST_WORST = 10


class FindingTable:
    """Writes the findings of a report."""

    def __init__(self, report: Report, writer: TerminalText, names: RegistryNames) -> None:
        """Take what to write, how, and who is called what."""
        self.report = report
        self.writer = writer
        self.names = names
        self.texts = texts_of(report.context.policy.language)
        self.words = self.texts.words("terminal")
        self.line = wording(report.controls, report.context, names)

    def whole(self, findings: Sequence[ReportedFinding]) -> Iterator[str]:
        """Yield findings line by line, each with what to do about it."""
        for entity, group in self._grouped(findings).items():
            yield ""
            yield from self._entity(entity, group)
            for tracked in group:
                yield from self._finding(tracked)

    def brief(self) -> Iterator[str]:
        """Yield how many findings stand in which entity, and the worst of them."""
        standing = [one for one in self.report.findings if one.stands]
        groups = self._grouped(standing)
        if not groups:
            return
        yield ""
        yield self.writer.paint(self.words["entities_title"], "bold")
        for entity in list(groups)[:_MOST_ENTITIES]:
            counts = self._counts(groups[entity])
            yield from self.writer.pair(f"  {self._name(entity)}", tally(counts, self.texts))
        if (more := len(groups) - _MOST_ENTITIES) > 0:
            yield f"  {self.texts.filled(self.words['more_entities'], count=more)}"
        yield ""
        yield self.writer.paint(self.words["worst_title"], "bold")
        for tracked in self._worst(standing):
            line = self.line(tracked)
            yield from self._text(printable(line.label), first=self._mark(line))
            yield from self._text(printable(line.detail), "dim")

    def _worst(self, standing: Sequence[ReportedFinding]) -> list[ReportedFinding]:
        """Return the worst: of one severity those that the first things to do end come first."""
        told = self.report.actions
        actions = () if told is None else [one.action for one in told.first]
        places = {id_: place for place, action in enumerate(actions) for id_ in action.findings}
        far = len(places)
        ordered = sorted(
            standing, key=lambda t: (rank(t.finding.severity), places.get(t.finding.id, far))
        )
        return ordered[:_MOST_WORST]

    def _grouped(
        self, findings: Sequence[ReportedFinding]
    ) -> Mapping[str | None, Sequence[ReportedFinding]]:
        groups: defaultdict[str | None, list[ReportedFinding]] = defaultdict(list)
        for tracked in findings:
            groups[tracked.finding.entity].append(tracked)

        def badness(entity: str | None) -> tuple[list[int], str]:
            counts = self._counts(groups[entity])
            return [-counts[severity] for severity in SEVERITIES], entity or ""

        return {entity: groups[entity] for entity in sorted(groups, key=badness)}

    def _counts(self, group: Sequence[ReportedFinding]) -> Counter[Severity]:
        return Counter(one.finding.severity for one in group if one.stands)

    def _name(self, id_: str | None) -> str:
        if id_ is None:
            return self.texts.words("reports")["no_entity"]
        return self.names.find("entities", id_) or printable(id_)

    def _entity(self, id_: str | None, group: Sequence[ReportedFinding]) -> Iterator[str]:
        told = tally(self._counts(group), self.texts) or self.words["nothing_stands"]
        yield from self.writer.pair(self._name(id_), told, "bold")

    def _finding(self, tracked: ReportedFinding) -> Iterator[str]:
        line = self.line(tracked)
        status = [self.words[f"status_{line.status}"]]
        if line.reason:
            status.append(f"({reason_in_words(self.texts, line.reason)})")
        if not line.evaluated:
            status.append(f"({self.words['not_checked']})")
        # The start of the digest is what a waiver quotes as its evidence; none is needed any more
        # of what was resolved.
        digest = "" if line.resolution else line.evidence_digest[:12]
        told = f"{line.control}  {' '.join(status)}  {digest}".rstrip()
        yield from self._text(told, "bold", first=self._mark(line))
        yield from self._text(printable(line.label))
        yield from self._text(printable(line.detail), "dim")
        if not line.resolution:
            for word, text in (("remedy", line.remediation), ("record", line.record)):
                if text:
                    yield from self._text(self.words[word].format(text=printable(text)))

    def _mark(self, line: FindingLine) -> str:
        """Return what stands before a finding: its severity as a word, which is never a colour."""
        name = self.words[f"severity_{line.severity}"]
        return f"  {self.writer.paint(f'{name:<8}', line.severity)}  "

    def _text(self, text: str, style: str = "", first: str = "") -> Iterator[str]:
        return self.writer.wrapped(text, _INDENT, style, first)
