"""What controls say to people is in words of people; only what to write down names columns.

Whoever reads a finding on paper has never seen a table of the registry. So what is wrong, and what
to do about it, names no table, column or setting; what to write down then stands apart, and names
those that there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter

import msgspec
import pytest
from msgspec import structs

from rolecall.controls.catalogue import catalogue
from rolecall.controls.control import Params
from rolecall.model import TABLES, Policy, Waiver
from rolecall.naming import GivenNames
from rolecall.registry.schema import columns
from rolecall.reports.report import detail_in_words
from rolecall.reports.values import Values, value_words
from rolecall.texts import texts_of
from rolecall.usecases.runs.local import run_audit
from tests.registries import MOMENTS, crowded, know_less

every_control = pytest.mark.parametrize("id_", catalogue())

TEXTS = texts_of("en")
VALUE_WORDS = TEXTS.groups("values")
told = Values(TEXTS).told
COLUMNS = {table: frozenset(columns(table)) for table in TABLES}
SETTINGS = {
    "policy": frozenset(field.name for field in structs.fields(Policy)),
    "waivers": frozenset(field.name for field in structs.fields(Waiver)),
}
NAMES = {name for names in (*COLUMNS.values(), *SETTINGS.values()) for name in names}
NAMES |= {field.name for field in structs.fields(Params)} | {*TABLES, "policy", "waivers"}
CHOICES = {word for table in TABLES for one in columns(table).values() for word in one.choices}
ORDINARY = {
    *("entities", "people", "accounts", "logins", "incidents", "contents", "policy", "waivers"),
    *("id", "name", "status", "type", "platform", "platforms", "handle", "role", "audience"),
    *("archive", "storage", "strength", "sanction", "investigators", "payees", "portfolios"),
    *("version", "reason", "evidence", "control", "controls", "subject", "severity", "enabled"),
    *("days", "hours", "minimum", "maximum", "level", "digest", "citations"),
}
"""Names of tables, columns and settings that are words of people as well, and what these mean."""
_IDENTIFIER = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_DOTTED = re.compile(r"\b([a-z]+)\.([a-z_]+)\b")
_STATUS_SPEECH = re.compile(r"\b\w+: \w+, \w+_\w+|\b(?:None(?! of)|null)\b|\(\)")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def names_in(text: str) -> set[str]:
    """Return the names of tables, columns and settings that a text has, and that no person says."""
    identifiers = set(_IDENTIFIER.findall(text))
    words = set(re.findall(r"[a-z_]+", text))
    return (
        identifiers | {".".join(one) for one in _DOTTED.findall(text)} | words & (NAMES - ORDINARY)
    )


def templates(id_: str) -> Mapping[str, str]:
    """Return the templates of a control's detail by their reasons."""
    detail = catalogue()[id_].detail
    return detail if isinstance(detail, Mapping) else {"": detail}


@cache
def said_of_made_registries() -> Mapping[str, frozenset[str]]:
    """Return what is said of the findings of made registries, by control."""
    found: dict[str, set[str]] = {id_: set() for id_ in catalogue()}
    for seed in range(40):
        files = crowded(seed, has_waivers=True)
        files = know_less(files, seed) if seed % 2 else files
        report = run_audit(*files.read(), MOMENTS[seed % 4], lambda _: None)
        for one in report.findings:
            control = catalogue()[one.finding.control]
            keys = one.finding.subject.keys()
            said = detail_in_words(
                control, one.finding.subject, one.finding.evidence, GivenNames({})
            )
            assert not unsaid(control.id, one.finding.evidence), said
            # What the registry calls things is the organisation's own: it may look like anything.
            for value in sorted({*keys.values(), *_texts(one.finding.evidence)}, key=len)[::-1]:
                said = said.replace(value, "X") if value not in VALUE_NAMES else said
            found[control.id].add(said)
    return {id_: frozenset(texts) for id_, texts in found.items()}


def unsaid(id_: str, evidence: bytes) -> set[str]:
    """Return what a sentence says as it is, and that is not there."""
    values = msgspec.json.decode(evidence)
    template = templates(id_)[values.get("because", "")]
    return {name for name, value in values.items() if not value and f"{{{name}}}" in template} - {
        # Zero is a strength.
        "strength"
    }


