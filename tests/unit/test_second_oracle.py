"""Every control against the second reading of its pages, on audits of its own.

Two who read one page and agree may both be wrong, but not by chance in the same way: whoever wrote
:mod:`tests.second_oracle` had seen neither the engine nor the first oracle.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import Evaluation, evaluate
from rolecall.model import Subject
from tests import second_oracle
from tests.registries import AS_OF, read
from tests.second_oracle.audits import Audit, audits
from tests.second_oracle.rules import RULES, Name
from tests.tiers import TIER, cases

DIOCESE = Path(__file__).parents[2] / "examples" / "diocese"
ALWAYS_EVALUATED = {
    "orphaned-admin",
    "suspended-admin",
    "sole-administrator",
    "too-many-administrators",
    "duplicate-account",
    "waiver-without-end",
}
"""What these look at is there in every registry."""


def named(subject: Subject) -> Name:
    """Return a subject as the oracle names it."""
    return (subject.kind, *subject.keys().values())


def differences(ours: Evaluation, theirs: dict[str, second_oracle.Verdicts]) -> list[object]:
    """Return where two audits differ: the control, what about it, what either says."""
    failed: dict[str, dict[Name, str]] = {id_: {} for id_ in catalogue()}
    found: list[object] = []
    for finding in ours.findings:
        name = named(finding.subject)
        if name in failed[finding.control]:
            found.append((finding.control, "twice", name))
        failed[finding.control][name] = finding.severity
    for id_, expected in theirs.items():
        subject = catalogue()[id_].subjects.subject
        undecided = {named(subject(item)) for item in ours.undecided.get(id_, ())}
        for name in failed[id_].keys() | expected.failed.keys():
            pair = failed[id_].get(name), expected.failed.get(name)
            if pair[0] != pair[1]:
                found.append((id_, "failed: (package, oracle)", name, pair))
        if expected.is_left_out != (id_ in ours.missing):
            found.append((id_, "left out: (package, oracle)", id_ in ours.missing))
        elif undecided != expected.not_evaluated and not expected.is_left_out:
            only = undecided - expected.not_evaluated, expected.not_evaluated - undecided
            found.append((id_, "not evaluated: (package only, oracle only)", only))
        counted = ours.coverage[id_]
        if counted.passed != expected.passed.total():
            found.append((id_, "passed", counted.passed, expected.passed.total()))
    return found


def audited(audit: Audit) -> tuple[Evaluation, dict[str, second_oracle.Verdicts]]:
    """Audit once with the package and once with the second oracle."""
    ours = evaluate(Context(*audit), catalogue().values())
    return ours, second_oracle.audit(*audit)


def test_generated_audits() -> None:
    """Neither may the two differ, nor may the audits leave a verdict of a control untried."""
    tried: dict[str, Counter[str]] = {id_: Counter() for id_ in RULES}
    for number, audit in enumerate(audits(cases("second readings"))):
        ours, theirs = audited(audit)
        assert not (found := differences(ours, theirs)), (number, *found)
        for id_, verdicts in theirs.items():
            tried[id_]["passed"] += verdicts.passed.total()
            tried[id_]["failed"] += len(verdicts.failed)
            tried[id_]["not evaluated"] += verdicts.is_left_out or len(verdicts.not_evaluated)
            for severity in verdicts.failed.values():
                tried[id_][severity] += 1
    if TIER == "test":
        # So few may leave a verdict untried.
        return
    missing = {
        (id_, word)
        for id_, counts in tried.items()
        for word in ("passed", "failed", "not evaluated")
        if not counts[word] and not (word == "not evaluated" and id_ in ALWAYS_EVALUATED)
    }
    assert not missing, "no audit in which these come out"


def test_the_example_registry() -> None:
    assert differences(*audited(Audit(*read(DIOCESE), AS_OF))) == []


def test_the_same_controls() -> None:
    assert set(RULES) == set(catalogue())
    for id_, one in RULES.items():
        control = catalogue()[id_]
        assert control.severity == one.severity, id_
        assert {name: _plain(value) for name, value in control.parameters.items()} == {
            name: _plain(value) for name, value in one.defaults.items()
        }, id_


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset | tuple) else value
