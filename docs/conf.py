"""How ``make site`` makes pages of this folder: Sphinx with MyST and Furo (docs/adr/0024).

The pages are plain Markdown that reads well where it lies: what only a site needs, the order of the
pages first of all, stands here. Nothing that is built asks anything of another host.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGE = ROOT / "layers" / "rolecall" / "rolecall" / "__init__.py"

project = "Rolecall"
author = PROJECT["authors"][0]["name"]
# It is read and not imported: where pages are made Rolecall is not installed.
release = re.search(r'^__version__ = "(.+)"$', PACKAGE.read_text(encoding="utf-8"), re.MULTILINE)[1]  # type: ignore[index]
html_title = f"Rolecall {release}"
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["*.py"]
nitpicky = True

# Headings are linked to as on every host of Markdown; the deepest that somebody links to is third.
myst_heading_anchors = 4
# A web address is one; whatever else a link says is a page, a heading or a file, or an error.
myst_url_schemes = ("http", "https", "mailto")

html_theme = "furo"
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_show_sourcelink = False
html_copy_source = False
html_permalinks_icon = "#"
html_static_path = ["_static"]
html_css_files = ["site.css"]
highlight_language = "text"
pygments_style = "friendly"
pygments_dark_style = "github-dark"

PAGES = {
    "Begin": [
        "start",
        "first-hour",
        "install",
        "controls",
        "auditor-sample",
        "reports",
        "actions",
        "languages",
    ],
    "Rely on it": ["ledger", "vault", "threat-model"],
    "Run it": [
        "rosters",
        "collect",
        "pipelines",
        "deploy",
        "never-tried",
        "users",
        "template-checks",
        "upgrade",
        "doctor",
        "runbooks",
        "cost",
        "scale",
        "api",
    ],
    "Why it is so": ["adr/README"],
}
"""The order of the pages; a page that is in none of the groups fails the build."""


def adapted(_: Any, name: str, source: list[str]) -> None:
    """Add to a page what leads on to others, and give files beside this folder as they are."""
    source[0] = re.sub(r"\]\((?=(?:\.\./)+[A-Z]+\.md\))", "](path:", source[0])
    if name == "index":
        for caption, pages in PAGES.items():
            source[0] += _tree(pages, f":caption: {caption}")
    elif name == "adr/README":
        source[0] += _tree(["*"], ":glob:")


def _tree(pages: list[str], option: str) -> str:
    return "\n".join(["", "", "```{toctree}", ":hidden:", option, "", *pages, "```", ""])


def setup(app: Any) -> None:
    """Take part in the build."""
    app.connect("source-read", adapted)