VALUE_NAMES = {name for words in VALUE_WORDS.values() for name in words}


def _texts(evidence: bytes) -> Iterator[str]:
    values = msgspec.json.decode(evidence)
    for value in values.values() if isinstance(values, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one:
                yield one


@every_control
def test_nobody_is_told_names_of_columns(id_: str) -> None:
    control = catalogue()[id_]
    for text in (control.title, control.rationale, control.remediation):
        assert not names_in(text), text
    for template in templates(id_).values():
        said = _PLACEHOLDER.sub("X", template)
        assert not names_in(said), template


@every_control
def test_findings_are_told_in_words_of_people(id_: str) -> None:
    for said in said_of_made_registries()[id_]:
        assert not names_in(said), said
        assert not _STATUS_SPEECH.search(said), said


@every_control
def test_every_remedy_says_what_to_do_and_what_to_record(id_: str) -> None:
    control = catalogue()[id_]
    assert len(control.remediation.split()) >= 5
    assert control.record, "whoever keeps the registry is told nothing, and the finding stays"
    tables = {table for table in TABLES if re.search(rf"\b{table}\b", control.record)}
    assert tables | {table for table, _ in _DOTTED.findall(control.record)}


@every_control
def test_what_to_record_names_columns_that_there_are(id_: str) -> None:
    record = catalogue()[id_].record
    for table, name in _DOTTED.findall(record):
        assert name in {**COLUMNS, **SETTINGS}[table], f"{table}.{name}"
    bare = set(_IDENTIFIER.findall(_DOTTED.sub("", record))) - CHOICES
    assert not bare, "a column stands with its table, such as grants.revoked_on"


@pytest.mark.parametrize("key", VALUE_WORDS)
def test_words_for_values_are_words_of_people(key: str) -> None:
    for name, words in VALUE_WORDS[key].items():
        assert not names_in(words)
        assert told(key, name) == words
        assert told(key, [name, name]) == f"{words}, {words}"


def spoken() -> Iterator[tuple[str, str]]:
    """Yield the keys of evidence that a template says, with the control."""
    for id_ in catalogue():
        for template in templates(id_).values():
            yield from ((id_, name) for _, name, _, _ in Formatter().parse(template) if name)


def test_every_word_of_a_closed_vocabulary_has_words_for_people() -> None:
    """A column of closed vocabulary that a sentence says has words for each of its values."""
    closed = {
        name: set(column.choices)
        for table in TABLES
        for name, column in columns(table).items()
        if column.choices
    }
    closed["status"] = {
        *columns("people")["status"].choices,
        *columns("accounts")["status"].choices,
    }
    said = {name for _, name in spoken()} & closed.keys()
    assert said >= {"status", "role", "type", "storage", "sanction"}
    for name in said:
        assert closed[name] <= value_words(TEXTS, name).keys(), name


def test_what_is_missing_is_said_in_words() -> None:
    """Lists of columns in evidence are lists of columns that there are, all of them in words."""
    every = {name for names in COLUMNS.values() for name in names}
    for key in ("missing", "columns"):
        assert VALUE_WORDS[key].keys() <= every


def test_a_template_says_something_else_without_a_value() -> None:
    template = "left{left_on:? on %|}, and {level:?has %|has none}; {days:day}"
    there = {"left_on": "2026-10-01", "level": "C", "days": 3}
    said = {key: told(key, value) for key, value in there.items()}
    assert template.format_map(said) == "left on 2026-10-01, and has C; 3 days"
    without = {
        key: told(key, value) for key, value in (("left_on", None), ("level", []), ("days", 1))
    }
    assert template.format_map(without) == "left, and has none; 1 day"
    assert "{left_on}".format_map(without) == "nothing"


@pytest.mark.parametrize(
    "text",
    [
        "Fill in attested_on.",
        "The status is (status: left, left_on: 2026-10-01).",
        "Add a row to grants.",
        "Enter it in accounts.archive.",
        "Fill in mfa.",
    ],
)
def test_a_name_of_a_column_is_noticed(text: str) -> None:
    assert names_in(text)
