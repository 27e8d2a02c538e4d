"""Every format of a report, in one table: its names, what it is, what writes it, what it needs.

A new format is a writer beside this module and one entry here. Names on the command line, the
files of a night, what a proof bundle may hold and what the documentation lists are derived from
:data:`FORMATS`; a name that is not in it is an error everywhere. A writer is loaded when it is its
format's turn, for most runs need one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.util import find_spec

import msgspec
from msgspec import Struct

from rolecall.errors import UsageError
from rolecall.reports.material import Material

__all__ = [
    "FACTS",
    "FINDINGS",
    "FORMATS",
    "FORMER",
    "KEPT",
    "ReportFormat",
    "content_type",
    "format_named",
    "known",
    "missing",
    "short_names",
]

_encode = msgspec.json.Encoder().encode


class ReportFormat(Struct, frozen=True, kw_only=True):
    """One format.

    :ivar name: of its file.
    :ivar short: by which people ask for it.
    :ivar content_type: as HTTP has it.
    :ivar make: yields the bytes, in pieces.
    :ivar stream: yields what an audit writes where it is asked for this format alone, if that is
        not the file: a pipe has no use for an archive.
    :ivar needs: modules beside those that every installation has.
    :ivar is_page: for people, written from the document; the others are written from the lines.
    :ivar is_kept: left by every night and every ``--report``, and made again by ``verify``.
    :ivar has_rows: points at the rows of a registry, so no log and no stack can make it.
    """

    name: str
    short: str
    content_type: str
    make: Callable[[Material], Iterable[bytes]]
    stream: Callable[[Material], Iterable[bytes]] | None = None
    needs: tuple[str, ...] = ()
    is_page: bool = False
    is_kept: bool = True
    has_rows: bool = False


def _json(material: Material) -> Iterable[bytes]:
    from rolecall.reports.json_report import json_document

    lines = map(_encode, material.lines())
    return json_document(material.heading, lines, material.actions, material.texts)


def _csv(material: Material) -> Iterable[bytes]:
    from rolecall.reports.csv_report import csv_document

    return csv_document(material.lines(), material.heading.run.catalogue, material.holders)


def _ocsf(material: Material) -> Iterable[bytes]:
    from rolecall.reports.ocsf_report import ocsf_document

    return ocsf_document(material.heading.run, material.lines(), material.texts)


def _asff(material: Material) -> Iterable[bytes]:
    from rolecall.reports.asff_report import asff_archive

    return asff_archive(material.heading.run, material.lines())


def _asff_stream(material: Material) -> Iterable[bytes]:
    from rolecall.reports.asff_report import asff_document

    return asff_document(material.heading.run, material.lines())


def _pdf(material: Material) -> Iterable[bytes]:
    from rolecall.reports.pdf_report import pdf_report

    return [pdf_report(material.page)]


def _html(material: Material) -> Iterable[bytes]:
    from rolecall.reports.html_report import html_report

    return html_report(material.page)


def _xlsx(material: Material) -> Iterable[bytes]:
    from rolecall.reports.xlsx_report import xlsx_report

    return xlsx_report(material.page, material.lines(), material.holders)


def _markdown(material: Material) -> Iterable[bytes]:
    from rolecall.reports.markdown_report import markdown_report

    return markdown_report(material.page)


def _sarif(material: Material) -> Iterable[bytes]:
    from rolecall.controls.catalogue import catalogue
    from rolecall.reports.sarif_report import sarif_document

    given = catalogue(), material.rows, material.citations
    return sarif_document(material.heading, material.lines(), *given)


def _junit(material: Material) -> Iterable[bytes]:
    from rolecall.controls.catalogue import catalogue
    from rolecall.reports.junit_report import junit_document

    return junit_document(
        material.heading, material.lines(), catalogue(), material.rows, material.texts
    )


FINDINGS = "findings.json"
"""The findings as JSON: always made, for all other reports show its digest."""
FACTS = "facts.json"
"""What pages say beside the findings; made with them, and no format that anybody asks for."""

_ALL = (
    ReportFormat(name=FINDINGS, short="json", content_type="application/json", make=_json),
    ReportFormat(
        name="findings.csv", short="csv", content_type="text/csv; charset=utf-8", make=_csv
    ),
    ReportFormat(
        name="findings.ocsf.json", short="ocsf", content_type="application/json", make=_ocsf
    ),
    ReportFormat(
        name="findings.asff.zip",
        short="asff",
        content_type="application/zip",
        make=_asff,
        stream=_asff_stream,
    ),
    ReportFormat(
        name="findings.sarif",
        short="sarif",
        content_type="application/sarif+json",
        make=_sarif,
        is_kept=False,
        has_rows=True,
    ),
    ReportFormat(
        name="findings.junit.xml",
        short="junit",
        content_type="application/xml",
        make=_junit,
        is_kept=False,
        has_rows=True,
    ),
    ReportFormat(
        name="report.pdf",
        short="pdf",
        content_type="application/pdf",
        make=_pdf,
        needs=("typst",),
        is_page=True,
    ),
    ReportFormat(
        name="report.html",
        short="html",
        content_type="text/html; charset=utf-8",
        make=_html,
        needs=("jinja2",),
        is_page=True,
    ),
    ReportFormat(
        name="report.xlsx",
        short="xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        make=_xlsx,
        is_page=True,
    ),
    ReportFormat(
        name="report.md",
        short="md",
        content_type="text/markdown; charset=utf-8",
        make=_markdown,
        is_page=True,
    ),
)
FORMATS: Mapping[str, ReportFormat] = {one.name: one for one in _ALL}
"""Every format by the name of its file, in the order in which they are made."""
KEPT = (FINDINGS, FACTS, *(one.name for one in _ALL if one.is_kept and one.name != FINDINGS))
"""The names of what an audit leaves that leaves everything, in the order in which they are made."""
FORMER: Mapping[str, str] = {"findings.asff.json": "findings.asff.zip"}
"""What earlier releases called a file, and stacks that they deployed may go on asking for."""


def short_names(*, pages: bool = True, rows: bool = True) -> list[str]:
    """Return by what people ask for formats.

    :param pages: whether those for people are among them.
    :param rows: whether those that point at the rows of a registry are.
    """
    return [one.short for one in _ALL if (pages or not one.is_page) and (rows or not one.has_rows)]


def format_named(short: str) -> ReportFormat:
    """Return the format that people ask for so.

    :raises UsageError: there is none.
    """
    for one in _ALL:
        if one.short == short:
            return one
    raise UsageError(f"there is no format {short}; there are {', '.join(short_names())}")


def content_type(name: str) -> str:
    """Return the content type of a file that :data:`FORMATS` or :data:`FACTS` names."""
    return FORMATS[FINDINGS if name == FACTS else name].content_type


def known(names: Iterable[str]) -> frozenset[str]:
    """Return names of reports that need no registry, when all of them are.

    :raises UsageError: one is the name of none.
    """
    asked = frozenset(FORMER.get(name, name) for name in names)
    there = [one.name for one in _ALL if not one.has_rows]
    if strange := sorted(asked - {FACTS, *there}):
        raise UsageError(f"there is no report {strange[0]!r}; there are {', '.join(there)}")
    return asked


def missing(names: Collection[str]) -> list[str]:
    """Return the modules that formats need and that are not installed, before any work is done."""
    needed = {module for name in names if name in FORMATS for module in FORMATS[name].needs}
    return sorted(module for module in needed if find_spec(module) is None)
