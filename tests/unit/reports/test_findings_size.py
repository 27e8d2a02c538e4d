"""As many findings as a proof has can be read again, whatever they say and in whatever language."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec.structs import replace

from rolecall.ledger.bundle import MOST_LARGE
from rolecall.reports.report import lines
from rolecall.usecases.reporting.comparison import MOST_VALUES
from rolecall.usecases.reporting.export import MOST_PROVEN
from rolecall.usecases.runs.local import run_audit
from rolecall.vocabulary import Language
from tests.registries import AS_OF, read

DIOCESE = Path(__file__).parents[3] / "examples" / "diocese"


@pytest.mark.parametrize("language", get_args(Language))
def test_as_many_findings_as_are_proven_can_be_compared(language: Language) -> None:
    snapshot, policy = read(DIOCESE)
    report = run_audit(snapshot, replace(policy, language=language), AS_OF, lambda _: None)
    line = lines(report)
    told = [msgspec.json.encode(line(one)) for one in report.findings]
    # Were all of them of the kind that says the most.
    assert max(map(len, told)) * MOST_PROVEN < MOST_LARGE
    marks = [sum(one.count(mark) for mark in (b"[", b"{", b",")) for one in told]
    assert max(marks) * MOST_PROVEN < MOST_VALUES
