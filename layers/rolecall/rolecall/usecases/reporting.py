"""Makes the reports of a run: the same run gives the same bytes, in every format."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.model import ADMINISTRATIVE_ROLES, Account
from rolecall.reports.assembly import document_of
from rolecall.reports.csv_report import csv_document
from rolecall.reports.document import (
    MOST_HELD,
    Administrator,
    Document,
    Facts,
    Held,
    Holders,
)
from rolecall.reports.json_report import json_document
from rolecall.reports.report import Heading, Line, Report, lines

__all__ = [
    "CONTENT_TYPES",
    "ReportFile",
    "files_of",
    "held_of",
    "holders_of",
    "is_held",
    "lines_of",
]

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

    def __call__(self) -> Iterator[Line]:
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


def paged(name: str, document: Document, findings: Lines) -> Iterable[bytes]:
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


def _ocsf(heading: Heading, findings: Iterator[Line]) -> Iterable[bytes]:
    from rolecall.reports.ocsf_report import ocsf_document

    return ocsf_document(heading.run, findings)


def _asff(heading: Heading, findings: Iterator[Line]) -> Iterable[bytes]:
    from rolecall.reports.asff_report import asff_document

    return asff_document(heading.run, findings)


def _hashed(pieces: Iterable[bytes], update: Callable[[bytes], object]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def lines_of(report: Report) -> Lines:
    """Return the findings of a report in words."""
    return lambda: map(lines(report), report.findings)


def holders_of(context: Context, entities: Collection[str] | None = None) -> Holders:
    """Return what reports take from a registry.

    :param entities: ids of those that are meant; ``None`` for all.
    """
    held = sorted(held_of(context, entities), key=lambda one: (one.entity, one.id))
    return Holders(
        entities={
            one.id: one.name
            for one in context.entities.values()
            if entities is None or one.id in entities
        },
        accounts=held[:MOST_HELD],
        more=len(held) - len(held[:MOST_HELD]),
    )


def held_of(context: Context, entities: Collection[str] | None = None) -> Iterator[Held]:
    """Yield the accounts that are not closed, with who administers them.

    :param entities: ids of those whose accounts are meant; ``None`` for all.
    """
    for account in context.accounts.values():
        if not is_held(account, entities):
            continue
        holders = sorted(
            (grant.person_id, _name(context, grant.person_id), grant.role)
            for grant in context.grants.get(account.id, ())
            if grant.revoked_on is None and grant.role in ADMINISTRATIVE_ROLES
        )
        yield Held(
            account.entity_id,
            account.id,
            f"{account.platform} {account.handle}",
            account.status,
            tuple(Administrator(*one) for one in holders),
        )


def is_held(account: Account, entities: Collection[str] | None = None) -> bool:
    """Tell whether reports show who holds an account: it is not closed, and in their scope."""
    return account.status != "closed" and (entities is None or account.entity_id in entities)


def _name(context: Context, person: str) -> str:
    known = context.people.get(person)
    return known.name if known else person
