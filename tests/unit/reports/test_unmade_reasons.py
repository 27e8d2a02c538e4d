"""Why a check could not be made is said in words for people, whatever a run recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import get_args

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.model import Policy, Subject
from rolecall.presence import ROWS, lacking
from rolecall.registry.schema import columns
from rolecall.reports.reasons import ReasonWords, waiver_in_words
from rolecall.run import WaiverOutcome
from rolecall.texts import texts_of
from rolecall.usecases.runs.local import run_audit
from rolecall.vocabulary import Language
from rolecall.waivers import WaiverStanding
from tests.registries import AS_OF, MOMENTS, crowded, know_less, parish

LANGUAGES: tuple[Language, ...] = get_args(Language)
_IDENTIFIER = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\b[a-z]+\.[a-z]")
every_language = pytest.mark.parametrize("language", LANGUAGES)


def needs() -> list[str]:
    """Return the columns and settings without which some control is not made."""
    found = {need for one in catalogue().values() for need in (*one.needs, *one.partly)}
    return sorted(found | {n for one in catalogue().values() for way in one.needs_one for n in way})


def without_a_need() -> Iterator[str]:
    """Yield why something is not there, for each need, as the context says it."""
    files = parish()
    snapshot, _ = files.read()
    bare = Context(snapshot, Policy(), AS_OF)
    for need in needs():
        table, _, name = need.partition(".")
        if table == "policy":
            yield (
                "the policy's privacy_law is none"
                if name == "privacy_law"
                else (f"the policy has no {name}")
            )
        else:
            yield f"{need} is not tracked"
    assert bare.lacks("policy.payees") == "the policy has no payees"
    assert bare.lacks("people.nothing") == "people.nothing is not tracked"
    yield from map(lacking, ROWS)


@cache
def recorded() -> frozenset[str]:
    """Return the reasons that runs over made registries record, and those of every need."""
    found = set(without_a_need())
    for seed in range(60):
        files = crowded(seed, has_waivers=True)
        files = know_less(files, seed) if seed % 2 else files
        report = run_audit(*files.read(), MOMENTS[seed % 4], lambda _: None)
        found |= {reason for one in report.coverage for reason in one.reasons}
    return frozenset(found)


@every_language
def test_every_reason_is_said_in_words_and_what_to_record_apart(language: Language) -> None:
    reasons = ReasonWords(texts_of(language))
    assert len(recorded()) > 90
    for reason in recorded():
        said = reasons.said(reason)
        assert said != reason, reason
        assert not _IDENTIFIER.search(said), said
        assert not re.search(r"[{}]", said)
        assert reasons.to_record(reason).endswith("."), reason


@every_language
def test_what_to_record_names_columns_that_there_are(language: Language) -> None:
    reasons = ReasonWords(texts_of(language))
    known = {
        f"{table}.{name}"
        for table in texts_of("en").groups("columns")
        for name in (columns(table) if table != "policy" else Policy.__struct_fields__)
    }
    for reason in recorded():
        assert set(re.findall(r"[a-z]+\.[a-z_]+", reasons.to_record(reason))) <= known, reason


def test_columns_in_words_are_those_that_there_are() -> None:
    for table, words in texts_of("en").groups("columns").items():
        own = columns(table) if table != "policy" else Policy.__struct_fields__
        assert set(words) <= set(own)


def test_a_holders_type_is_the_persons() -> None:
    reasons = ReasonWords(texts_of("en"))
    holder = "the holder's type is empty"
    assert reasons.said(holder) == (
        "Not on record of whoever has the access: in which capacity the person serves"
    )
    assert reasons.to_record(holder) == "Fill in people.type."
    assert reasons.to_record("the entity's head_id is empty") == "Fill in entities.head_id."


@every_language
def test_what_nobody_knows_is_said_as_it_was_recorded(language: Language) -> None:
    reasons = ReasonWords(texts_of(language))
    for reason in ("the moon is not up", "nothing_here is empty", "people.moon is not tracked"):
        assert reasons.said(reason) == reason
        assert reasons.to_record(reason) == ""


def outcome(standing: str, message: str = "") -> WaiverOutcome:
    """Return what became of a waiver."""
    subject = Subject("account", account="acc-1")
    day = date(2027, 1, 1)
    return WaiverOutcome("w", "orphaned-admin", subject, "why", ("p-1",), day, standing, message)


@every_language
@pytest.mark.parametrize("standing", get_args(WaiverStanding))
def test_every_standing_of_a_waiver_has_words(language: Language, standing: str) -> None:
    said = waiver_in_words(texts_of(language), outcome(standing))
    assert said
    assert standing == "applied" or said != standing


@every_language
def test_refusals_are_said_in_words_and_by_name(language: Language) -> None:
    texts = texts_of(language)
    names = {"p-1": "Ann", "p-2": "Ben"}
    messages = (
        "a critical finding takes 2 approvers; it has 1",
        "a high finding takes 1 approver; it has 0",
        "not an active person: p-1, p-2",
        "p-1 is the subject and cannot approve",
        'without an audit log it needs the evidence, such as evidence = "abc123"',
    )
    told = [waiver_in_words(texts, outcome("refused", one), names.__getitem__) for one in messages]
    bare = waiver_in_words(texts, outcome("refused"))
    assert all(one.startswith(f"{bare}: ") for one in told)
    assert len(set(told)) == len(told)
    assert "Ann, Ben" in told[2]
    assert "Ann" in told[3]
    assert not any("p-1" in one or "abc123" in one for one in told)


def test_a_refusal_in_english() -> None:
    message = "a critical finding takes 2 approvers; it has 1"
    assert waiver_in_words(texts_of("en"), outcome("refused", message)) == (
        "Does not hold: it takes 2 people to accept a finding of this severity (critical); it has 1"
    )


@every_language
def test_a_waiver_of_a_run_is_refused_in_words(language: Language) -> None:
    """What runs record of waivers is recognised: nothing of it is said as it was recorded."""
    texts = texts_of(language)
    seen = set()
    for seed in range(60):
        report = run_audit(*crowded(seed, has_waivers=True).read(), AS_OF, lambda _: None)
        for one in report.heading().waivers:
            seen.add(one.standing)
            if one.standing == "refused":
                assert waiver_in_words(texts, one).count(": ") >= 1, one.message
    assert "refused" in seen
