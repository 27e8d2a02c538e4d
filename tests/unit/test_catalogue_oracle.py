"""Every control against an independent reading of the specification, on generated registries."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import Evaluation, evaluate
from rolecall.model import Subject
from tests import oracle
from tests.registries import MOMENTS, RegistryFiles, read, read_rows, registries, written

DIOCESE = Path(__file__).parents[2] / "examples" / "diocese"


def named(subject: Subject) -> oracle.Subject:
    """Return a subject of the package as the oracle writes it."""
    return (subject.kind, *subject.keys().values())


def both(directory: Path, as_of: datetime) -> tuple[Evaluation, dict[str, oracle.Verdicts]]:
    """Audit a directory with the package and with the oracle."""
    snapshot, policy = read(directory, as_of.date())
    ours = evaluate(Context(snapshot, policy, as_of), catalogue().values())
    tables, columns = read_rows(directory)
    document: dict[str, Any] = tomllib.loads((directory / "policy.toml").read_text("utf-8"))
    return ours, oracle.audit(tables, columns, document, as_of)


def compare(ours: Evaluation, theirs: dict[str, oracle.Verdicts]) -> None:
    """Hold two audits against each other, control by control."""
    failed: dict[str, dict[oracle.Subject, str]] = {id_: {} for id_ in catalogue()}
    for finding in ours.findings:
        subject = named(finding.subject)
        assert subject not in failed[finding.control], f"{finding.control} twice on {subject}"
        failed[finding.control][subject] = finding.severity
    assert set(theirs) == set(catalogue())
    differing = []
    for id_, expected in theirs.items():
        subject = catalogue()[id_].subjects.subject
        undecided = {named(subject(item)) for item in ours.undecided.get(id_, ())}
        counted = ours.coverage[id_].not_evaluated
        if failed[id_] != expected.failed:
            only = failed[id_].items() ^ expected.failed.items()
            differing.append(
                (id_, "failed", {one: (failed[id_].get(one), expected.failed.get(one)) for one, _ in only})
            )
        if undecided != expected.not_evaluated:
            differing.append((id_, "not evaluated (ours, oracle)", {
                one: (one in undecided, one in expected.not_evaluated)
                for one in undecided ^ expected.not_evaluated
            }))
        if expected.whole_run and id_ not in ours.missing:
            differing.append((id_, "the oracle cannot evaluate it at all", {}))
        if not expected.whole_run and counted != len(undecided):
            differing.append((id_, f"{counted} not evaluated, {len(undecided)} named", {}))
    assert not differing, "\n".join(map(str, differing))


@given(registries(), st.sampled_from(MOMENTS))
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
def test_generated_registries(files: RegistryFiles, as_of: datetime) -> None:
    with written(files) as directory:
        compare(*both(directory, as_of))
