"""Workbooks that were made here and come back: each is taken as what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolecall.adopt.adoption import RegistryThere
    from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["came_back"]


def came_back(
    given: Sequence[tuple[str, bytes]],
    nothing: WordsForNothing,
    into: Path,
    there: Callable[[], RegistryThere],
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> bool:
    """Take back workbooks that were made here; tell whether they were.

    :param there: returns the registry as it is.
    """
    from rolecall.cli.collected import returned_books, take_back
    from rolecall.cli.worked import tell_work, worked_books

    if worked := worked_books(given, nothing):
        tell_work(worked, into, as_json=as_json)
    elif books := returned_books(given, nothing):
        take_back(books, there(), nothing, into, yes=yes, dry_run=dry_run, as_json=as_json)
    else:
        return False
    return True
