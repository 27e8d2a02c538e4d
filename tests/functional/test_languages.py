"""Reports in another language: every format says it, the same every time, and proves it."""

from __future__ import annotations

import io
from functools import cache

import python_calamine
from msgspec.structs import replace
from pypdf import PdfReader

from rolecall.reports.facts import Facts
from rolecall.texts import texts_of
from rolecall.usecases.reporting.files import files_of, lines_of
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.role_holders import holders_of
from tests.functional.test_reports_for_people import AS_OF, example

ES = texts_of("es")
WORDS = ES.words("reports")


@cache
def spanish() -> dict[str, bytes]:
    """Return the reports of the example in Spanish."""
    snapshot, policy = example()
    report = run_audit(snapshot, replace(policy, language="es"), AS_OF, lambda _: None)
    facts = Facts(holders=holders_of(report.context), language="es")
    made = files_of(report.heading(), lines_of(report), facts)
    return {name: b"".join(pieces) for name, pieces in made}


def test_every_page_is_in_its_language() -> None:
    page = spanish()["report.html"].decode()
    assert '<html lang="es">' in page
    text = spanish()["report.md"].decode()
    reader = PdfReader(io.BytesIO(spanish()["report.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "es"  # type: ignore[index]
    paper = " ".join(one.extract_text() for one in reader.pages)
    for key in ("title", "summary", "standing", "by_entity"):
        assert WORDS[key] in page
        assert WORDS[key] in text
        assert WORDS[key] in " ".join(paper.split())
    for told in (page, " ".join(paper.split())):
        assert ES.instant(AS_OF) in told
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(spanish()["report.xlsx"]))
    assert WORDS["findings"] in book.sheet_names
    assert b'"language":"es"' in spanish()["facts.json"]
