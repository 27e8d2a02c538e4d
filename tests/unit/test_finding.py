"""Findings: ids that outlive the run, and evidence as exact bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.finding import canonical, digest, finding_id, identity, rank
from rolecall.model import SEVERITIES, Subject

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_canonical_evidence_to_the_byte() -> None:
    evidence = {
        "days": 90,
        "account_ids": ["a2", "a1"],
        "at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        "Zeta": None,
        "on": date(2026, 11, 2),
        "archive": False,
        "name": 'Ünïcode "q" \u2028',
    }
    expected = (
        '{"Zeta":null,"account_ids":["a2","a1"],"archive":false,"at":"2026-11-02T09:30:00Z",'
        '"days":90,"name":"Ünïcode \\"q\\" \u2028","on":"2026-11-02"}'
    ).encode()
    assert canonical(evidence) == expected
    assert digest(expected) == hashlib.sha256(expected).hexdigest()


@given(st.dictionaries(st.text(), VALUES))
def test_the_order_of_keys_never_shows(evidence: dict[str, Any]) -> None:
    backwards = dict(reversed(evidence.items()))
    assert canonical(backwards) == canonical(evidence)
    assert json.loads(canonical(evidence)) == evidence


def test_ids_are_pinned() -> None:
    """An id that changes with a release would make every finding new."""
    subject = Subject("grant", account="acc-1", person="p-2")
    said = b'["orphaned-admin","grant","acc-1","p-2"]'
    assert finding_id("orphaned-admin", subject) == hashlib.sha256(said).hexdigest()[:32]
    assert finding_id("orphaned-admin", subject) == "6e5dd6ed8c3c88f4d5a0288d2413fc6c"
    assert (
        finding_id("policy-review-overdue", Subject("policy")) == "7ce28e03aa46b8cd348730b85d6c3760"
    )


@given(st.lists(st.text()), st.lists(st.text()))
def test_parts_cannot_run_into_each_other(one: list[str], two: list[str]) -> None:
    assert (identity(*one) == identity(*two)) == (one == two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Subject("account", account="ab"), Subject("entity", entity="ab")),
        (Subject("grant", account="a", person="bc"), Subject("grant", account="ab", person="c")),
        (
            Subject("observation", platform="x", handle="y"),
            Subject("observation", platform="x", handle="y", email="z@z.example"),
        ),
    ],
)
def test_different_subjects_have_different_ids(one: Subject, two: Subject) -> None:
    assert finding_id("c", one) != finding_id("c", two)
    assert finding_id("c", one) != finding_id("d", one)


def test_ranks_are_worst_first() -> None:
    assert [rank(severity) for severity in SEVERITIES] == [0, 1, 2, 3]
    assert SEVERITIES[0] == "critical"
