"""Rows are put together by hand; their bytes are those of :mod:`csv`."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rolecall.model import Subject
from rolecall.reports.csv_report import COLUMNS, csv_document
from rolecall.reports.facts import Holders
from rolecall.reports.report import FindingLine
from rolecall.spreadsheet import guarded

TEXTS = st.text(st.sampled_from(",\"\r\n\t;' =+-@aé\u2028\x0b{}"), max_size=12)


@given(label=TEXTS, detail=TEXTS, title=TEXTS, person=TEXTS, value=TEXTS, entity=st.none() | TEXTS)
def test_the_bytes_are_those_of_the_standard_library(
    label: str, detail: str, title: str, person: str, value: str, entity: str | None
) -> None:
    evidence = msgspec.json.encode({"value": value})
    line = FindingLine(
        id="f-1",
        control="orphaned-admin",
        severity="critical",
        status="new",
        entity=entity,
        subject=Subject("grant", account="acc-1", person=person),
        label=label,
        title=title,
        detail=detail,
        evidence=msgspec.Raw(evidence),
        evidence_digest="d1",
        remediation="Remove, today.",
        references=msgspec.Raw(b"{}"),
        first_seen=datetime(2026, 11, 2, tzinfo=UTC),
        evaluated=True,
        resolution=None,
        waiver=None,
        record="Enter, the day.",
    )
    cells = [
        *("critical", "new", "orphaned-admin", guarded(entity or "")),
        *(guarded(title), guarded(person), guarded(label)),
        *(guarded(detail), "Remove, today.", title, "grant", "acc-1", guarded(person)),
        *("", "", "", "", "", "2026-11-02T00:00:00+00:00", "", "", "yes"),
        *(guarded(evidence.decode()), "d1", "f-1", "", "7", "", "Enter, the day."),
    ]
    expected = io.StringIO(newline="")
    csv.writer(expected).writerows([COLUMNS, cells, cells])
    holders = Holders(entities={entity or "": title}, heads={entity or "": person})
    made = b"".join(csv_document([line, line], 7, holders))
    assert made == codecs.BOM_UTF8 + expected.getvalue().encode()
