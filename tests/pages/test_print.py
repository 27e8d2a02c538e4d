"""The page on paper: headings on every page, nothing folded, hidden or torn, and no longer than
the PDF by more than a fifth."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rolecall.reports.action_rows import numbered_steps
from rolecall.reports.html_report import html_report
from rolecall.reports.pdf_report import pdf_report
from tests.functional.test_reports_for_people import document
from tests.pages.browsers import DESK, opened
from tests.pages.reports import need
from tests.sample_actions import SAMPLE_ACTIONS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from rolecall.reports.document import ReportDocument

Pages = Callable[[str], Path]
LONGER = 1.2


def printed(path: Path) -> list[str]:
    """Return the texts of the pages of a PDF."""
    need(
        importlib.util.find_spec("pypdfium2") is not None,
        "needs make test-pages, which installs pypdfium2",
    )
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in pdf]
    pdf.close()
    return texts


def squeezed(text: str) -> str:
    # Words are broken at the end of a line, and a browser may write a sign for that.
    return re.sub(r"[\s\u200b\ufffe\u00ad\u2010\x02-]", "", text)


@pytest.fixture(scope="module")
def told() -> ReportDocument:
    return replace(document(), actions=SAMPLE_ACTIONS[:2], more_actions=5)


@pytest.fixture(scope="module")
def paper(browser: Browser, told: ReportDocument, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    (folder / "report.html").write_bytes(b"".join(html_report(told)))
    page, _ = opened(browser, folder / "report.html", viewport=DESK)
    page.pdf(path=folder / "printed.pdf", prefer_css_page_size=True, format="A4")
    # What was opened for the printer is folded again.
    assert page.locator(".action details[open]").count() == 0
    return folder / "printed.pdf"


def test_paper_is_no_longer_than_the_pdf_by_more_than_a_fifth(
    paper: Path, told: ReportDocument, tmp_path: Path
) -> None:
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(pdf_report(told))
    assert len(printed(paper)) <= LONGER * len(printed(pdf))


def test_everything_is_on_paper(paper: Path, told: ReportDocument) -> None:
    whole = squeezed("".join(printed(paper)))
    for action in told.actions:
        for place in action.places:
            for text in (
                place.label,
                place.url,
                *(told for _, told in numbered_steps(place.steps)),
                *place.record,
            ):
                assert squeezed(text) in whole
    for entity in told.entities:
        for row in entity.rows:
            assert squeezed(row.detail) in whole
            assert squeezed(row.remediation) in whole
            assert squeezed(row.record) in whole
    for control in told.controls:
        assert squeezed(control.rationale) in whole
    for account in told.accounts or ():
        for holder in account.holders:
            assert squeezed(holder.name) in whole
    assert "Index of entities" not in whole


def test_every_page_says_of_what_it_is(paper: Path, told: ReportDocument) -> None:
    pages = printed(paper)
    name, title = "", f"{told.run.as_of:%Y-%m-%d}"
    heads = {squeezed(entity.name) for entity in told.entities}
    for number, text in enumerate(pages, start=1):
        assert title in text
        assert f"{number} / {len(pages)}" in text
        # Where findings go on, the page begins with whose they are and with what stands where.
        lines = [line for line in text.splitlines() if line.strip()]
        at = next((n for n, line in enumerate(lines) if line.startswith("Severity")), None)
        if at is not None and lines[at].startswith("Severity Where"):
            before = squeezed(" ".join(lines[:at]))
            assert any(head in before for head in heads)
            name = before
    assert name


def test_no_finding_is_torn(paper: Path, told: ReportDocument) -> None:
    pages = [squeezed(text) for text in printed(paper)]
    for entity in told.entities:
        for row in entity.rows:
            parts = [squeezed(row.detail), squeezed(row.remediation), squeezed(row.title)]
            assert any(all(part in text for part in parts) for text in pages), row


def test_what_a_filter_hides_is_said_on_paper(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("example"), viewport=DESK)
    page.emulate_media(media="print")
    assert page.get_by_role("status").count() == 0
    page.emulate_media(media="screen")
    page.select_option("#filter-severity", "critical")
    said = page.get_by_role("status").inner_text()
    page.emulate_media(media="print")
    assert page.get_by_role("status").inner_text() == said
    assert page.locator("#filter-text").is_hidden()
