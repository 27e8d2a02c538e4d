"""What is wrong with an input, in the language of whoever reads it."""

from __future__ import annotations

from msgspec.structs import replace

from rolecall.errors import Problem
from rolecall.texts import Texts

__all__ = ["told_problem"]


def told_problem(texts: Texts, problem: Problem) -> Problem:
    """Return a problem with its message in a language; where it is, and the value, are data."""
    said = texts.said(problem.message)
    return problem if said == problem.message else replace(problem, message=said)
