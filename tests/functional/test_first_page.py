"""The first page of the PDF: what is to be done, by whom and where, on one page, in each language;
the steps behind it; and texts that can be copied."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from rolecall.controls.catalogue import catalogue
from rolecall.reports.action_assembly import with_actions
from rolecall.reports.action_rows import ActionRow, numbered_steps
from rolecall.reports.assembly import document_of
from rolecall.reports.commonmark import literal
from rolecall.reports.facts import Facts
from rolecall.reports.front import FIRST_ACTIONS, PLACES_OF_ACTION
from rolecall.reports.html_report import html_report
from rolecall.reports.markdown_report import markdown_report
from rolecall.reports.pdf_report import pdf_report
from rolecall.usecases.reporting.files import lines_of
from rolecall.usecases.runs.told_actions import actions_told
from rolecall.vocabulary import Language
from tests.functional.test_reports_for_people import Page, audited, squeezed

LANGUAGES: tuple[Language, ...] = ("en", "es")


@cache
def made(language: Language) -> Any:
    """Return the document of the example in a language, with what is to be done."""
    report, facts = audited(), Facts(digest="0" * 64, language=language)
    document = document_of(report.heading(), lines_of(report)(), catalogue(), facts)
    told = actions_told(report.findings, report.context)
    return with_actions(replace(document, language=language), told, facts)


@cache
def pages(language: Language) -> tuple[PdfReader, list[str]]:
    """Return its PDF, and the text of each page."""
    reader = PdfReader(io.BytesIO(pdf_report(made(language))))
    return reader, [page.extract_text() for page in reader.pages]


def first_ones(language: Language) -> list[ActionRow]:
    """Return what is to be done first."""
    found: list[ActionRow] = list(made(language).actions[:FIRST_ACTIONS])
    assert len(found) == FIRST_ACTIONS
    return found


def bookmarks(outline: Any) -> Iterator[str]:
    """Yield the titles of all bookmarks."""
    for one in outline:
        yield from bookmarks(one) if isinstance(one, list) else [str(one["/Title"])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_word_may_break_is_no_sign(language: Language) -> None:
    """What is copied is what stands there: a search finds it, and an address leads somewhere."""
    reader, texts = pages(language)
    assert [at for at, text in enumerate(texts, 1) if "\u200b" in text] == []
    assert [one for one in bookmarks(reader.outline) if "\u200b" in one] == []
    assert "https://instagram.example/stbrigidyouth" in texts[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_first_stands_on_the_first_page(language: Language) -> None:
    reader, texts = pages(language)
    first = squeezed(texts[0])
    for one in first_ones(language):
        assert squeezed(one.title) in first, one.title
        assert squeezed(one.who) in first, one.who
        assert squeezed(one.first) in first, one.first
        for place in one.places[:PLACES_OF_ACTION]:
            assert squeezed(place.label) in first, place.label
    annotations: Any = reader.pages[0]["/Annots"]
    links = [one.get_object() for one in annotations]
    within = [one for one in links if "/URI" not in one.get("/A", {})]
    assert len(within) >= FIRST_ACTIONS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_stands_behind_it_with_its_number(language: Language) -> None:
    """On paper as on the page and in the ticket, in one order."""
    behind = squeezed("".join(pages(language)[1][1:7]))
    page = squeezed(Page(b"".join(html_report(made(language)))).text)
    ticket = squeezed(b"".join(markdown_report(made(language))).decode())
    for one in first_ones(language):
        for place in one.places[:PLACES_OF_ACTION]:
            assert place.steps, place
            lines = list(numbered_steps(place.steps))
            assert squeezed(lines[0][1]) in behind
            for number, step in lines:
                assert squeezed(f"{number}{step}") in behind, step
                assert squeezed(step) in page, step
                assert squeezed(literal(step, "item")) in ticket, step
