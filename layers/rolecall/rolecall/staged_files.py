"""Several files of a directory that change together, or not at all.

What is written lies in a directory of its own within, ``.rolecall-staged``, until all of it is on
disk; then a file there says so, and each takes its place. Whoever is interrupted before leaves what
was there as it was; whoever is interrupted after leaves the rest to the next who writes there, and
:func:`unfinished` tells everybody else that a part of it is old.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from rolecall.durable import make_directory, replace, sync_directory

__all__ = ["finish", "unfinished", "write_together"]

_STAGED = ".rolecall-staged"
_COMPLETE = ".complete"


def write_together(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write files of a directory, which is made where there is none: all of them or none.

    :param files: what each is to hold, by its name.
    :raises OSError: they cannot be written.
    """
    finish(directory)
    make_directory(directory)
    staged = directory / _STAGED
    make_directory(staged)
    for name, content in files.items():
        replace(staged / name, content)
    # From here on they count.
    replace(staged / _COMPLETE, b"")
    _take_their_places(directory)


def unfinished(directory: Path) -> bool:
    """Tell whether some of the files that were to change together have not changed yet."""
    return (directory / _STAGED / _COMPLETE).exists()


def finish(directory: Path) -> None:
    """End what was interrupted: what was complete takes its place, the rest is thrown away.

    :raises OSError: a file cannot be written.
    """
    if unfinished(directory):
        _take_their_places(directory)
    elif (directory / _STAGED).is_dir():
        shutil.rmtree(directory / _STAGED)


def _take_their_places(directory: Path) -> None:
    staged = directory / _STAGED
    for path in sorted(staged.iterdir()):
        if path.name != _COMPLETE:
            path.replace(directory / path.name)
    sync_directory(directory)
    shutil.rmtree(staged)
    sync_directory(directory)
