"""Makes the reports of an audit: the same run gives the same bytes, in every format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.ledger.record import Record
from rolecall.model import ADMINISTRATIVE_ROLES, SEVERITIES
from rolecall.reports.document import Document, Facts, TrendPoint, document_of
from rolecall.reports.json_report import json_report
from rolecall.reports.report import Line, Report, lines

__all__ = ["TREND", "document_for", "facts_of", "files_of", "lines_of", "trend_of"]

TREND = 12
"""Runs that a trend shows."""


def document_for(report: Report, trend: Sequence[TrendPoint], checkpoint: str) -> Document:
    """Return what a report of an audit says to people.

    :param trend: the runs before this one, the oldest first.
    :param checkpoint: the signed note that seals the log with this run in it.
    """
    digest = _digest(json_report(report, report.findings))
    facts = facts_of(report.context, trend, checkpoint, digest)
    return document_of(report.heading(), lines_of(report), report.controls, facts)


def lines_of(report: Report) -> Iterator[Line]:
    """Yield the findings of a report in words."""
    return map(lines(report), report.findings)


def facts_of(context: Context, trend: Sequence[TrendPoint], checkpoint: str, digest: str) -> Facts:
    """Return what a document needs beside the lines of a run."""
    return Facts(
        entities={entity.id: entity.name for entity in context.entities.values()},
        accounts=_held(context),
        trend=trend,
        checkpoint=checkpoint,
        digest=digest,
    )


def _held(
    context: Context,
) -> Iterator[tuple[str, str, str, str, Sequence[tuple[str, str, str]]]]:
    """Yield the accounts that are not closed, by entity, with who administers them."""
    ordered = sorted(context.accounts.values(), key=lambda one: (one.entity_id, one.id))
    for account in ordered:
        if account.status == "closed":
            continue
        holders = [
            (grant.person_id, _name(context, grant.person_id), grant.role)
            for grant in context.grants.get(account.id, ())
            if grant.revoked_on is None and grant.role in ADMINISTRATIVE_ROLES
        ]
        label = f"{account.platform} {account.handle}"
        yield account.id, label, account.entity_id, account.status, sorted(holders)


def _name(context: Context, person: str) -> str:
    known = context.people.get(person)
    return known.name if known else person


def trend_of(records: Iterable[Record]) -> list[TrendPoint]:
    """Return the runs that a log has, the oldest first: the last :data:`TREND` of them."""
    points = [
        TrendPoint(
            number,
            record.at,
            {severity: record.payload["summary"]["standing"][severity] for severity in SEVERITIES},
        )
        for number, record in enumerate(
            (one for one in records if one.action == "run.completed"), 1
        )
        # An earlier release did not say what stood.
        if "standing" in record.payload["summary"]
    ]
    return points[-TREND:]


def _digest(pieces: Iterable[bytes]) -> str:
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
    return hasher.hexdigest()


def files_of(report: Report, document: Document) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield every report of an audit: its name, and its content in pieces."""
    # Each format is loaded when it is its turn.
    from rolecall.reports.asff_report import asff_document
    from rolecall.reports.csv_report import csv_report
    from rolecall.reports.html_report import html_report
    from rolecall.reports.markdown_report import markdown_report
    from rolecall.reports.ocsf_report import ocsf_report
    from rolecall.reports.pdf_report import pdf_report
    from rolecall.reports.xlsx_report import xlsx_report

    yield "report.pdf", [pdf_report(document)]
    yield "report.html", html_report(document)
    yield "report.xlsx", [xlsx_report(document, lines_of(report))]
    yield "report.md", markdown_report(document)
    yield "findings.csv", csv_report(report, report.findings)
    yield "findings.json", json_report(report, report.findings)
    yield "findings.ocsf.json", ocsf_report(report, report.findings)
    yield "findings.asff.json", asff_document(report.run, lines_of(report))
