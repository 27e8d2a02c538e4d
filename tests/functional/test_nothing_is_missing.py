"""What a registry holds is visible on the pages, or they say how much more there is, and where.

The text is taken out of each format as a reader sees it, and held against the data, for registries
of extreme shapes.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from datetime import date
from itertools import cycle

import pytest
import python_calamine
from msgspec.structs import replace
from pypdf import PdfReader

from rolecall.controls.catalogue import catalogue
from rolecall.model import Account, Entity, Grant, Person, Policy, Snapshot
from rolecall.printable import printable
from rolecall.reports.assembly import document_of
from rolecall.reports.document import MOST_ENTITIES, MOST_ROWS, ReportDocument
from rolecall.reports.facts import Facts
from rolecall.reports.html_report import html_report
from rolecall.reports.markdown_report import markdown_report
from rolecall.reports.pdf_report import _sign, pdf_report
from rolecall.reports.report import Report
from rolecall.reports.xlsx_report import xlsx_report
from rolecall.texts import texts_of
from rolecall.usecases.reporting.files import lines_of
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.role_holders import holders_of
from tests.functional.test_reports_for_people import AS_OF, WORDS, Page, example, squeezed
from tests.tiers import some

DAY = date(2026, 1, 5)
NAMES = {
    "without-a-space": "W" * 200,
    "right-to-left": "\u05d3\u05d5\u05d3",
    "chinese": "\u4e2d\u6587\u540d\u5b57",
    "emoji": "Sr. \U0001f511 Clare",
    "combining": "Zo\u0308e\u0301 N\u0303an\u0303ez",
    "markup": "<b>#strong[x] *a* |b| $x$ {{ 7 }}",
    "hidden": "evil\u202egnp.exe",
}


def registry(entities: int, accounts: int, holders: int, name: str = "Name {}") -> Snapshot:
    """Return a registry of a shape: every account has so many administrators, none in order."""
    units = [Entity(f"e-{number:04}", f"Entity {number:04}") for number in range(entities)]
    people = [
        Person(f"p-{number:04}", name.format(f"{number:04}"), "left", left_on=DAY)
        for number in range(holders)
    ]
    places = [
        Account(f"a-{number:04}", unit.id, "facebook", f"page{number:04}", "active")
        for number, unit in zip(range(accounts), cycle(units))
    ]
    grants = [Grant(place.id, person.id, "admin") for place in places for person in people]
    return Snapshot(
        entities=tuple(units), people=tuple(people), accounts=tuple(places), grants=tuple(grants)
    )


def many_applications() -> Snapshot:
    """Return a registry in which one finding names 800 applications."""
    made = registry(1, 1, 1)
    apps = tuple(f"application-{number:03}" for number in range(800))
    return replace(made, accounts=(replace(made.accounts[0], connected_apps=apps),))


def called(text: str) -> Callable[[], Snapshot]:
    """Return what makes a small registry in which everybody is called so."""
    return lambda: registry(2, 2, 3, text.replace("{", "{{").replace("}", "}}"))


SHAPES: dict[str, Callable[[], Snapshot]] = {
    "no-entity": Snapshot,
    "many-administrators": lambda: registry(1, 1, 300),
    "many-applications": many_applications,
    "one-entity-has-all": lambda: registry(1, 30, 40),
    "without-a-space": called(NAMES["without-a-space"]),
    # Every other one is slow: in the quickest tier they are left out.
    "many-entities": lambda: registry(300, 300, 1),
    **{kind: called(text) for kind, text in NAMES.items()},
}


def audited(snapshot: Snapshot) -> tuple[Report, ReportDocument]:
    tracked = frozenset(
        f"{table}.{column}"
        for table, row in (("people", Person), ("accounts", Account), ("grants", Grant))
        for column in row.__struct_fields__
    )
    policy: Policy = replace(example()[1], waivers=(), controls={}, entities={})
    whole = replace(snapshot, tracked=tracked | frozenset({"entities.id", "people.id"}))
    report = run_audit(whole, policy, AS_OF, lambda _: None)
    facts = Facts(holders=holders_of(report.context), digest="0" * 64)
    return report, document_of(report.heading(), lines_of(report)(), catalogue(), facts)


def seen(text: str) -> str:
    """Return a text as it is compared: composed, and without the places where lines end."""
    return squeezed(unicodedata.normalize("NFC", text))


def in_pdf(text: str) -> str:
    """Return what the PDF shows in place of a text: it says so at each sign that it cannot show."""
    return seen("".join(map(_sign, printable(text))))


def is_there(text: str, whole: str) -> bool:
    """Tell whether a text can be read on pages; it may go on at the top of the next one."""
    # What is read from right to left may come out of a page in the order of the eye.
    if text in whole or text[::-1] in whole:
        return True
    return all(part in whole or _goes_on(part, whole) for part in text.split(","))


def _goes_on(text: str, whole: str) -> bool:
    shown = max(length for length in range(len(text) + 1) if text[:length] in whole)
    return shown > 0 and text[shown:] in whole


class Seen:
    """What a reader sees of a document, in each format."""

    def __init__(self, report: Report, document: ReportDocument) -> None:
        pages = PdfReader(io.BytesIO(pdf_report(document))).pages
        self.pdf = seen("".join(page.extract_text() for page in pages))
        self.page = seen(Page(b"".join(html_report(document))).text)
        self.ticket = seen(b"".join(markdown_report(document)).decode()).replace("\\", "")
        data = b"".join(xlsx_report(document, lines_of(report)()))
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
        self.cells = {seen(str(cell)) for sheet in sheets for row in sheet for cell in row}

    def says(self, text: str) -> None:
        """Hold all that are pages against a text."""
        for whole in (self.pdf, self.page, self.ticket):
            assert seen(text) in whole, text


@pytest.mark.parametrize("shape", some(SHAPES))
def test_what_there_is_can_be_seen(shape: str) -> None:
    report, document = audited(SHAPES[shape]())
    read = Seen(report, document)
    rows = [row for section in document.entities for row in section.rows]
    told = document.standing - document.left_out_standing
    assert document.more_entities or len(rows) == min(MOST_ROWS, told)
    for row in rows:
        if shape != "right-to-left":
            assert is_there(in_pdf(row.detail), read.pdf), row.detail
        assert seen(printable(row.detail)) in read.page, row.detail
        if shape not in ("markup", "hidden"):
            assert seen(printable(row.detail)) in read.ticket
    for account in document.accounts or ():
        for holder in account.holders:
            assert is_there(in_pdf(holder.name), read.pdf), holder.name
            assert seen(printable(holder.name)) in read.page, holder.name
            assert seen(printable(holder.name)) in read.cells, holder.name
    filled = texts_of("en").filled
    for section in document.entities:
        if section.more:
            read.says(filled(WORDS["more"], count=section.more))
    if more := document.more_entities:
        read.says(filled(WORDS["more_entities"], count=document.more_findings, entities=more))
    assert (len(document.entities) == MOST_ENTITIES) == (shape == "many-entities")


def test_every_application_of_eight_hundred_is_named() -> None:
    _, document = audited(many_applications())
    rows = [row for section in document.entities for row in section.rows]
    assert any("application-799" in row.detail for row in rows)
