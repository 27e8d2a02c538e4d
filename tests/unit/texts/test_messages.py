"""Every message about an input is said in every language, and its values stay what they are."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from rolecall.texts import texts_of
from rolecall.texts.messages import PARTS, bare
from tests.unit.texts.test_tables import OTHERS, PACKAGE, TEXTS

ES = texts_of("es")
SAYING = (
    *sorted((PACKAGE / "registry").glob("*.py")),
    PACKAGE / "limits.py",
    PACKAGE / "usecases" / "runs" / "local.py",
    PACKAGE / "usecases" / "runs" / "integrity.py",
)
"""The modules that say what is wrong with an input. Why a check could not be made, and whether an
accepted finding holds, stands in the part ``reasons``."""
UNSAID = {
    "policy_template": "a policy to begin with, whose comments are English",
    "secret_words": "words by which secrets are known",
    "secret_columns": "words by which secrets are known",
    "words_for_nothing": "words by which nothing is known",
    "starting_workbook": "a workbook to begin with",
    "writing": "files that are written, and refusals to write them",
    "schema": "what a column is without its description: a fault of the code",
}
"""Modules with texts that are no messages about an input."""
DATA = {
    "Default policy",
    " on ",
    "column_{}",
    "ENTITIES#{}",
    "PEOPLE#{}",
    "{}{}{}",
    "{}, whose id is {}",
    ", or ",
    "field larger",
    "unexpected end",
    "expected after",
    "document {}",
    "read me",
    "{}: {} {}: {}",
    ", in row",
}
"""Texts that are parts of values, or are looked for in what libraries say."""


def templates(path: Path) -> Iterator[str]:
    """Yield the texts of a module that people could read, without the names of their values."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    apart = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            apart.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            apart |= set(map(id, node.values))
    for node in ast.walk(tree):
        if id(node) in apart:
            continue
        match node:
            case ast.Constant(value=str(text)):
                told = text
            case ast.JoinedStr(values=parts):
                told = "".join(
                    str(one.value) if isinstance(one, ast.Constant) else "{}" for one in parts
                )
            case _:
                continue
        if re.search(r"[a-z]{2} |\} [a-z]| [a-z]{2}", told):
            yield told


def said() -> set[str]:
    """Return all templates of the source."""
    return {one for path in SAYING if path.stem not in UNSAID for one in templates(path)} - DATA


def table(language: str) -> dict[str, str]:
    return tomllib.loads((TEXTS / language / "messages.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_said(language: str) -> None:
    # What may end with more also stands without it.
    every = {end for one in table(language) for end in (one, one.removesuffix("{near}"))}
    known = set(map(bare, every))
    assert sorted(said() - known) == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_is_said_that_nobody_says(language: str) -> None:
    told, parts = said(), {"{} account", "{} accounts"}
    bares = {bare(end) for one in table(language) for end in (one, one.removesuffix("{near}"))}
    # A word alone is a part of another message.
    stale = {one for one in bares - told - parts if " " in one and f"{one}{{}}" not in told}
    assert {one for one in stale if f"{one}{{}}" not in bares} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_values_are_those_of_the_english_message(language: str) -> None:
    for template, text in table(language).items():
        assert text.strip(), template
        ours = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        theirs = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        assert theirs <= ours, template
        # A value may stand twice in English; none is lost.
        assert ours - theirs <= {"other"}, template


@pytest.mark.parametrize("template", [one for one in table("es") if "{" in one])
def test_a_message_with_its_values_is_found_again(template: str) -> None:
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    values = {name: "" if name in ("near", "hint", "more") else f"x{name}" for name in names}
    english = template.format_map(values)
    spanish = table("es")[template].format_map(values)
    assert ES.said(english) == spanish


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("must be filled", "debe llenarse"),
        (
            "must be one of en, es; did you mean es?",
            "debe ser uno de estos: en, es; ¿quiso decir es?",
        ),
        (
            "unknown key; known here: name, version",
            "clave desconocida; aquí se conocen: name, version",
        ),
        ("no such entity; did you mean e1?", "no existe: entidad; ¿quiso decir e1?"),
        (
            "has 12,345 columns; at most 1,000 are read",
            "tiene 12.345 columnas; se leen 1000 como máximo",
        ),
        (
            "is UTF-16, not UTF-8; save it as CSV UTF-8",
            "es UTF-16, no UTF-8; guárdelo como CSV UTF-8",
        ),
        (
            "no such framework; did you mean cis_controls?; titles are given for cis_controls",
            "no existe ese marco normativo; ¿quiso decir cis_controls?; se dan títulos para "
            "cis_controls",
        ),
        ("is taken already, in row 3", "ya está en uso, en la fila 3"),
        ("what a later release says", "what a later release says"),
        ("", ""),
    ],
)
def test_messages_are_said_whole(english: str, spanish: str) -> None:
    assert ES.said(english) == spanish
    assert texts_of("en").said(english) == english


def test_what_somebody_else_wrote_stays_as_it_is() -> None:
    """A value that reads like a message is none: only what says what is right is said again."""
    assert "near" in PARTS
    assert "meant" not in PARTS
    told = ES.said("was taken for must be filled, who is called so")
    assert told == "se tomó por must be filled, que se llama así"
    hostile = "is not one of " + "a, " * 2_000 + "b"
    assert ES.said(hostile).startswith("no es ninguno de estos: a, a")
