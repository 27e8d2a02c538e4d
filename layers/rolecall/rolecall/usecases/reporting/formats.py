"""Makes the reports of a run: the same run gives the same bytes, in every format."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.reports.assembly import document_of
from rolecall.reports.csv_report import csv_document
from rolecall.reports.document import Facts, ReportDocument
from rolecall.reports.json_report import json_document
from rolecall.reports.report import FindingLine, Report, lines
from rolecall.run import Heading

__all__ = ["CONTENT_TYPES", "ReportFile", "files_of", "lines_of"]

CONTENT_TYPES = {
    "findings.json": "application/json",
    "facts.json": "application/json",
    "findings.csv": "text/csv; charset=utf-8",
    "findings.ocsf.json": "application/json",
    "findings.asff.json": "application/json",
    "report.pdf": "application/pdf",
    "report.html": "text/html; charset=utf-8",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "report.md": "text/markdown; charset=utf-8",
}
"""Every report by its name, in the order in which they are made."""
_encode = msgspec.json.Encoder().encode


class ReportFile(NamedTuple):
    """A report: its name, and its content in pieces, to be taken before the next report is."""

    name: str
    pieces: Iterable[bytes]


class Lines(Protocol):
    """The findings of a run in words, in the order of every report; as often as asked."""

    def __call__(self) -> Iterator[FindingLine]:
        """Yield them."""
        ...


def files_of(
    heading: Heading, findings: Lines, facts: Facts, wanted: Collection[str] = CONTENT_TYPES
) -> Iterator[ReportFile]:
    """Yield the reports of a run.

    :param facts: what they say beside; the digest is made here, of the findings as JSON.
    :param wanted: names of :data:`CONTENT_TYPES`; the findings as JSON are always among them, and
        ``facts.json`` where a report for people is: of the two, all the others are made.
    """
    hasher = hashlib.sha256()
    yield ReportFile(
        "findings.json", _hashed(json_document(heading, map(_encode, findings())), hasher.update)
    )
    makers: dict[str, Callable[[], Iterable[bytes]]] = {
        "findings.csv": lambda: csv_document(findings()),
        "findings.ocsf.json": lambda: _ocsf(heading, findings()),
        "findings.asff.json": lambda: _asff(heading, findings()),
    }
    for name, make in makers.items():
        if name in wanted:
            yield ReportFile(name, make())
    if not any(name.startswith("report.") for name in wanted):
        return
    complete = replace(facts, digest=hasher.hexdigest())
    yield ReportFile("facts.json", [_encode(complete) + b"\n"])
    document = document_of(heading, findings(), catalogue(), complete)
    for name in wanted:
        if name.startswith("report."):
            yield ReportFile(name, paged(name, document, findings))


def paged(name: str, document: ReportDocument, findings: Lines) -> Iterable[bytes]:
    """Return a report for people. Each format is loaded when it is its turn."""
    match name:
        case "report.pdf":
            from rolecall.reports.pdf_report import pdf_report

            return [pdf_report(document)]
        case "report.html":
            from rolecall.reports.html_report import html_report

            return html_report(document)
        case "report.xlsx":
            from rolecall.reports.xlsx_report import xlsx_report

            return xlsx_report(document, findings())
        case _:
            from rolecall.reports.markdown_report import markdown_report

            return markdown_report(document)


def _ocsf(heading: Heading, findings: Iterator[FindingLine]) -> Iterable[bytes]:
    from rolecall.reports.ocsf_report import ocsf_document

    return ocsf_document(heading.run, findings)


def _asff(heading: Heading, findings: Iterator[FindingLine]) -> Iterable[bytes]:
    from rolecall.reports.asff_report import asff_document

    return asff_document(heading.run, findings)


def _hashed(pieces: Iterable[bytes], update: Callable[[bytes], object]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def lines_of(report: Report) -> Lines:
    """Return the findings of a report in words."""
    return lambda: map(lines(report), report.findings)
