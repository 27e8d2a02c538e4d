"""``rolecall adopt`` with the workbook of a report in which people wrote who does what."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rolecall.cli import worked
from rolecall.spreadsheet import REPORT_SHEET
from rolecall.texts import texts_of
from rolecall.vocabulary import Language
from tests.cloud import ROOT
from tests.filled import Rows, as_open_document, changed, saved, sheets_of
from tests.functional.command import Ended, rolecall
from tests.unit.reports.test_workbook import written

DIOCESE = ROOT / "examples" / "diocese"
CONTROL = "account-without-owner"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worked, "now", lambda: datetime(2026, 11, 9, tzinfo=UTC))


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    made = tmp_path / "diocese"
    made.mkdir()
    for path in DIOCESE.glob("*.*"):
        shutil.copy(path, made)
    return made


def findings_sheet(sheets: dict[str, Rows], language: Language = "en") -> Rows:
    return sheets[texts_of(language).words("reports")["findings"]]


def marking(
    language: Language = "en", *, done: str = "done_yes", who: str = "Ada", day: Any = ""
) -> Callable[[dict[str, Rows]], None]:
    """Return what writes into the first row of a control."""

    def mark(sheets: dict[str, Rows]) -> None:
        own, words = texts_of(language).words("workbook"), texts_of(language).words("reports")
        rows = findings_sheet(sheets, language)
        at = {name: column for column, name in enumerate(rows[0])}
        row = next(one for one in rows[1:] if one[at[words["control"]]] == CONTROL)
        row += [""] * (len(rows[0]) - len(row))
        row[at[own["who"]]] = who
        row[at[own["by_when"]]] = day
        row[at[own["done"]]] = own[done] if done else ""

    return mark


def back(registry: Path, data: bytes, *options: str) -> Ended:
    path = registry.parent / "worked.xlsx"
    path.write_bytes(data)
    return rolecall("adopt", path, "--into", registry, *options)


def content(registry: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(registry.iterdir())}


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_said_to_be_done_is_a_question_until_the_registry_says_so(
    registry: Path, language: Language
) -> None:
    data = changed(written(language), marking(language, day=date(2026, 12, 1)))
    before = content(registry)
    told = back(registry, data)
    assert told.status == 0, told.stderr
    assert "done, by Ada, until 2026-12-01" in told.text
    assert "is it so? 1 finding of it stands in the registry as it is" in told.text
    assert "1 row with something in it; 1 said to be done" in told.text
    assert content(registry) == before


def test_where_the_registry_says_so_there_is_nothing_to_ask(registry: Path) -> None:
    data = changed(written(), marking())
    policy = registry / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(f"{text}\n[controls.{CONTROL}]\nenabled = false\n", encoding="utf-8")
    told = back(registry, data)
    assert told.status == 0, told.stderr
    assert "and the registry says so too" in told.text
    assert "is it so?" not in told.text


def test_rows_are_known_wherever_they_stand_and_by_whatever_program(registry: Path) -> None:
    def moved(sheets: dict[str, Rows]) -> None:
        marking(done="done_started")(sheets)
        name = texts_of("en").words("reports")["findings"]
        head, *rows = sheets[name]
        width = len(head)
        order = [*range(5, width), *range(5)]
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
        sheets[name] = [["Our list"], *[[row[at] for at in order] for row in [head, *rows[::-1]]]]

    sheets = sheets_of(written())
    moved(sheets)
    for data in (saved(sheets, [REPORT_SHEET]), as_open_document(sheets)):
        told = back(registry, data, "--format", "json")
        assert told.status == 0, told.stderr
        (row,) = told.json["workbooks"][0]["rows"]
        assert (row["who"], row["progress"], row["still_found"]) == ("Ada", "under way", [])
        assert len(row["findings"]) == 1
        assert told.json["written"] is False


def test_another_word_is_no_yes(registry: Path) -> None:
    def mark(sheets: dict[str, Rows]) -> None:
        marking()(sheets)
        rows = findings_sheet(sheets)
        at = rows[0].index(texts_of("en").words("workbook")["done"])
        for row in rows[1:]:
            if len(row) > at and row[at]:
                row[at] = "I think so"

    told = back(registry, changed(written(), mark))
    assert "none of the words to choose from" in told.text
    assert "0 said to be done" in told.text


def test_a_secret_is_refused_and_not_repeated(registry: Path) -> None:
    told = back(registry, changed(written(), marking(who="password: kestrel-Anvil-0-plum")))
    assert told.status != 0
    assert "kestrel" not in told.stderr + told.text


def test_another_version_and_other_files_are_refused(registry: Path) -> None:
    data = written()

    def later(sheets: dict[str, Rows]) -> None:
        sheets[REPORT_SHEET][0][1] = "2"

    told = back(registry, changed(data, later))
    assert (told.status, "another version of rolecall report" in told.stderr) == (2, True)
    path = registry.parent / "accounts.csv"
    path.write_text("Account,Platform\nx,facebook\n", encoding="utf-8")
    told = rolecall("adopt", registry.parent / "worked.xlsx", path, "--into", registry)
    assert told.status != 0
    (registry.parent / "worked.xlsx").write_bytes(data)
    told = rolecall("adopt", registry.parent / "worked.xlsx", path, "--into", registry)
    assert (told.status, "adopt them apart" in told.stderr) == (2, True)


def test_an_untouched_one_says_nothing(registry: Path) -> None:
    told = back(registry, written())
    assert told.status == 0, told.stderr
    assert "0 rows with something in it" in told.text
