"""What controls say in other languages: of every control all of it, with the same values in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import get_args

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.naming import GivenNames
from rolecall.reports.report import detail_in_words
from rolecall.texts import ControlText, texts_of
from rolecall.usecases.runs.local import run_audit
from rolecall.vocabulary import Language
from tests.registries import MOMENTS, crowded, know_less

OTHERS = [language for language in get_args(Language) if language != "en"]
every_text = pytest.mark.parametrize(
    ("language", "id_"), [(language, id_) for language in OTHERS for id_ in catalogue()]
)
_COLUMN = re.compile(r"\b[a-z]+\.[a-z_]+\b")
_IDENTIFIER = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_ENGLISH = re.compile(r"\b(?:the|of|and|is|are|with|not|who|which|their)\b")
_TABLES = re.compile(r"\b(?:grants|logins|accounts|observations|contents)\b")


def said_in(language: Language, id_: str) -> ControlText:
    """Return what a control says in a language."""
    return texts_of(language).control(catalogue()[id_])


def details(detail: str | Mapping[str, str]) -> Mapping[str, str]:
    """Return templates of a detail by their reasons."""
    return detail if isinstance(detail, Mapping) else {"": detail}


def values(template: str) -> dict[str, str]:
    """Return the values of a template, each with how it is said: counted, around it, or alone."""
    kinds = {
        name: "around" if (words or "").startswith("?") else "counted" if words else "alone"
        for _, name, words, _ in Formatter().parse(template)
        if name is not None
    }
    return dict(sorted(kinds.items()))


def texts_for_people(said: ControlText) -> Iterator[str]:
    """Yield what is not for whoever keeps the registry."""
    yield from (said.title, said.rationale, said.remediation)
    yield from (re.sub(r"\{[^{}]*\}", "X", one) for one in details(said.detail).values())


@every_text
def test_all_of_it_is_there(language: Language, id_: str) -> None:
    said, ours = said_in(language, id_), catalogue()[id_]
    assert isinstance(said.detail, str) == isinstance(ours.detail, str)
    assert details(said.detail).keys() == details(ours.detail).keys()
    for text in (said.title, said.rationale, said.remediation, said.record):
        assert text == " ".join(text.split())
        assert len(text) > 20
    assert not said.title.endswith(".")
    sentences = (said.rationale, said.remediation, said.record, *details(said.detail).values())
    assert all(sentence.endswith(".") for sentence in sentences)


@every_text
def test_values_are_said_as_they_are_in_english(language: Language, id_: str) -> None:
    theirs, ours = details(said_in(language, id_).detail), details(catalogue()[id_].detail)
    for reason, template in ours.items():
        assert values(theirs[reason]) == values(template), reason


@every_text
def test_a_number_has_both_its_forms(language: Language, id_: str) -> None:
    for template in details(said_in(language, id_).detail).values():
        for _, name, words, _ in Formatter().parse(template):
            if name and words:
                assert words.count("|") == 1, template


@every_text
def test_the_same_columns_are_to_be_filled(language: Language, id_: str) -> None:
    theirs, ours = said_in(language, id_).record, catalogue()[id_].record
    assert sorted(_COLUMN.findall(theirs)) == sorted(_COLUMN.findall(ours))
    assert set(_TABLES.findall(theirs)) == set(_TABLES.findall(ours))


@every_text
def test_nobody_is_told_names_of_columns_or_english(language: Language, id_: str) -> None:
    said = said_in(language, id_)
    for text in texts_for_people(said):
        assert not _IDENTIFIER.search(text), text
        assert not _COLUMN.search(text), text
        assert not _ENGLISH.search(text), text
    assert not _ENGLISH.search(said.record)


@pytest.mark.parametrize("language", OTHERS)
def test_titles_tell_controls_apart(language: Language) -> None:
    titles = [said_in(language, id_).title for id_ in catalogue()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("language", OTHERS)
def test_every_finding_of_made_registries_can_be_said(language: Language) -> None:
    earlier = texts_of(language).words("reports")["evidence_of_earlier"].partition("{title}")[2]
    for seed in range(20):
        files = crowded(seed, has_waivers=True)
        files = know_less(files, seed) if seed % 2 else files
        report = run_audit(*files.read(), MOMENTS[seed % 4], lambda _: None)
        for one in report.findings:
            control = catalogue()[one.finding.control]
            finding = one.finding
            said = detail_in_words(
                control, finding.subject, finding.evidence, GivenNames({}), language
            )
            assert said.endswith(".")
            assert earlier not in said
            assert not re.search(r"[{}]|None|True|False|\b\d{4}-\d\d-\d\d", said), said
