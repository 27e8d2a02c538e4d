"""The page in a real browser: accessible by axe-core, on a telephone, at a desk, on paper, light
and dark; it loads nothing; it fits; and everything is there without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages.browsers import DESK, TELEPHONE, opened, violations
from tests.pages.reports import KINDS, PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Pages = Callable[[str], Path]
EVERY = (*KINDS, *PAGES)
SCHEMES = ("light", "dark")


def unfolded(page: Page) -> None:
    """Open all that can be folded."""
    page.evaluate(
        """() => {
          for (const one of document.querySelectorAll('[data-folded] .group button')) one.click();
          for (const one of document.querySelectorAll('details')) one.open = true;
        }"""
    )


def one_of_each(page: Page) -> None:
    """Open the first of all that can be folded: an action, a finding, a table, the index."""
    for folded in (".action", ".finding:not([hidden])", ".reference", "#index"):
        inner = "" if folded in (".reference", "#index") else " details"
        for element in page.locator(f"{folded}{inner}").all()[:1]:
            element.evaluate("one => { one.open = true; }")


@pytest.mark.parametrize("scheme", SCHEMES)
# axe-core looks at each element: of a thousand findings it takes minutes, and finds no more.
@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind != "huge"])
def test_the_page_is_accessible(browser: Browser, page_of: Pages, kind: str, scheme: str) -> None:
    # axe-core is a script from outside, which the page's own policy would rightly not let in.
    page, _ = opened(
        browser, page_of(kind), color_scheme=scheme, bypass_csp=True, viewport=TELEPHONE
    )
    if page.locator("#filters").is_visible():
        page.fill("#filter-text", "no such words")
        assert violations(page) == []
        # One finding is made as another, and a few are looked at in seconds.
        page.fill("#filter-text", "")
        page.select_option("#filter-severity", "low")
    one_of_each(page)
    for size in (TELEPHONE, DESK):
        page.set_viewport_size(size)
        assert violations(page) == []


@pytest.mark.parametrize("kind", ["actions", "names"])
def test_the_page_is_accessible_on_paper_and_in_forced_colours(
    browser: Browser, page_of: Pages, kind: str
) -> None:
    page, _ = opened(browser, page_of(kind), bypass_csp=True)
    page.emulate_media(media="print")
    assert violations(page) == []
    page.emulate_media(media="screen", forced_colors="active")
    assert violations(page) == []


def test_axe_finds_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    text = "<main><h1>x</h1><img src='data:,'><p style='color:#aaa;background:#fff'>pale</p></main>"
    # Rules that pass are needed beside: a list of them shows that axe looked at all.
    more = (
        "<ul><li>a</li></ul><button>b</button><a href='#x'>c</a><table><tr><th>d</th></tr></table>"
    )
    path = tmp_path / "bad.html"
    path.write_text(f"<!doctype html><html lang='en'><title>t</title>{text}{more}</html>")
    page, _ = opened(browser, path)
    found = "\n".join(violations(page))
    assert "image-alt" in found
    assert "color-contrast" in found


@pytest.mark.parametrize("kind", EVERY)
def test_the_page_asks_for_nothing_and_runs_nothing_of_others(
    browser: Browser, page_of: Pages, kind: str
) -> None:
    page, heard = opened(browser, page_of(kind))
    unfolded(page)
    page.wait_for_timeout(200)
    assert heard == [f"request {page_of(kind).as_uri()}"]


@pytest.mark.parametrize("width", [320, 360, 699, 700, 768, 1280])
@pytest.mark.parametrize("kind", EVERY)
def test_nothing_hangs_over_the_edge(
    browser: Browser, page_of: Pages, kind: str, width: int
) -> None:
    page, _ = opened(browser, page_of(kind), viewport={"width": width, "height": 800})
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # Nor is anything cut off within.
        assert (
            page.evaluate(
                """() => [...document.querySelectorAll('main p, main li, main td, th, h1, h2, h3')]
              .filter(one => one.getBoundingClientRect().right > innerWidth + 1).length"""
            )
            == 0
        )
        unfolded(page)


# -- on a telephone --------------------------------------------------------------------------------


def test_a_telephone_shows_first_what_to_do_and_who_can(browser: Browser, page_of: Pages) -> None:
    page, _ = opened(browser, page_of("actions"), viewport=TELEPHONE)
    first = page.locator(".action").first
    for part in (first.locator("h3"), first.locator(".before"), first.locator(".who")):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= TELEPHONE["height"]


@pytest.mark.parametrize("kind", EVERY)
def test_a_finding_is_a_card_of_one_screen_at_most(
    browser: Browser, page_of: Pages, kind: str
) -> None:
    page, _ = opened(browser, page_of(kind), viewport=TELEPHONE)
    page.evaluate(
        "for (const one of document.querySelectorAll('[data-folded] .group button')) one.click()"
    )
    heights = page.evaluate(
        "[...document.querySelectorAll('.finding')].map(one => one.getBoundingClientRect().height)"
    )
    bar = page.evaluate("document.getElementById('filters')?.getBoundingClientRect().height ?? 0")
    assert max(heights, default=0) <= TELEPHONE["height"] - bar
    assert kind == "calm" or min(heights) > 0
    displays = (
        "[...document.querySelectorAll('table, tr, td')].map(e => getComputedStyle(e).display)"
    )
    assert "table" not in "".join(page.evaluate(displays))
    page.set_viewport_size(DESK)
    assert kind == "calm" or "table-row" in page.evaluate(displays)


def test_accounts_are_folded_on_a_telephone_and_open_at_a_desk(
    browser: Browser, page_of: Pages
) -> None:
    page, _ = opened(browser, page_of("actions"), viewport=TELEPHONE)
    assert page.locator(".finding:visible").count() == 0
    button = page.locator(".group button").first
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator(".finding:visible").count() > 0
    wide, _ = opened(browser, page_of("actions"), viewport=DESK)
    assert wide.locator(".finding:visible").count() > 100


# -- without scripts -------------------------------------------------------------------------------


def test_without_scripts_everything_is_there(browser: Browser, page_of: Pages) -> None:
    for size in (TELEPHONE, DESK):
        page, _ = opened(browser, page_of("actions"), java_script_enabled=False, viewport=size)
        assert page.locator("#filters").is_hidden()
        every = page.locator("section[data-entity] .finding")
        assert every.count() > 100
        assert page.locator("section[data-entity] .finding:visible").count() == every.count()
        assert page.locator("main button:visible").count() == 0
        todo = page.locator(".finding summary").first
        todo.click()
        assert page.locator(".finding details p").first.is_visible()


def test_every_link_within_leads_somewhere_and_addresses_stay(
    browser: Browser, page_of: Pages
) -> None:
    addresses = []
    for kind in ("actions", "spanish"):
        page, _ = opened(browser, page_of(kind))
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids))
        links = page.evaluate(
            """() => [...document.querySelectorAll('a[href^="#"]')]
              .map(one => decodeURIComponent(one.hash))"""
        )
        assert {link.removeprefix("#") for link in links} <= set(ids)
        for part in ("entity-", "account-", "finding-", "action-"):
            assert any(link.startswith(f"#{part}") for link in links)
        addresses.append(
            sorted(id_ for id_ in ids if id_.startswith(("entity-", "account-", "fin")))
        )
    # By ids alone: in another language they are the same.
    assert addresses[0] == addresses[1]
