"""What formats for other people's pipelines need beside a report: rows, and problems of an input.

They point at rows of the registry, so they are made where the registry is at hand. What finds rows
is loaded when such a format is asked for: no other audit pays for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rolecall import __version__
from rolecall.errors import Problem
from rolecall.location import LocateProblem
from rolecall.texts import texts_of
from rolecall.vocabulary import Language

if TYPE_CHECKING:
    from rolecall.registry.locations import Locations

__all__ = ["located", "problems_in"]


def located(registry: Path, policy: Path | None) -> Locations:
    """Return what finds the rows of a registry.

    :param policy: as it was given; ``None`` for the one in or beside the registry.
    """
    from rolecall.registry.locations import Locations

    return Locations(registry, policy)


def problems_in(
    format_: str,
    errors: Sequence[Problem],
    warnings: Sequence[Problem],
    unlisted: int,
    locate: LocateProblem,
    language: Language = "en",
) -> Iterable[bytes]:
    """Return what is wrong with an input, each problem at its row.

    :param format_: ``sarif`` or ``junit``.
    :param unlisted: how many more problems there are.
    :param language: in which to say them.
    """
    texts = texts_of(language)
    if format_ == "junit":
        from rolecall.reports.junit_report import junit_problems

        return junit_problems(errors, warnings, unlisted, locate, texts)
    from rolecall.reports.sarif_problems import sarif_problems

    return sarif_problems(errors, warnings, unlisted, __version__, locate, texts)
