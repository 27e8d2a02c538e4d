"""The catalogue itself: every control is complete, and both verdicts of it can be seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from string import Formatter

import msgspec
import pytest
from msgspec import structs

from rolecall.controls.catalogue import GROUPS, catalogue
from rolecall.controls.context import Context
from rolecall.engine import Evaluation, evaluate
from rolecall.model import SEVERITIES, Policy
from rolecall.reports.report import Report, lines
from rolecall.reports.values import Values
from rolecall.texts import texts_of
from rolecall.usecases.runs.local import run_audit
from tests import oracle
from tests.registries import (
    AS_OF,
    HEADERS,
    MOMENTS,
    RegistryFiles,
    crowded,
    day,
    know_less,
    moment,
    parish,
    read,
)

ROOT = Path(__file__).parents[2]
DIOCESE = ROOT / "examples" / "diocese"
FOLDERS = ROOT / "layers" / "rolecall" / "rolecall" / "controls"

every_control = pytest.mark.parametrize("id_", catalogue())


@cache
def diocese() -> Context:
    """Return the example registry."""
    return Context(*read(DIOCESE), AS_OF)


@cache
def evaluation() -> Evaluation:
    """Return what the engine says about the example registry."""
    return evaluate(diocese(), catalogue().values())


@cache
def report() -> Report:
    """Return the report on the example registry."""
    context = diocese()
    return run_audit(context.snapshot, context.policy, AS_OF, lambda _: None)


def test_ids_are_file_names() -> None:
    files = {
        (group, path.stem)
        for group in GROUPS
        for path in (FOLDERS / group).glob("*.py")
        if path.stem != "__init__"
    }
    found = [(control.group, id_.replace("-", "_")) for id_, control in catalogue().items()]
    assert set(found) == files
    assert len(found) == len({id_ for _, id_ in found})
    assert all(id_ == control.id for id_, control in catalogue().items())


def test_order_is_groups_then_ids() -> None:
    order = [(GROUPS.index(control.group), control.id) for control in catalogue().values()]
    assert order == sorted(order)


@every_control
def test_the_words(id_: str) -> None:
    control = catalogue()[id_]
    texts = [control.title, control.rationale, control.remediation, control.record, *templates(id_)]
    for text in texts:
        assert text == text.strip()
        assert len(text) > 20
        assert "  " not in text
    assert not control.title.endswith(".")
    assert all(text.endswith(".") for text in texts[1:])
    assert control.severity in SEVERITIES
    titles = [other.title for other in catalogue().values()]
    assert titles.count(control.title) == 1


def templates(id_: str) -> list[str]:
    """Return every template of a control's detail."""
    detail = catalogue()[id_].detail
    return list(detail.values()) if isinstance(detail, Mapping) else [detail]


@every_control
def test_needs_are_columns_or_settings(id_: str) -> None:
    stated = {field.name for field in structs.fields(Policy)}
    for need in catalogue()[id_].needs:
        table, _, name = need.partition(".")
        assert name in (stated if table == "policy" else HEADERS[table]), need


@every_control
def test_parameters_are_those_of_the_specification(id_: str) -> None:
    known = {"days", "days_lesser", "hours", "minimum", "maximum", "level", "individual_roles"}
    known |= {"platforms", "require_observation"}
    assert catalogue()[id_].parameters.keys() <= known
    [entry] = [entry for entry in oracle.CATALOGUE if entry.id == id_]
    assert catalogue()[id_].parameters.keys() == entry.defaults.keys()


@every_control
def test_both_verdicts_can_be_seen_in_the_example(id_: str) -> None:
    coverage = evaluation().coverage[id_]
    assert coverage.failed > 0
    if id_ == "policy-review-overdue":
        policy = structs.replace(diocese().policy, next_review=date(2026, 11, 2))
        context = Context(diocese().snapshot, policy, AS_OF)
        coverage = evaluate(context, [catalogue()[id_]]).coverage[id_]
        assert (coverage.failed, coverage.not_evaluated) == (0, 0)
    if id_ == "waiver-without-end":
        waivers = [one for one in diocese().policy.waivers if one.control != "dormant-account"]
        policy = structs.replace(diocese().policy, waivers=tuple(waivers))
        coverage = evaluate(
            Context(diocese().snapshot, policy, AS_OF), [catalogue()[id_]]
        ).coverage[id_]
    assert coverage.passed > 0


