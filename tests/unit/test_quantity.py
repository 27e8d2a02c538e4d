"""One day, and two days: no sentence has a number and a word that do not go together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec
import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.model import Subject
from rolecall.naming import GivenNames
from rolecall.quantity import counted
from rolecall.reports.report import detail_in_words
from tests.cloud import ROOT

FOLDERS = ("layers/rolecall/rolecall", "infra", "functions")
NOUNS = """
    accounts approvers audits batches changes checkpoints checks controls days entities
    entries errors executions files findings grants hours items lines logins minutes
    months nights people persons problems reasons records reports requests revocations
    rows seconds secrets shards steps things times users versions waivers warnings weeks
    years
"""
MANY = re.compile(
    r" (?:more |other |earlier |last |of its )?"
    rf"(?:{'|'.join(NOUNS.split())}|runs(?! on|, up| with))\b"
)

# A translation of the reports for people is another file of words, and their numbers are put in by
# three languages: they say a number beside a word, and not in a sentence, where it may be one.
KNOWN: dict[str, int] = {}
"""How many places do all the same; it only shrinks."""


def wrong(text: str) -> Iterator[str]:
    """Yield where a number of whatever size is followed by a word for many."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            for value, after in zip(node.values, node.values[1:], strict=False):
                if not isinstance(value, ast.FormattedValue) or not isinstance(after, ast.Constant):
                    continue
                if MANY.match(str(after.value)) and not _is_limit(value.value):
                    yield f"{{{ast.unparse(value.value)}}}{after.value!s}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for found in re.finditer(r"\{\w+(?::,)?\}", node.value):
                if MANY.match(node.value, found.end()):
                    yield node.value


def _is_limit(value: ast.expr) -> bool:
    """Tell whether a value is a constant of the program, which is more than one."""
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name) and value.id.isupper()


@pytest.mark.parametrize("folder", FOLDERS)
def test_numbers_are_said_with_their_word(folder: str) -> None:
    found = {
        str(path.relative_to(ROOT)): [*wrong(path.read_text(encoding="utf-8"))]
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    too_many = {name: said for name, said in found.items() if len(said) > KNOWN.get(name, 0)}
    assert too_many == {}, "rolecall.quantity.counted says one day and two days"
    assert {name: len(found[name]) for name in KNOWN if name in found} == {
        name: count for name, count in KNOWN.items() if name in found
    }


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ('f"{days:,} days"', True),
        ('f"locked for {x.days} days, and"', True),
        ('f"{len(all)} more nights"', True),
        ('"{count} more accounts"', True),
        ("f\"{counted(days, 'day')}, and\"", False),
        ('f"{_MOST:,} days"', False),
        ('f"{GOOD_FOR.days} days"', False),
        ('f"{person} manages"', False),
    ],
)
def test_what_is_looked_for(text: str, *, is_wrong: bool) -> None:
    assert bool([*wrong(text)]) is is_wrong


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("day",), "0 days"),
        (1, ("day",), "1 day"),
        (2, ("day",), "2 days"),
        (1_000, ("day",), "1,000 days"),
        (1, ("entity", "entities"), "1 entity"),
        (21, ("entity", "entities"), "21 entities"),
        (1, ("more night",), "1 more night"),
    ],
)
def test_counted(count: int, words: tuple[str, str], said: str) -> None:
    assert counted(count, *words) == said


@pytest.mark.parametrize(("number", "said"), [(1, "more than 1 day "), (90, "more than 90 days ")])
def test_findings_say_it_too(number: int, said: str) -> None:
    evidence = msgspec.json.encode({"last_post_on": "2026-01-01", "days": number})
    subject = Subject(kind="account", account="acc-001", entity="par-001")
    assert said in detail_in_words(
        catalogue()["dormant-account"], subject, evidence, GivenNames({})
    )


def test_evidence_that_is_no_number_is_that_of_an_earlier_release() -> None:
    evidence = msgspec.json.encode({"last_post_on": "2026-01-01", "days": "many"})
    subject = Subject(kind="account", account="acc-001", entity="par-001")
    told = detail_in_words(catalogue()["dormant-account"], subject, evidence, GivenNames({}))
    assert told.endswith("the evidence is that of an earlier release.")
