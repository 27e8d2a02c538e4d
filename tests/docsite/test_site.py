"""The site leads nowhere that is not there, asks nothing of other hosts, and is found offline."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from rolecall.controls.catalogue import catalogue
from tests.pages.reports import need

ROOT = Path(__file__).parents[2]
SITE = ROOT / "out" / "site"
PAGES = sorted(SITE.rglob("*.html"))
LOADING = {
    *(("script", "src"), ("img", "src"), ("img", "srcset"), ("link", "href"), ("iframe", "src")),
    *(("source", "src"), ("source", "srcset"), ("video", "src"), ("audio", "src")),
    *(("object", "data"), ("embed", "src"), ("form", "action"), ("base", "href")),
    *(("meta", "content"), ("use", "href"), ("image", "href"), ("input", "src")),
}
"""Attributes by which a page asks for something without anybody clicking."""


class Page(HTMLParser):
    """The links of a page, what it loads, and the ids that others can point at."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.ids.add(value)
            if tag == "a" and name == "href" and value:
                self.links.append(value)
            if (tag, name.removeprefix("xlink:")) in LOADING and value:
                self.loads.append(value)


@pytest.fixture(scope="module")
def pages() -> dict[Path, Page]:
    need(bool(PAGES), "needs make site")
    return {path: Page(path) for path in PAGES}


def test_every_page_of_the_folder_is_there(pages: dict[Path, Page]) -> None:
    sources = {
        path.relative_to(ROOT / "docs").with_suffix(".html")
        for path in (ROOT / "docs").rglob("*.md")
    }
    made = {path.relative_to(SITE) for path in pages}
    assert made - sources == {Path("search.html")}
    assert sources <= made
    # From the first page a reader gets to all of them.
    start = pages[SITE / "index.html"]
    seen = {unquote(urldefrag(link).url) for link in start.links}
    decisions = {f"adr/{urldefrag(link).url}" for link in pages[SITE / "adr" / "README.html"].links}
    assert {str(path) for path in sources} - {"index.html"} <= seen | decisions


def test_every_link_leads_somewhere(pages: dict[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            url, anchor = urldefrag(link)
            if urlsplit(url).scheme:
                continue
            target = (path.parent / unquote(url)).resolve() if url else path
            if target not in pages:
                if not target.is_file():
                    broken.append(f"{path.name}: {link}")
            elif anchor and unquote(anchor) not in pages[target].ids:
                broken.append(f"{path.name}: {link}")
    assert broken == []


def test_every_control_has_a_heading_to_point_at(pages: dict[Path, Page]) -> None:
    assert catalogue().keys() <= pages[SITE / "controls.html"].ids


def asked(directory: Path) -> Iterator[str]:
    """Yield what pages, styles and scripts in a directory load from another host."""
    for path in directory.rglob("*.html"):
        for value in Page(path).loads:
            if re.match(r"\s*([a-z]+:)?//", value, re.IGNORECASE):
                yield f"{path.name}: {value}"
        for style in re.findall(r"<style.*?</style>", path.read_text(encoding="utf-8"), re.DOTALL):
            yield from (f"{path.name}: {one}" for one in outside_of_style(style))
    for path in directory.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        yield from (f"{path.name}: {one}" for one in outside_of_style(text))
    for path in directory.rglob("*.js"):
        text = re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text("utf-8"), flags=re.S | re.M)
        for address in re.findall(r"""["'`](?:https?:)?//[^"'`\s]+""", text):
            # The name of a language is no address, and the index of the search is words.
            if "www.w3.org/2000/svg" not in address and path.name != "searchindex.js":
                yield f"{path.name}: {address}"


def outside_of_style(text: str) -> list[str]:
    return re.findall(
        r"""(?:url\(\s*["']?|@import\s+["']?)((?:https?:)?//[^)"'\s]+)""", text, re.IGNORECASE
    )


@pytest.mark.usefixtures("pages")
def test_nothing_is_asked_of_another_host() -> None:
    assert list(asked(SITE)) == []


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("x.html", '<script src="https://cdn.example/x.js"></script>'),
        ("x.html", '<link rel="stylesheet" href="//fonts.example/css">'),
        ("x.html", '<img src="HTTPS://pixel.example/x.gif">'),
        ("x.html", "<style>@import '//fonts.example/css';</style>"),
        ("x.css", "a { background: url(https://x.example/x.png) }"),
        ("x.js", "import('https://cdn.example/x.js')"),
    ],
)
def test_it_would_be_noticed(tmp_path: Path, name: str, planted: str) -> None:
    (tmp_path / name).write_text(planted, encoding="utf-8")
    assert len(list(asked(tmp_path))) == 1


@pytest.mark.parametrize(
    ("words", "page"), [("waiver", "first-hour.html"), ("orphaned-admin", "controls.html")]
)
@pytest.mark.usefixtures("pages")
def test_a_search_finds_it_without_a_server(tmp_path: Path, words: str, page: str) -> None:
    chromium = shutil.which("chromium")
    need(chromium is not None, "needs chromium")
    done = subprocess.run(
        [
            *(str(chromium), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *("--virtual-time-budget=10000", f"--user-data-dir={tmp_path}"),
            f"{(SITE / 'search.html').as_uri()}?q={words}",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    results = re.search(r'id="search-results".*?</ul>', done.stdout, re.DOTALL)
    assert results is not None, done.stdout[:2000]
    assert f'href="{page}' in results[0]