@every_control
def test_findings_say_what_their_evidence_says(id_: str) -> None:
    control = catalogue()[id_]
    line = lines(report())
    found = [tracked for tracked in report().findings if tracked.finding.control == id_]
    assert found
    for tracked in found:
        finding = tracked.finding
        evidence = msgspec.json.decode(finding.evidence)
        assert isinstance(evidence, dict)
        assert evidence
        detail = control.detail
        template = detail if isinstance(detail, str) else detail[evidence.get("because", "")]
        keys = finding.subject.keys().keys() | evidence.keys()
        assert {name for _, name, _, _ in Formatter().parse(template) if name} <= keys
        said = line(tracked)
        told = said.detail
        names = {id_: name for called in said.names.values() for id_, name in called.items()}
        assert told.endswith(".")
        assert not re.search(r"[{}]|None(?! of)|True|False|\bnull\b|\[\]", told)
        for name, value in (finding.subject.keys() | evidence).items():
            if isinstance(value, str) and f"{{{name}}}" in template:
                worded = f"{Values(texts_of('en')).told(name, value)}"
                assert names.get(value, worded).casefold() in told.casefold()


def every_breach() -> RegistryFiles:
    """Return incidents that are late in every way, which generated ones seldom are."""
    files = parish()
    [row] = files.tables["incidents"]
    row["opened_at"] = moment(-400)
    aware, due = ("", moment(-300)), (day(-1), day(1))
    done, told = ("", moment(-100), moment(-395)), (("no", ""), ("yes", ""), ("yes", moment(-100)))
    files.tables["incidents"] = [
        {
            **row,
            "id": f"i{number}",
            "aware_at": one,
            "notified_decision_at": decided,
            "due_on": day_,
        }
        | {"high_risk": risk, "subjects_told_at": at}
        for number, (one, decided, day_, (risk, at)) in enumerate(product(aware, done, due, told))
    ]
    return files


def every_domain() -> RegistryFiles:
    """Return websites whose domains are wrong in every way."""
    files = parish()
    first = {**files.tables["accounts"][0], "platform": "website", "domain_auto_renew": ""}
    files.tables["accounts"] += [
        {
            **first,
            "id": f"w{n}",
            "handle": f"w{n}",
            "domain_expires_on": end,
            "domain_registrant": who,
        }
        for n, (end, who) in enumerate(
            product((day(-1), day(10), day(99)), ("Diocese of Ellerwick", "Somebody Else"))
        )
    ]
    return files


def nobody_named() -> RegistryFiles:
    """Return a registry in which the head and IT are to remove people, and neither is named."""
    files = parish()
    for number, path in enumerate(("head", "it")):
        files.row("entities", number, head_id="", it_delegate_ids="")
        files.row("accounts", number, removal_path=path)
        files.row("logins", number, storage="safe")
    return files


def test_every_template_is_used_and_fits_its_evidence() -> None:
    """On made registries, as the example does not show every way to fail."""
    seen = set()
    crowds = [crowded(seed, has_waivers=True) for seed in range(120)]
    bare = [know_less(crowded(seed), seed) for seed in range(120)]
    for seed, files in enumerate([*crowds, *bare, every_breach(), every_domain(), nobody_named()]):
        files.policy = files.policy.replace("2027-01-31", "2026-10-31")
        files.policy += "[controls.too-many-administrators]\nmaximum = 3\n"
        files.policy += "[controls.observation-stale]\nrequire_observation = true\n"
        report = run_audit(*files.read(), MOMENTS[seed % 4], lambda _: None)
        line = lines(report)
        for tracked in report.findings:
            evidence = msgspec.json.decode(tracked.finding.evidence)
            told = line(tracked).detail
            assert told.endswith(".")
            assert not re.search(r"[{}]|None(?! of)|True|False|\bnull\b|\[\]", told)
            seen.add((tracked.finding.control, evidence.get("because", "")))
    for id_, control in catalogue().items():
        ways = control.detail if isinstance(control.detail, Mapping) else [""]
        assert {because for known, because in seen if known == id_} == set(ways), id_


@every_control
def test_evidence_never_holds_the_instant_of_the_audit(id_: str) -> None:
    """The same facts give the same evidence on the next night."""
    now = {f.id: f.evidence_digest for f in evaluation().findings if f.control == id_}
    context = Context(diocese().snapshot, diocese().policy, AS_OF.replace(hour=1))
    later = evaluate(context, [catalogue()[id_]]).findings
    assert now.items() <= {f.id: f.evidence_digest for f in later}.items()
    tomorrow = Context(diocese().snapshot, diocese().policy, AS_OF.replace(day=3))
    for finding in evaluate(tomorrow, [catalogue()[id_]]).findings:
        assert now.get(finding.id, finding.evidence_digest) == finding.evidence_digest


def test_evidence_holds_no_names_nor_addresses() -> None:
    people = diocese().snapshot.people
    for finding in evaluation().findings:
        text = finding.evidence.decode()
        assert "@" not in text, finding.control
        assert not any(person.name in text for person in people), finding.control
