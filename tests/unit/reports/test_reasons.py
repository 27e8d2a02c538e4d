"""Why findings came and went, in words."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from msgspec.structs import replace

from rolecall.cli.finding_text import finding_text
from rolecall.looks import Opening
from rolecall.model import Subject
from rolecall.reports.words import (
    about_subjects,
    by_change,
    reason_in_words,
    reasons_in_words,
    status_in_words,
)
from rolecall.resolution import Resolution
from rolecall.run import CountedFinding, summary_of
from rolecall.texts import texts_of

EN = texts_of("en")
NONE = summary_of([], {})


def counted(status: str, account: str, **reasons: str | None) -> CountedFinding:
    """Return a finding that is counted."""
    told = {"resolution": None, "opening": None, **reasons}
    return CountedFinding("high", status, Subject("account", account=account), **told)


SOME = summary_of(
    [
        counted("new", "a1", opening="rule-changed"),
        counted("new", "a1"),
        counted("open", "a2"),
        counted("regressed", "a3"),
        counted("waived", "a4"),
        counted("resolved", "a5", resolution="fixed"),
        counted("resolved", "a6", resolution="rule-changed"),
        counted("resolved", "a7", resolution="policy-changed"),
    ],
    {},
)


@pytest.mark.parametrize("reason", [*get_args(Resolution), *get_args(Opening)])
def test_every_reason_has_words(reason: str) -> None:
    assert "-" not in reason_in_words(EN, reason)
    assert status_in_words(EN, "resolved", reason) == f"Resolved: {reason_in_words(EN, reason)}"


def test_what_a_later_release_says_is_said_as_it_stands() -> None:
    assert reason_in_words(EN, "law-changed") == "law changed"
    assert reason_in_words(EN, None) == ""
    assert status_in_words(EN, "new", None) == "New"


def test_a_summary_says_why() -> None:
    assert reasons_in_words(EN, "new", SOME) == " (1 rule changed)"
    assert reasons_in_words(EN, "resolved", SOME) == " (1 fixed, 1 policy changed, 1 rule changed)"
    assert reasons_in_words(EN, "regressed", SOME) == reasons_in_words(EN, "resolved", NONE) == ""
    assert "1 came and 2 went" in by_change(EN, SOME)
    assert by_change(EN, NONE) == ""


def test_subjects_are_counted_once_whatever_stands_about_them() -> None:
    assert (sum(SOME.standing.values()), SOME.standing_subjects) == (4, 3)
    assert about_subjects(EN, SOME) == "about 3 subjects"
    assert about_subjects(EN, replace(SOME, standing_subjects=1)) == "about 1 subject"
    # Of none there is nothing to say, and what an early release did not count nobody knows.
    assert (
        about_subjects(EN, NONE) == about_subjects(EN, replace(SOME, standing_subjects=None)) == ""
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"status": "resolved", "resolution": "rule-changed"}, "  (resolved: rule changed)"),
        ({"status": "open", "opening": "rule-changed"}, "  (came: rule changed)"),
        ({"status": "resolved", "resolution": "fixed", "opening": "rule-changed"}, "fixed)"),
        ({"status": "open", "resolution": None, "opening": None}, "  acc-1"),
        ({"status": "open"}, "  acc-1"),
    ],
)
def test_a_finding_of_the_api_says_why(more: dict[str, Any], told: str) -> None:
    one = {
        "severity": "high",
        "control": "no-removal-path",
        "entity": "e1",
        "subject": {"kind": "account", "account": "acc-1"},
        "evidence": {"removal_path": "none"},
    }
    assert next(finding_text(one | more)).endswith(told)
