"""The auditor's sample: drawn by its rule, with rows that are there, and read as it stands."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import re
import sys
from collections import Counter
from functools import cache
from types import ModuleType
from typing import Any

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.controls.catalogue import catalogue
from tests.cloud import ROOT
from tests.functional.command import EXAMPLE


@cache
def sample() -> ModuleType:
    """Return what makes the page."""
    spec = importlib.util.spec_from_file_location("auditor_sample", ROOT / "docs/auditor_sample.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    # Structs look their module up.
    sys.modules["auditor_sample"] = made
    spec.loader.exec_module(made)
    return made


@cache
def found() -> list[Any]:
    """Return the findings of the example, in words."""
    listed: list[Any] = sample().findings()
    return listed


def test_it_is_drawn_as_the_page_says() -> None:
    page = sample().sample_page()
    seed = re.search(r"of the text `([^`]+)`", page)
    assert seed is not None
    ids, used = [], set()
    for severity, count in (("critical", 5), ("high", 6), ("medium", 3), ("low", 1)):
        stratum = {
            hashlib.sha256(f"{seed[1]} {one.id}".encode()).hexdigest(): one
            for one in found()
            if one.severity == severity
        }
        room = count
        for digest in sorted(stratum):
            one = stratum[digest]
            if one.control not in used and room:
                used.add(one.control)
                ids.append(one.id)
                room -= 1
    assert [one.id for one in sample().drawn(found(), seed[1])] == ids
    assert len(ids) == 15
    assert len(re.findall(r"^## \d+\. ", page, re.MULTILINE)) == 15


def test_every_control_has_its_remarks() -> None:
    said = sample().remarks()["controls"]
    assert catalogue().keys() == said.keys()
    for what in ("apt", "unsaid"):
        texts = Counter(one[what] for one in said.values())
        assert all(text.endswith(".") for text in texts)
        assert max(texts.values()) == 1, "two controls have the same remark"


def test_what_is_cited_as_apt_is_what_is_cited() -> None:
    """A remark names no requirement that its control does not cite."""
    said = sample().remarks()["controls"]
    for id_, control in catalogue().items():
        cited = {
            one
            for field in control.references.__struct_fields__
            for one in getattr(control.references, field)
        }
        named = set(re.findall(r"\b(?:A\.\d\.\d+|[A-Z]{2}-\d+(?:\(\d+\))?)", said[id_]["apt"]))
        named |= {f"CC{one}" for one in re.findall(r"\bCC(\d\.\d)", said[id_]["apt"])}
        assert named <= cited, (id_, named - cited)


def test_everything_was_read_as_it_stands() -> None:
    made, said = sample(), sample().remarks()
    unread = [
        f"{one.control} {one.id}: of = {made.mark_of(one, said)!r}"
        for one in made.drawn(found(), made.SEED)
        if said["readings"].get(one.id, {}).get("of") != made.mark_of(one, said)
    ]
    assert not unread, "read again, and say so in docs/auditor_sample.toml (then make docs)"
    for reading in said["readings"].values():
        assert all(reading[who] for who in made.READERS)


def test_the_rows_are_those_of_the_example() -> None:
    tables = {}
    for path in EXAMPLE.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.name] = dict(enumerate(csv.DictReader(file), 2))
    for seed in ("Ellerwick 2026-11-02", "another", "a third"):
        page = sample().sample_page(seed)
        rows = re.findall(r"^(\w+\.csv), row (\d+): (.*)$", page, re.MULTILINE)
        assert len(rows) >= 15
        for name, number, cells in rows:
            row = tables[name][int(number)]
            for cell in cells.split("; "):
                column, _, text = cell.partition(": ")
                if column in row:
                    assert (row[column] or "(empty)").startswith(text), (name, number, cell)


def test_an_incident_names_nobody() -> None:
    made, said = sample(), sample().remarks()
    people = {one["id"] for one in made.tables()["people"]}
    told = [one for one in found() if one.subject.kind in CONFIDENTIAL]
    assert told
    for one in told:
        text = "\n".join(made.entry(one, said))
        assert not people & set(re.findall(r"[\w-]+", text)), one.control


def test_any_seed_draws_a_page() -> None:
    for number in range(25):
        page = sample().sample_page(str(number))
        assert "row" in page
