"""The report model: everything one run has to say, from which every format is written.

Invariants: findings are ordered by severity (worst first), entity, control and subject, whatever
the order of the registry's rows; the same run gives the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from rolecall.controls.context import Context
from rolecall.controls.control import Control
from rolecall.engine import Coverage
from rolecall.finding import rank
from rolecall.lifecycle import ReportedFinding
from rolecall.model import Severity, Subject
from rolecall.named_keys import ID_KEYS
from rolecall.naming import Called, Names, Spoken, names_in
from rolecall.reports.citing import cited_by
from rolecall.reports.labels import label
from rolecall.reports.named_action import ToldActions
from rolecall.reports.values import Values
from rolecall.run import CountedFinding, Heading, Run, Summary, waiver_outcome
from rolecall.texts import texts_of
from rolecall.vocabulary import Language
from rolecall.waivers import Ruling

__all__ = [
    "FindingLine",
    "Report",
    "counted_line",
    "detail_in_words",
    "lines",
    "ordered",
    "title_in_words",
    "wording",
]


class Report(Struct, frozen=True, kw_only=True):
    """Everything one run has to say. ``context`` gives names to the ids.

    :ivar unknown_records: see :class:`~rolecall.run.Heading`.
    :ivar actions: what is to be done; ``None`` where nobody knows.
    """

    run: Run
    summary: Summary
    coverage: Sequence[Coverage]
    waivers: Sequence[Ruling]
    findings: Sequence[ReportedFinding]
    controls: Mapping[str, Control[Any]]
    context: Context
    unknown_records: int = 0
    actions: ToldActions | None = None

    @property
    def actions_digest(self) -> str | None:
        """The digest of what is to be done; ``None`` for nothing, or where nobody knows."""
        return None if self.actions is None else self.actions.digest

    def heading(self) -> Heading:
        """Return what it says beside its findings."""
        return Heading(
            run=self.run,
            summary=self.summary,
            coverage=self.coverage,
            waivers=[waiver_outcome(ruling) for ruling in self.waivers],
            unknown_records=self.unknown_records,
        )


class FindingLine(Struct, frozen=True, gc=False):
    """One finding in words. The fields, in order, are those of the JSON format.

    ``names`` says by table and id what those are called of whom its sentences speak.
    """

    id: str
    control: str
    severity: Severity
    status: str
    entity: str | None
    subject: Subject
    label: str
    title: str
    detail: str
    evidence: msgspec.Raw
    evidence_digest: str
    remediation: str
    references: msgspec.Raw
    first_seen: datetime
    evaluated: bool
    resolution: str | None
    waiver: str | None
    opening: str | None = None
    record: str = ""
    names: Called = {}

    @property
    def reason(self) -> str | None:
        """Why it is resolved, or why it is new, where that is known."""
        return self.resolution or self.opening


def counted_line(line: FindingLine) -> CountedFinding:
    """Return what a summary counts of a line."""
    return CountedFinding(line.severity, line.status, line.subject, line.resolution, line.opening)


def ordered(findings: Sequence[ReportedFinding]) -> list[ReportedFinding]:
    """Return findings in the order of every report."""
    return sorted(
        findings,
        key=lambda t: (
            rank(t.finding.severity),
            t.finding.entity or "",
            t.finding.control,
            t.finding.subject,
        ),
    )


def lines(report: Report) -> Callable[[ReportedFinding], FindingLine]:
    """Return the function that puts a finding of a report into words."""
    return wording(report.controls, report.context)


def wording(
    controls: Mapping[str, Control[Any]], context: Context, names: Names | None = None
) -> Callable[..., FindingLine]:
    """Return the function that puts a finding into words, in the language of a context's policy.

    It takes the names of one finding as well, where a line is made again with those that it had.

    :param names: who is called what; ``None`` for as in the registry of the context.
    """
    clauses, values = context.policy.citations.clauses, Values(texts_of(context.policy.language))
    words = {id_: _Words(values, control, clauses.get(id_)) for id_, control in controls.items()}
    unknown = _Words(values, None)
    known = names or names_in(context)

    def line(tracked: ReportedFinding, names: Names = known) -> FindingLine:
        spoken = Spoken(tracked.finding.subject, names)
        return words.get(tracked.finding.control, unknown).line(tracked, spoken, context)

    return line


def detail_in_words(
    control: Control[Any] | None,
    subject: Subject,
    evidence: bytes,
    names: Names,
    language: Language = "en",
) -> str:
    """Return what a control says of one finding of it, in a sentence or two."""
    told = _Words(Values(texts_of(language)), control)
    return told.detail(Spoken(subject, names), evidence)


def title_in_words(control: Control[Any] | None, language: Language = "en") -> str:
    """Return what is true where a control finds nothing."""
    return _Words(Values(texts_of(language)), control).title


_Told: TypeAlias = tuple[str, dict[str, Any], dict[str, Any]]


class _Words:
    """What a control says about every finding of it, prepared once."""

    def __init__(
        self, values: Values, control: Control[Any] | None, clause: str | None = None
    ) -> None:
        self._words, self._values = values.texts.words("reports"), values
        said = values.texts.control(control) if control else None
        self.title = said.title if said else self._words["earlier_control"]
        self.remediation = said.remediation if said else ""
        self.record = said.record if said else ""
        cited = cited_by(control, clause) if control else {}
        self.references = msgspec.Raw(msgspec.json.encode(cited))
        self.template = said.detail if said else ""
        # Many findings of a control have the same evidence: what it says is put into words once.
        self._told: Callable[[bytes], _Told | None] = lru_cache(1 << 12)(self._tell)

    def line(self, tracked: ReportedFinding, spoken: Spoken, context: Context) -> FindingLine:
        finding = tracked.finding
        detail = self.detail(spoken, finding.evidence)
        return FindingLine(
            finding.id,
            finding.control,
            finding.severity,
            tracked.status,
            finding.entity,
            finding.subject,
            label(finding.subject, spoken.keys, context, self._words),
            self.title,
            detail,
            msgspec.Raw(finding.evidence),
            finding.evidence_digest,
            self.remediation,
            self.references,
            tracked.first_seen,
            not tracked.unevaluated,
            tracked.reason,
            tracked.waiver,
            tracked.opening,
            self.record,
            spoken.called,
        )

    def detail(self, spoken: Spoken, evidence: bytes) -> str:
        try:
            found = self._told(evidence)
            if found is None:
                return self._words["evidence_too_large"].format(title=self.title)
            template, values, ids = found
            told, filled = self._values.told, {**spoken.keys}
            if (seen_on := filled.get("platform")) is not None:
                filled["platform"] = told("platform", seen_on)
            filled.update(values)
            if ids:
                for key, one in spoken.said(ids).items():
                    filled[key] = told(key, one)
            return template.format_map(filled)
        except (KeyError, ValueError):
            # An earlier release wrote other evidence to the log than this one has words for.
            return self._words["evidence_of_earlier"].format(title=self.title)

    def _tell(self, evidence: bytes) -> _Told | None:
        """Return the template for some evidence, its values as they are said, and ids in it."""
        values = msgspec.json.decode(evidence)
        if values is None:
            return None
        template = self.template
        if not isinstance(template, str):
            template = template[values.get("because", "")]
        ids = {key: value for key, value in values.items() if value and key in ID_KEYS}
        told = self._values.told
        # Ids are said by their names, which are not known here.
        return template, {key: told(key, values[key]) for key in values if key not in ids}, ids
