"""What people read has names: an id stands only behind the name of one who is called alike."""

from __future__ import annotations

import csv
import re
from html import unescape
from pathlib import Path

import pytest

from tests.functional.command import EXAMPLE, rolecall
from tests.registries import crowded

TABLES = ("people", "accounts", "entities")
HANDLES = ("LinkedIn diocese-of-ellerwick",)
"""What looks like an id and is a handle."""


def ids_in(directory: Path) -> set[str]:
    """Return the ids of everybody and everything that has a name in a registry."""
    found = set()
    for table in TABLES:
        with (directory / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found |= {row["id"] for row in csv.DictReader(file)}
    return found


def told(directory: Path, format_: str, made: Path) -> str:
    """Return a report as its reader sees it."""
    command = ("audit", directory) if format_ == "table" else ("report", directory, "--format")
    rest = () if format_ == "table" else (format_, "--with-incidents")
    ended = rolecall(*command, *rest, "--as-of", "2026-11-02", "--output", made)
    assert ended.status in (0, 1), ended.stderr
    text = made.read_text(encoding="utf-8")
    if format_ == "html":
        text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = unescape(re.sub(r"<[^>]*>", " ", text))
    text = " ".join(text.split())
    for handle in HANDLES:
        text = text.replace(handle, " ")
    return text


@pytest.mark.parametrize("format_", ["table", "md", "html"])
def test_reports_of_the_example_have_names(format_: str, tmp_path: Path) -> None:
    text = told(EXAMPLE, format_, tmp_path / "made")
    assert "Mateus Winterbourne on Instagram @" in text.replace("\u2060", "")
    alone = re.sub(r"\([\w-]+\)", " ", text)
    assert ids_in(EXAMPLE) & set(re.findall(r"[\w-]+", alone)) <= {"ellerwick-herald"}


@pytest.mark.parametrize("format_", ["table", "md"])
def test_reports_of_made_registries_have_names(format_: str, tmp_path: Path) -> None:
    for seed in range(3):
        directory = tmp_path / str(seed)
        directory.mkdir()
        crowded(seed).write(directory)
        text = told(directory, format_, tmp_path / f"made-{seed}")
        alone = re.sub(r"\([aepl]\d\)", " ", text)
        assert not ids_in(directory) & set(re.findall(r"(?<![\w/.-])[aep]\d+(?![\w@-])", alone))
