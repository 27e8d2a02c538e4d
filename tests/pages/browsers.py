"""A browser that looks at pages, and what it hears of them. Chromium comes from Debian, its driver
and axe-core from PyPI."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.pages.reports import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
TELEPHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}


@contextmanager
def started() -> Iterator[Browser]:
    """Start a browser, or skip the test where there is none."""
    need(CHROMIUM is not None, "needs chromium")
    need(
        importlib.util.find_spec("axe_playwright_python") is not None,
        "needs make test-pages, which installs playwright and axe-core",
    )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(
    browser: Browser, path: Path, address: str = "", **options: Any
) -> tuple[Page, list[str]]:
    """Open a page; return it, and what it asked for and complained of."""
    page = browser.new_context(**options).new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(f"request {request.url}"))
    page.on("console", lambda message: heard.append(f"console {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.on("dialog", lambda dialog: heard.append(f"dialog {dialog.message}"))
    page.goto(path.as_uri() + address)
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
