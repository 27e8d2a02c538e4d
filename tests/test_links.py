"""Every link of every page in the repository leads to a file, and to a heading of it."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    names = sorted(filter(None, listed.stdout.split("\0")))
    return [ROOT / name for name in names if (ROOT / name).is_file()]


@cache
def prose(path: Path) -> str:
    """Return a page without what stands in code: nothing there is a link or a heading."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`", lambda found: found[0].replace("[", "").replace("]", ""), text)


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as hosts of Markdown make them."""
    found: dict[str, int] = {}
    made = set()
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", prose(path), re.MULTILINE):
        text = re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        count = found[slug] = found.get(slug, -1) + 1
        made.add(f"{slug}-{count}" if count else slug)
    return frozenset(made)


def broken(path: Path, root: Path = ROOT) -> list[str]:
    """Return the links of a page that lead nowhere, or out of the repository."""
    found = []
    for link in [*LINK.findall(prose(path)), *REFERENCE.findall(prose(path))]:
        if urlsplit(link).scheme in ("http", "https", "mailto"):
            continue
        url, anchor = urldefrag(link)
        target = (path.parent / unquote(url)).resolve() if url else path
        if not target.exists() or not target.is_relative_to(root):
            found.append(f"{link}: no such file")
        elif anchor and (target.suffix != ".md" or unquote(anchor) not in anchors(target)):
            found.append(f"{link}: no such heading")
    return found


@pytest.mark.parametrize("path", tracked(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    assert broken(path) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One `two`: three\n\n# Twice\n\n# Twice\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n[a](#here) [b](other.md#one-two-three) [c](other.md#twice-1) [d](page.md)\n"
        "`[no](link.md)`\n```\n[no](link.md)\n```\n[web](https://x.example/#x)\n"
        "[e](gone.md) [f](#there) ![g](gone.png) [h](other.md#twice-2) [i](../outside.md)\n"
        "[`code`](gone.py)\n\n[j]: gone.txt\n",
        encoding="utf-8",
    )
    assert [link.partition(":")[0] for link in broken(page, tmp_path)] == [
        *("gone.md", "#there", "gone.png", "other.md#twice-2", "../outside.md", "gone.py"),
        "gone.txt",
    ]
