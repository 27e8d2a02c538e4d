"""Numbers, days and instants as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rolecall.quantity import counted
from rolecall.texts import texts_of
from tests.cloud import ROOT

EN, ES = texts_of("en"), texts_of("es")


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_000, "1,000", "1000"),
        (9_999, "9,999", "9999"),
        (10_000, "10,000", "10.000"),
        (1_234_567, "1,234,567", "1.234.567"),
        (-1_234, "-1,234", "-1234"),
        (-12_345, "-12,345", "-12.345"),
    ],
)
def test_whole_numbers(count: int, english: str, spanish: str) -> None:
    assert EN.number(count) == english
    assert ES.number(count) == spanish
    assert ES.filled("{count}", count=count) == spanish


def test_shares() -> None:
    assert EN.share(961) == "96.1 %"
    assert ES.share(961) == "96,1\u00a0%"
    assert (EN.share(1_000), ES.share(5)) == ("100.0 %", "0,5\u00a0%")


def test_days_and_instants() -> None:
    day, at = date(2026, 11, 2), datetime(2026, 11, 2, 0, 5, tzinfo=UTC)
    assert (EN.day(day), EN.told_day(day), EN.instant(at)) == (
        *("2026-11-02", "2026-11-02"),
        "2026-11-02 00:05 UTC",
    )
    assert ES.day(day) == ES.day(at) == "2 nov 2026"
    assert ES.told_day(day) == "2 de noviembre de 2026"
    assert ES.instant(at) == "2 de noviembre de 2026, 0:05 UTC"
    assert [ES.day(date(2026, month, 1)).split()[1] for month in (1, 5, 8, 9, 12)] == [
        *("ene", "may", "ago", "sept", "dic")
    ]
    # Wherever it was written down, it is told in UTC.
    there = datetime(2026, 11, 1, 22, 5, tzinfo=timezone(timedelta(hours=-2)))
    assert ES.instant(there) == ES.instant(at)


@pytest.mark.parametrize("count", [0, 1, 2, 1_000, 100_000])
def test_english_counts_as_everywhere_in_the_house(count: int) -> None:
    assert EN.counted(count, "day") == counted(count, "day")
    assert EN.counted(count, "is", "are") == counted(count, "is", "are")


def test_spanish_counts() -> None:
    said = [ES.counted(count, "hallazgo", "hallazgos") for count in (0, 1, 2, 10_000, 2_000_000)]
    assert said == [
        *("0 hallazgos", "1 hallazgo", "2 hallazgos", "10.000 hallazgos"),
        "2.000.000 de hallazgos",
    ]
    assert ES.filled("{n:cuenta|cuentas} de {of}", n=1, of=1_000) == "1 cuenta de 1000"
    assert ES.filled("{flag}", flag="sí") == "sí"


def test_the_page_of_the_documentation_writes_as_the_languages_do() -> None:
    page = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    page = page.replace("96,1 %", "96,1\u00a0%")
    at = datetime(2026, 11, 2, tzinfo=UTC)
    rows = {
        "a count": [f"{texts.number(1_234)} and {texts.number(12_345)}" for texts in (EN, ES)],
        "a share": [texts.share(961) for texts in (EN, ES)],
        "a day in a table": [texts.day(at.date()) for texts in (EN, ES)],
        "a day over a page": [texts.instant(at) for texts in (EN, ES)],
    }
    for name, told in rows.items():
        assert f"| {name} | {' | '.join(told)} |" in page
