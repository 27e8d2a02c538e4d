"""Findings are found on the page: by any name, by how severe they are, by address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rolecall.reports.document import MOST_ROWS
from rolecall.reports.html_report import html_report
from tests.functional.test_reports_for_people import document
from tests.pages.browsers import DESK, TELEPHONE, opened, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

Pages = Callable[[str], Path]
HEAD = "Zo\u00eb \u0141ukasiewicz-Stra\u00dfner O\u2019Dowd"
MOST_MILLISECONDS = 500
"""What somebody waits for; a page of a thousand findings takes a tenth of it on an idle machine."""


def shown(page: Page) -> int:
    rows: int = page.locator("section[data-entity] .finding:visible").count()
    return rows


@pytest.fixture(scope="module")
def headed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A page of which one entity has a head, and how many findings that entity has."""
    made = document()
    first, *others = made.entities
    path = tmp_path_factory.mktemp("headed") / "report.html"
    told = replace(made, entities=(replace(first, head=HEAD), *others))
    path.write_bytes(b"".join(html_report(told)))
    return path, len(first.rows)


def test_findings_are_filtered_by_severity_and_status(browser: Browser, page_of: Pages) -> None:
    page, heard = opened(browser, page_of("example"), viewport=DESK)
    every = shown(page)
    assert every > 100
    page.select_option("#filter-severity", "critical")
    critical = shown(page)
    assert 0 < critical < every
    assert page.inner_text("#filter-count") == f"{critical} / {every}"
    page.select_option("#filter-status", "regressed")
    assert shown(page) == 0
    page.select_option("#filter-status", "new")
    assert shown(page) == critical
    page.click("#filter-clear")
    assert shown(page) == every
    assert page.evaluate("document.activeElement.id") == "filter-text"
    assert len(heard) == 1


@pytest.mark.parametrize(
    "typed",
    [HEAD, HEAD.upper(), "zoe lukasiewicz", "STRASSNER", "o'dowd zoe", "  Zoe\u0308   straßner "],
)
@pytest.mark.parametrize("size", [TELEPHONE, DESK], ids=["telephone", "desk"])
def test_the_name_of_a_head_finds_her_findings(
    browser: Browser, headed: tuple[Path, int], typed: str, size: ViewportSize
) -> None:
    path, count = headed
    page, _ = opened(browser, path, viewport=size)
    page.fill("#filter-text", typed)
    assert shown(page) == count
    assert page.locator("section[data-entity]:visible").count() == 1
    page.fill("#filter-text", "")
    assert page.locator("section[data-entity]:visible").count() > 1


def test_names_accounts_and_ids_find_findings(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("example"), viewport=DESK)
    row = page.locator(".finding").nth(40)
    account = row.locator("xpath=..").locator(".account").inner_text()
    name = row.locator("xpath=ancestor::section[1]/h3").inner_text().replace("#", "").strip()
    for typed in (account, name, str(row.get_attribute("id")).removeprefix("finding-")):
        page.fill("#filter-text", typed)
        assert row.is_visible()
        assert 0 < shown(page) < page.locator(".finding").count()


def test_nothing_that_fits_is_said_and_read_aloud(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("spanish"), viewport=TELEPHONE, bypass_csp=True)
    status = page.get_by_role("status")
    assert "Nada corresponde" not in status.inner_text()
    page.fill("#filter-text", "no such words")
    assert shown(page) == 0
    assert "Nada corresponde al filtro." in status.inner_text()
    assert violations(page) == []


def test_the_filter_stays_at_hand(browser: Browser, page_of: Pages) -> None:
    for size in (TELEPHONE, DESK):
        page, _ = opened(browser, page_of("example"), viewport=size)
        page.locator("section[data-entity]").nth(9).scroll_into_view_if_needed()
        box = page.locator("#filters").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 10
        assert box["height"] < size["height"] / 4


def test_a_filter_has_an_address(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("example"), viewport=DESK)
    page.fill("#filter-text", "Brigid & co=?")
    page.fill("#filter-text", "brigid")
    page.select_option("#filter-severity", "high")
    address = page.evaluate("location.hash")
    count = shown(page)
    assert count > 0
    again, _ = opened(browser, page_of("example"), address, viewport=DESK)
    assert (shown(again), again.input_value("#filter-text")) == (count, "brigid")
    again.click("#filter-clear")
    assert again.evaluate("location.hash") == "#entities"


def test_an_address_opens_what_is_folded_or_filtered_out(browser: Browser, page_of: Pages) -> None:
    path = page_of("actions")
    page, _ = opened(browser, path, viewport=TELEPHONE)
    row = page.locator(".finding").nth(30)
    id_ = str(row.get_attribute("id"))
    linked, _ = opened(browser, path, f"#{id_}", viewport=TELEPHONE)
    target = linked.locator(f"#{id_}")
    assert target.is_visible()
    assert target.locator("details p").first.is_visible()
    box, bar = target.bounding_box(), linked.locator("#filters").bounding_box()
    assert box is not None
    assert bar is not None
    # Below the bar, and on the screen.
    assert bar["y"] + bar["height"] <= box["y"] < TELEPHONE["height"]
    page.fill("#filter-text", "no such words")
    page.evaluate(f"location.hash = '#{id_}'")
    page.locator(f"#{id_} details p").first.wait_for(state="visible")
    assert page.input_value("#filter-text") == ""
    for address in ("#%E0%A4%A", "#no-such-thing", "#filter?severity=none"):
        page, heard = opened(browser, path, address)
        assert len(heard) == 1


def test_what_an_action_ends_is_a_link_away(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("actions"), viewport=TELEPHONE)
    action = page.locator(".action").first
    action.locator("summary").click()
    link = action.locator("ul.ended a").first
    link.click()
    target = page.locator(str(link.get_attribute("href")))
    assert target.is_visible()
    back = target.locator("a[href^='#action-']")
    back.click()
    assert page.evaluate("location.hash") == f"#{action.get_attribute('id')}"


def test_all_is_done_by_keyboard_and_the_focus_is_seen(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("actions"), viewport=DESK)
    kinds = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        kind, style = page.evaluate(
            """() => { const one = document.activeElement;
              return [one.id || one.tagName, getComputedStyle(one).outlineStyle]; }"""
        )
        kinds.add(kind)
        assert style == "solid", kind
        if kind == "filter-status":
            break
    assert {"A", "SUMMARY", "filter-text", "filter-severity", "filter-status"} <= kinds


def test_tables_are_sorted(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("example"), viewport=DESK)
    page.locator("#controls summary").click()
    table = page.locator("#controls table")
    before = table.locator("tbody tr").all_inner_texts()
    for _ in range(2):
        table.locator("th button").first.click()
    after = table.locator("tbody tr").all_inner_texts()
    assert sorted(before) == sorted(after)
    assert before != after


def test_a_thousand_findings_are_shown_and_filtered_at_once(
    browser: Browser, page_of: Pages
) -> None:
    page, _ = opened(browser, page_of("huge"), viewport=DESK)
    assert page.locator(".finding").count() == MOST_ROWS
    typed = page.evaluate(
        """async () => {
          const field = document.getElementById('filter-text');
          const times = [];
          for (const text of ['a', 'ac', 'critical', 'nothing of this', '']) {
            const begin = performance.now();
            field.value = text;
            field.dispatchEvent(new Event('input'));
            document.documentElement.getBoundingClientRect();
            times.push(performance.now() - begin);
          }
          return times;
        }"""
    )
    # The middle one: others use this machine, too.
    assert sorted(typed)[len(typed) // 2] < MOST_MILLISECONDS
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert ready < 4 * MOST_MILLISECONDS
