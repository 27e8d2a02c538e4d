"""Each language has every text, with the same values in it, and nothing that nobody says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest

from rolecall.adopt.collecting_fields import COLLECTED_FIELDS
from rolecall.looks import Opening
from rolecall.model import SEVERITIES, TABLES
from rolecall.presence import ROWS
from rolecall.resolution import Resolution
from rolecall.run import STATUSES
from rolecall.texts import MissingTextError, texts_of
from rolecall.vocabulary import Language

PACKAGE = Path(__file__).parents[3] / "layers" / "rolecall" / "rolecall"
TEXTS = PACKAGE / "texts"
LANGUAGES: tuple[Language, ...] = get_args(Language)
OTHERS = [language for language in LANGUAGES if language != "en"]
PARTS = sorted(path.stem for path in (TEXTS / "en").glob("*.toml"))
GROUPED = {"collected_values", "columns", "glossary", "reasons", "values"}
"""Those with texts in groups, whose keys are words of the registry."""
OF_DEEDS = {"steps", "actions"}
"""Those whose keys are made of deeds: test_action_steps.py and test_action_words.py in
tests/unit/reports say that each is asked for."""
SPOKEN = [part for part in PARTS if part != "forms"]


def table(language: str, part: str) -> dict[str, Any]:
    read = tomllib.loads((TEXTS / language / f"{part}.toml").read_text(encoding="utf-8"))
    if part not in GROUPED:
        return read
    return {f"{group}.{key}": text for group, texts in read.items() for key, text in texts.items()}


def values(template: str) -> dict[str, bool]:
    """Return the values that a template has a place for, and whether it gives them words."""
    fields = Formatter().parse(template)
    return {name: bool(words) for _, name, words, _ in fields if name is not None}


def forms(template: str) -> Iterator[str]:
    """Yield the words that a template gives to numbers."""
    return (words for _, name, words, _ in Formatter().parse(template) if name and words)


def test_every_language_is_a_folder_and_every_folder_a_language() -> None:
    folders = {path.name for path in TEXTS.iterdir() if (path / "forms.toml").is_file()}
    assert folders == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("part", SPOKEN)
def test_a_table_has_what_the_english_one_has(language: str, part: str) -> None:
    theirs, ours = table(language, part), table("en", part)
    assert list(theirs) == list(ours)
    for key, text in ours.items():
        assert theirs[key].strip(), key
        assert values(theirs[key]).keys() == values(text).keys(), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", SPOKEN)
def test_a_number_has_both_its_forms(language: str, part: str) -> None:
    for key, text in table(language, part).items():
        for words in forms(text):
            # An s makes a plural in English, and in no other language by itself.
            assert language == "en" or words.count("|") == 1, key
            assert all(words.split("|")), key


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_counted_is_counted_in_every_language(language: str) -> None:
    for part in SPOKEN:
        theirs, ours = table(language, part), table("en", part)
        bare = {key for key, text in ours.items() if any(values(text).values())}
        assert {key for key, text in theirs.items() if any(values(text).values())} >= bare


def sources() -> str:
    """Return what says texts: the modules, and the templates of pages."""
    paths = (*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/*"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


BY_NAME = {
    *SEVERITIES,
    *("new", "open", "regressed", "resolved", "waived"),
    *(f"reason_{one.replace('-', '_')}" for one in (*get_args(Resolution), *get_args(Opening))),
    *(f"no_{name}" for name in ROWS),
    *(f"heading_{field.name}" for fields in COLLECTED_FIELDS.values() for field in fields),
    *(f"rows_{name}" for name in TABLES),
    *(f"{kind}_{one}" for kind in ("severity", "count") for one in SEVERITIES),
    *(f"status_{one}" for one in STATUSES),
    *(f"counted_{severity}" for severity in SEVERITIES),
    *(f"headline_{severity}" for severity in SEVERITIES[:2]),
}
"""Keys that are made of a name."""


def test_every_text_is_said() -> None:
    told = sources()
    parts = (part for part in SPOKEN if part not in GROUPED | OF_DEEDS)
    keys = set(chain.from_iterable(table("en", part) for part in parts)) - BY_NAME
    assert sorted(key for key in keys if not re.search(rf"""(["'.]){key}\b""", told)) == []


def test_every_text_that_is_said_is_there() -> None:
    asked = re.compile(r"""\b(?:words|w)(?:\.|\[["']|\.at\(["'])(\w+)""")
    methods = {"at", "get", "items", "with_others", "format"}
    pages = (*(PACKAGE / "reports").rglob("*.py"), *PACKAGE.rglob("templates/*"))
    found = {key for path in pages for key in asked.findall(path.read_text(encoding="utf-8"))}
    assert found - methods - {key for part in SPOKEN for key in table("en", part)} == set()
    assert {"title", "do", "proof_means"} <= found
    assert set().union(*(table("en", part) for part in SPOKEN)) >= BY_NAME


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_an_error(language: Language) -> None:
    texts = texts_of(language)
    with pytest.raises(
        MissingTextError, match=f"texts/{language}/reports.toml has no text 'tilte'"
    ):
        texts.words("reports")["tilte"]
    with pytest.raises(MissingTextError, match=f"there is no texts/{language}/reprots.toml"):
        texts.words("reprots")
