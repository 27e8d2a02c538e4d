"""The table of formats: what is derived from it agrees with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rolecall.errors import UsageError
from rolecall.reports.formats import (
    FACTS,
    FINDINGS,
    FORMATS,
    FORMER,
    KEPT,
    content_type,
    format_named,
    known,
    missing,
    short_names,
)
from tests.cloud import template

ROOT = Path(__file__).parents[3]


def test_names_are_unique_and_lead_to_their_format() -> None:
    shorts = short_names()
    assert len(set(shorts)) == len(shorts) == len(FORMATS)
    for short in shorts:
        assert FORMATS[format_named(short).name].short == short


def test_what_is_kept_begins_with_what_the_others_are_made_of() -> None:
    assert KEPT[:2] == (FINDINGS, FACTS)
    assert set(KEPT) - {FACTS} == {name for name, one in FORMATS.items() if one.is_kept}


@pytest.mark.parametrize("parameter", ["Reports", "EntityReports"])
def test_the_template_names_reports_that_there_are(parameter: str) -> None:
    default = template()["Parameters"][parameter]["Default"].split(",")
    assert known(default) == set(default)
    if parameter == "Reports":
        assert set(default) == set(KEPT) - {FACTS}


@pytest.mark.parametrize("name", ["report.exe", "pdf", "", "findings.csv ", "../findings.csv"])
def test_an_unknown_name_is_an_error(name: str) -> None:
    with pytest.raises(UsageError, match="there is no report"):
        known([FINDINGS, name])
    with pytest.raises(KeyError):
        content_type(name)


def test_an_unknown_short_name_is_an_error_that_lists_the_others() -> None:
    with pytest.raises(UsageError, match="no format docx; there are json, csv"):
        format_named("docx")


def test_what_is_missing_is_known_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing(KEPT) == []
    monkeypatch.setattr("rolecall.reports.formats.find_spec", lambda _: None)
    assert missing(["findings.csv", FACTS]) == []
    assert missing(KEPT) == ["jinja2", "typst"]


def test_what_points_at_rows_is_made_where_rows_are() -> None:
    located = [one for one in FORMATS.values() if one.has_rows]
    assert {one.short for one in located} == {"sarif", "junit"}
    assert set(short_names()) - set(short_names(rows=False)) == {one.short for one in located}
    for one in located:
        # No night has rows, and no bundle could make it again.
        assert not one.is_kept
        with pytest.raises(UsageError, match="there is no report"):
            known([one.name])


def test_what_earlier_releases_called_a_file_may_still_be_asked_for() -> None:
    """The parameter of a stack that was deployed by one still says so."""
    assert not set(FORMER) & set(FORMATS)
    for old, new in FORMER.items():
        assert known([old, FACTS]) == {new, FACTS}
        assert new in KEPT


def test_the_page_about_reports_lists_every_format() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    for name in (*FORMATS, FACTS):
        assert re.search(rf"`{re.escape(name)}`", page), name
