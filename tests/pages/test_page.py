"""The page in a real browser: accessible by axe-core, light and dark; it loads nothing; it works.

Chromium comes from Debian, its driver and axe-core from PyPI.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.pages.reports import KINDS, made, need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need(CHROMIUM is not None, "needs chromium")
    need(
        importlib.util.find_spec("axe_playwright_python") is not None,
        "needs make test-pages, which installs playwright and axe-core",
    )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {kind: made(kind, tmp_path_factory.mktemp(kind)) / "report.html" for kind in KINDS}


def opened(browser: Browser, path: Path, **options: Any) -> tuple[Page, list[str]]:
    """Open a page; return it, and what it asked for and complained of."""
    page = browser.new_context(**options).new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(f"request {request.url}"))
    page.on("console", lambda message: heard.append(f"console {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.on("dialog", lambda dialog: heard.append(f"dialog {dialog.message}"))
    page.goto(path.as_uri())
    return page, heard


def violations(page: Page) -> list[str]:
    """Return what axe-core has against a page, of every rule that it has."""
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page).response
    assert len(response["passes"]) > 15
    return [
        f"{one['id']}: {one['help']}: {node['html'][:120]}"
        for one in response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_accessible(
    browser: Browser, reports: dict[str, Path], kind: str, scheme: str
) -> None:
    # axe-core is a script from outside, which the page's own policy would rightly not let in.
    page, _ = opened(browser, reports[kind], color_scheme=scheme, bypass_csp=True)
    assert violations(page) == []
    # Narrow as a telephone, and with everything that is hidden until somebody filters.
    page.set_viewport_size({"width": 360, "height": 640})
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


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_asks_for_nothing_and_runs_nothing_of_others(
    browser: Browser, reports: dict[str, Path], kind: str
) -> None:
    page, heard = opened(browser, reports[kind])
    page.wait_for_timeout(200)
    assert heard == [f"request {reports[kind].as_uri()}"]


def shown(page: Page) -> int:
    rows: int = page.locator("section[data-entity] tbody tr:visible").count()
    return rows


def test_findings_are_filtered_and_sorted(browser: Browser, reports: dict[str, Path]) -> None:
    page, heard = opened(browser, reports["example"])
    every = shown(page)
    assert every > 100
    page.select_option("#filter-severity", "critical")
    critical = shown(page)
    assert 0 < critical < every
    assert page.inner_text("#filter-count") == f"{critical} / {every}"
    page.fill("#filter-text", "no such words")
    assert shown(page) == 0
    page.fill("#filter-text", "")
    page.select_option("#filter-severity", "")
    assert shown(page) == every
    table = page.locator("table[data-sorts]").first
    button = table.locator("th button").first
    before = table.locator("tbody tr").all_inner_texts()
    button.click()
    button.click()
    after = table.locator("tbody tr").all_inner_texts()
    assert sorted(before) == sorted(after)
    assert before != after
    assert len(heard) == 1


def test_without_scripts_everything_is_there(browser: Browser, reports: dict[str, Path]) -> None:
    page, _ = opened(browser, reports["example"], java_script_enabled=False)
    assert page.locator("#filters").is_hidden()
    with_scripts, _ = opened(browser, reports["example"])
    assert shown(page) == shown(with_scripts)
    assert page.locator("th button").count() == 0


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_hangs_over_the_edge(
    browser: Browser, reports: dict[str, Path], kind: str, width: int
) -> None:
    page, _ = opened(browser, reports[kind], viewport={"width": width, "height": 800})
    size = page.evaluate("document.documentElement.scrollWidth")
    assert size <= width
