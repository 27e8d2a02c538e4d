"""What is wrong with an input as SARIF 2.1.0: each problem at its row, errors and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from rolecall.errors import Problem
from rolecall.finding import identity
from rolecall.location import LocateProblem, Location
from rolecall.reports.sarif import (
    closing,
    descriptor,
    driver,
    invocations,
    location,
    opening,
    plain,
)
from rolecall.texts import Texts

__all__ = ["sarif_problems"]

_encode = msgspec.json.Encoder().encode

_PROBLEM_RULES = (
    descriptor(
        "invalid-input",
        "error",
        "The registry and its policy have no errors.",
        "A registry or a policy with an error is not audited at all.",
        "Correct what the message names; rolecall validate lists all of it.",
    ),
    descriptor(
        "doubtful-input",
        "warning",
        "The registry says what is meant.",
        "The registry can be audited as it is, but something in it is probably not meant.",
        "Correct what the message names, or leave it if it is right.",
    ),
)


def sarif_problems(
    errors: Sequence[Problem],
    warnings: Sequence[Problem],
    unlisted: int,
    version: str,
    locate: LocateProblem,
    texts: Texts,
) -> Iterator[bytes]:
    """Yield what is wrong with an input in pieces, one problem on one line.

    :param unlisted: how many more problems there are.
    :param version: of Rolecall.
    """
    yield from opening()
    comma = b"\n"
    seen: Counter[str] = Counter()
    for index, problems in enumerate((errors, warnings)):
        for problem in problems:
            yield comma + _encode(_problem(texts, problem, index, locate(problem), seen))
            comma = b",\n"
    rest = texts.filled(texts.words("validation")["not_listed"], count=unlisted)
    more = [{"level": "error", "message": {"text": rest}}] if unlisted else []
    yield from closing(
        {
            "tool": {"driver": driver(version, _PROBLEM_RULES)},
            "automationDetails": {"id": "rolecall/validate/"},
            "invocations": invocations(more),
        }
    )


def _problem(
    texts: Texts, problem: Problem, index: int, where: Location, seen: Counter[str]
) -> Mapping[str, Any]:
    rule = _PROBLEM_RULES[index]
    parts = (problem.file, problem.column or "", problem.value or "", problem.message)
    # In English whatever the language: by it a problem is known again.
    base = identity("problem", *parts)
    seen[base] += 1
    column = "" if problem.column is None else f"{problem.column}: "
    shown = "" if problem.value is None else f" ({problem.value})"
    place = f"{where}: " if where.line is None and where.row is not None else ""
    return {
        "ruleId": rule["id"],
        "ruleIndex": index,
        "level": rule["defaultConfiguration"]["level"],
        "message": {"text": plain(f"{place}{column}{texts.said(problem.message)}{shown}")},
        "locations": [location(where)],
        "partialFingerprints": {"primaryLocationLineHash": f"{base}:{seen[base]}"},
    }
