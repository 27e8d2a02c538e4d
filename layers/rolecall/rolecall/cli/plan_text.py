"""A plan as people and programs read it: a table, Markdown, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from rolecall.finding import Finding
from rolecall.naming import Spoken, names_in
from rolecall.printable import printable
from rolecall.reports.action_assembly import action_rows
from rolecall.reports.action_lines import action_lines
from rolecall.reports.action_rows import ActionRow
from rolecall.reports.action_table import action_table, tally
from rolecall.reports.action_words import ActionWords
from rolecall.reports.commonmark import literal
from rolecall.reports.labels import label
from rolecall.reports.report import Report
from rolecall.reports.terminal_text import TerminalText
from rolecall.texts import Texts, texts_of
from rolecall.usecases.runs.checked_plan import CheckedPlan

__all__ = ["plan_as_json", "plan_as_markdown", "plan_as_table"]

_encode = msgspec.json.Encoder().encode
_MOST_LABELS = 10
_ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f]+")


def plan_as_table(plan: CheckedPlan, report: Report, writer: TerminalText) -> Iterator[bytes]:
    """Yield a plan for a terminal."""
    texts = texts_of(report.context.policy.language)
    words = texts.words("terminal")

    def lines() -> Iterator[str]:
        title = words["plan_title"].format(at=texts.instant(report.run.as_of))
        yield writer.paint(title, "bold")
        if plan.told.first:
            rows = action_rows(plan.told, texts)
            yield from action_table(rows, writer, texts, with_steps=True)
        else:
            yield from writer.wrapped(words["plan_nothing"], "")
        yield ""
        for line in _checks(plan, report, texts):
            yield from writer.wrapped(line, "")

    return (f"{line.rstrip()}\n".encode() for line in lines())


def plan_as_markdown(plan: CheckedPlan, report: Report) -> Iterator[bytes]:
    """Yield a plan as Markdown, a heading for each action."""
    texts = texts_of(report.context.policy.language)
    words = texts.words("terminal")
    title = words["plan_title"].format(at=texts.instant(report.run.as_of))
    yield f"# {_said(title, 'heading')}\n".encode()
    if not plan.told.first:
        yield f"\n{_said(words['plan_nothing'], 'block')}\n".encode()
    for number, row in enumerate(action_rows(plan.told, texts), 1):
        yield f"\n## {number}. {_said(row.title, 'heading')}\n\n".encode()
        for line in _as_items(row, texts):
            yield f"{line}\n".encode()
    for line in _checks(plan, report, texts):
        yield f"\n{_said(line, 'block')}\n".encode()


def _as_items(row: ActionRow, texts: Texts) -> Iterator[str]:
    """Yield what an action says below its heading."""
    words = texts.words("terminal")
    count = sum(row.ends.values())
    ends = texts.filled(words["ends"], count=count, tally=tally(row.ends, texts))
    severity = words[f"severity_{row.severity}"]
    for text in filter(None, (severity, row.first, ends, words["who"].format(who=row.who))):
        yield f"- {_said(text, 'item')}"
    for place in row.places:
        address = f"<{place.url}>" if _ADDRESS.fullmatch(place.url) else _said(place.url, "block")
        where = " ".join(filter(None, (_said(place.label, "block"), address)))
        yield f"\n{where}\n" if where else ""
        for number, step in enumerate(place.steps, 1):
            yield f"{number}. {_said(step.told, 'item')}"
            below = " " * len(f"{number}. ")
            yield from (f"{below}{at}. {_said(how, 'item')}" for at, how in enumerate(step.how, 1))
        for text in place.record:
            yield f"- {_said(words['record'].format(text=text), 'item')}"


def _said(text: str, position: Any) -> str:
    return literal(printable(text), position)


def plan_as_json(plan: CheckedPlan, report: Report) -> Iterable[bytes]:
    """Yield a plan as one JSON document; its actions are those of the findings as JSON."""
    words = ActionWords(texts_of(report.context.policy.language))
    run = report.run
    head = {
        "as_of": run.as_of,
        "scope": run.scope,
        "registry": run.registry.digest,
        "policy": run.policy,
        "catalogue": run.catalogue,
        "rolecall": run.rolecall,
    }
    yield b"{" + _encode(head)[1:-1] + b',\n"actions": ['
    comma = b"\n"
    for line in action_lines(plan.told, words):
        yield comma + _encode(line)
        comma = b",\n"
    check = {
        "ends": plan.ends,
        "stays": plan.stays,
        "of_other_actions": plan.others,
        "left": plan.left,
        "without_action": plan.without,
        "new": [_as_data(one) for one in plan.new],
        "announced": [_as_data(one) for one in plan.announced],
    }
    yield b'\n],\n"check": ' + _encode(check) + b"}\n"


def _as_data(finding: Finding) -> dict[str, Any]:
    subject = {"kind": finding.subject.kind, **finding.subject.keys()}
    return {"control": finding.control, "severity": finding.severity, "subject": subject}


def _checks(plan: CheckedPlan, report: Report, texts: Texts) -> Iterator[str]:
    """Yield what the audit of the registry as it would be says."""
    words = texts.words("terminal")
    if plan.told.first:
        yield words["plan_checked"]
        counts = {"count": sum(plan.ends.values()), "tally": tally(plan.ends, texts)}
        yield texts.filled(words["plan_ends"], **counts)
    if plan.stays:
        counts = {"count": sum(plan.stays.values()), "tally": tally(plan.stays, texts)}
        yield texts.filled(words["plan_stays"], **counts)
    if plan.others:
        yield texts.filled(words["plan_not_chosen"], count=plan.others)
    if plan.without:
        yield texts.filled(words["plan_without"], count=len(plan.without))
    if plan.left:
        ids = ", ".join(plan.left[:_MOST_LABELS])
        yield texts.filled(words["plan_left"], count=len(plan.left), ids=ids)
    for key, found in (("plan_new", plan.new), ("plan_announced", plan.announced)):
        if found:
            labels = "; ".join(_labels(found[:_MOST_LABELS], report, texts))
            yield texts.filled(words[key], count=len(found), labels=labels)


def _labels(findings: Sequence[Finding], report: Report, texts: Texts) -> Iterator[str]:
    names, words = names_in(report.context), texts.words("reports")
    for one in findings:
        said = Spoken(one.subject, names).keys
        yield f"{one.control}, {label(one.subject, said, report.context, words)}"
