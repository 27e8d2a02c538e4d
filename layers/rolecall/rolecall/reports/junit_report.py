"""The audit as JUnit XML, for whatever shows tests: a suite a control, a case a subject that fails.

A finding that stands is a failure, of whatever severity. A waived one is skipped, with the reason
that was given; so is what could not be checked, with the reason why not: neither has passed. Those
that passed are one case, which says how many they are, and the properties of a suite hold the exact
counts: a case for each would be millions of lines that nobody reads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from rolecall.controls.control import Control
from rolecall.engine import Coverage
from rolecall.errors import Problem
from rolecall.location import LocateProblem, LocateSubject, Location
from rolecall.reports.report import FindingLine
from rolecall.reports.told_problems import told_problem
from rolecall.reports.words import reason_in_words
from rolecall.run import Heading, Run, WaiverOutcome
from rolecall.texts import Texts

__all__ = ["junit_document", "junit_problems"]

# What XML 1.0 cannot hold, even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_document(
    heading: Heading,
    findings: Iterable[FindingLine],
    controls: Mapping[str, Control[Any]],
    locate: LocateSubject,
    texts: Texts,
) -> Iterator[bytes]:
    """Yield the document in pieces, a suite each."""
    waivers = {waiver.id: waiver for waiver in heading.waivers}
    by_control: defaultdict[str, list[FindingLine]] = defaultdict(list)
    for line in findings:
        if line.status != "resolved":
            by_control[line.control].append(line)
    coverage = {each.control: each for each in heading.coverage}
    suites = []
    for id_ in dict.fromkeys([*coverage, *by_control]):
        control = controls.get(id_)
        suite = Element("testsuite", name=id_, timestamp=heading.run.as_of.isoformat())
        group = f"rolecall.{control.group if control else 'earlier'}.{id_}"
        _count(suite, control, coverage.get(id_), heading.run)
        for line in by_control.get(id_, ()):
            where = locate(line.subject)
            _finding(texts, suite, group, line, waivers.get(line.waiver or ""), where)
        _rest(suite, group, coverage.get(id_))
        suites.append(suite)
    yield from _document(suites)


def junit_problems(
    errors: Sequence[Problem],
    warnings: Sequence[Problem],
    unlisted: int,
    locate: LocateProblem,
    texts: Texts,
) -> Iterator[bytes]:
    """Yield what is wrong with an input as one suite; warnings are said beside it.

    :param unlisted: how many more problems there are.
    """
    suite, words = Element("testsuite", name="rolecall validate"), texts.words("validation")
    for problem in errors:
        told = told_problem(texts, problem)
        case = _case(suite, "rolecall.validate", str(told), locate(problem))
        _said(case, "failure", told.message, "error", str(told))
    if unlisted:
        rest = texts.filled(words["more_problems"], count=unlisted)
        case = _case(suite, "rolecall.validate", rest, None)
        _said(case, "failure", texts.filled(words["not_listed"], count=unlisted), "error", "")
    if not errors:
        _case(suite, "rolecall.validate", words["is_valid"], None)
    if warnings:
        doubts = (f"{words['warning']}: {told_problem(texts, one)}" for one in warnings)
        SubElement(suite, "system-out").text = _clean("\n".join(doubts))
    yield from _document([suite])


def _document(suites: Sequence[Element]) -> Iterator[bytes]:
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in suites:
        counts = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": 0,
            "skipped": len(suite.findall("testcase/skipped")),
        }
        for name, count in counts.items():
            suite.set(name, str(count))
            totals[name] += count
    root = Element("testsuites", {"name": "rolecall"} | {k: str(v) for k, v in totals.items()})
    opening, _, _ = tostring(root, encoding="unicode").rpartition(" />")
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n' + f"{opening}>\n".encode()
    for suite in suites:
        yield tostring(suite, encoding="utf-8", xml_declaration=False) + b"\n"
    yield b"</testsuites>\n"


def _count(
    suite: Element, control: Control[Any] | None, coverage: Coverage | None, run: Run
) -> None:
    properties = SubElement(suite, "properties")
    counts: dict[str, object] = {"title": control.title if control else "an earlier release's"}
    counts["catalogue"] = run.catalogue
    if coverage is not None:
        counts |= {
            "passed": coverage.passed,
            "failed": coverage.failed,
            "not_evaluated": coverage.not_evaluated,
            "disabled": coverage.disabled,
        }
    for name, value in counts.items():
        SubElement(properties, "property", name=name, value=_clean(str(value)))


def _finding(
    texts: Texts,
    suite: Element,
    group: str,
    line: FindingLine,
    waiver: WaiverOutcome | None,
    where: Location,
) -> None:
    case = _case(suite, group, line.label, where)
    if line.status == "waived":
        reason = f": {waiver.reason} (until {waiver.expires})" if waiver else ""
        SubElement(case, "skipped", message=_clean(f"waived{reason}"))
        return
    text = [line.detail, f"What to do: {line.remediation}"]
    if line.record:
        text.append(f"For whoever keeps the registry: {line.record}")
    text.append(f"Where: {where}")
    if not line.evaluated:
        text.insert(1, "This run could not check it; it stands as it was.")
    reason = reason_in_words(texts, line.reason)
    status = f"{line.status}: {reason}" if reason else line.status
    text.append(f"Finding {line.id}, {status}, of entity {line.entity or '-'}")
    _said(case, "failure", f"{line.severity}: {line.detail}", line.severity, "\n".join(text))


def _rest(suite: Element, group: str, coverage: Coverage | None) -> None:
    if coverage is None:
        return
    if coverage.passed:
        _case(suite, group, f"{coverage.passed:,} passed", None)
    for reason, count in coverage.reasons.items():
        # Of a table that is missing nobody knows how many there are.
        many = f"{count:,} " if count else ""
        case = _case(suite, group, f"{many}not evaluated: {reason}", None)
        SubElement(case, "skipped", message=_clean(f"not evaluated: {reason}"))


def _case(suite: Element, group: str, name: str, where: Location | None) -> Element:
    case = SubElement(suite, "testcase", name=_clean(name), classname=_clean(group))
    if where is not None:
        case.set("file", where.uri)
        if where.line is not None:
            case.set("line", str(where.line))
    return case


def _said(case: Element, tag: str, message: str, kind: str, text: str) -> None:
    SubElement(case, tag, message=_clean(message), type=kind).text = _clean(text)


def _clean(text: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", text)
