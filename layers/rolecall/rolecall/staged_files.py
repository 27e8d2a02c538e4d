"""Several files of a directory that change together, or not at all.

What is written lies in a directory of its own within, ``.rolecall-staged``, until all of it is on
disk; then a file there says so, and each takes its place. Whoever is interrupted before leaves what
was there as it was; whoever is interrupted after leaves the rest to the next who writes there, and
:func:`unfinished` tells everybody else that a part of it is old.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from rolecall.durable import lock, make_directory, replace, sync_directory

__all__ = ["finish", "standing", "unfinished", "write_together"]

_STAGED = ".rolecall-staged"
_COMPLETE = ".complete"
_LOCK = ".rolecall-lock"
_PATIENCE = 30.0


def standing(directory: Path, names: Iterable[str]) -> dict[str, bytes | None]:
    """Return what files of a directory hold, ``None`` for those that are not there.

    :raises OSError: one cannot be read.
    """
    paths = {name: directory / name for name in names}
    return {name: path.read_bytes() if path.is_file() else None for name, path in paths.items()}


def write_together(
    directory: Path, files: Mapping[str, bytes], before: Mapping[str, bytes | None] | None = None
) -> None:
    """Write files of a directory, which is made where there is none: all of them or none.

    :param files: what each is to hold, by its name.
    :param before: what files held (:func:`standing`) from which these were made.
    :raises OSError: they cannot be written, or what they were made from was changed meanwhile.
    """
    make_directory(directory)
    with _alone(directory):
        _finish(directory)
        if before is not None and standing(directory, before) != before:
            raise OSError(errno.EBUSY, "somebody changed it meanwhile; do the same again")
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
    if (directory / _STAGED).is_dir() or (directory / _LOCK).is_file():
        with _alone(directory):
            _finish(directory)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Let one process write in a directory; the others wait."""
    path = directory / _LOCK
    with ExitStack() as opened:
        held = _locked(path, opened)
        while not _is_there(held):
            # Who had it before took the file away, and others may hold another by now.
            opened.close()
            held = _locked(path, opened)
        try:
            yield
        finally:
            left = _kept({path, Path(held.name)})
            opened.close()
            # A system that keeps what is open keeps the file of whoever came next as well.
            _kept(left)


def _kept(names: Iterable[Path]) -> list[Path]:
    """Take files away, and return those that cannot go while they are open."""
    kept = []
    for name in names:
        try:
            name.unlink(missing_ok=True)
        except OSError:
            kept.append(name)
    return kept


def _locked(path: Path, opened: ExitStack) -> BinaryIO:
    """Return the file by which the lock is held: the one of that path, or one beside it."""
    file = opened.enter_context(path.open("ab", buffering=0))
    return opened.enter_context(lock(path, file, wait=_PATIENCE))


def _is_there(held: BinaryIO) -> bool:
    try:
        return os.path.samestat(Path(held.name).stat(), os.fstat(held.fileno()))
    except FileNotFoundError:
        return False


def _finish(directory: Path) -> None:
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
