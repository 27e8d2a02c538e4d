"""Files that are there whole or not at all, and stay there when the power goes; and their locks.

This is the one module that syncs, links, locks, or gives a file its name. Invariants:

- What :func:`create`, :func:`replace` and :func:`append` wrote is on disk when they return: the
  bytes are synced, and then the directory, as fsync of a file does not cover its name.
- A file is written under another name and then given its own, so nobody ever sees a part of it.
- :func:`create` replaces nothing, whoever made what is there.
- Nobody but their owner may read the files, nor enter the directories, that are made here; on
  Windows that follows from where they are made (:func:`rolecall.system.is_private`).
- A lock ends with the process that holds it, however that ends.

What a file system must give for this is in docs/install.md.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

__all__ = [
    "append",
    "create",
    "lock",
    "make_directory",
    "replace",
    "shred",
    "sync",
    "sync_directory",
    "whole",
]

_POLL_SECONDS = 0.05
_SHREDDED_AT_ONCE = 1 << 20


def _errors(*names: str) -> frozenset[int]:
    """Return the numbers of errors; not every system has each."""
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


_UNSUPPORTED = _errors("ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL")
_NO_LINKS = _UNSUPPORTED | _errors("EPERM", "EMLINK")
"""What file systems without hard links answer: FAT and exFAT, and some of the network."""
_NO_DIRECTORY_SYNC = _UNSUPPORTED | _errors("EBADF")
_NO_LOCKS = _UNSUPPORTED | _errors("ENOLCK")


def create(path: Path, data: bytes) -> bool:
    """Write a new file, or return ``False`` where there is one."""
    with _written(path, data) as temporary:
        try:
            made = _given(temporary, path)
        except FileExistsError:
            return False
    if made:
        sync_directory(path.parent)
    return made


def replace(path: Path, data: bytes) -> None:
    """Write a file in place of the one that is there, if there is one."""
    with whole(path) as file:
        file.write(data)


def append(path: Path, data: bytes) -> None:
    """Write at the end of a file, which is made if there is none."""
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        sync(file.fileno())
    sync_directory(path.parent)


@contextmanager
def whole(path: Path, *, lasting: bool = True) -> Iterator[IO[bytes]]:
    """Give a file to write into, which takes the place of the one that is there when all went well.

    :param lasting: whether it must outlast a loss of power from then on; what can be made again
        need not, and is faster.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        # It is closed before it gets its name: Windows renames no file that is open.
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if lasting:
                sync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if lasting:
        sync_directory(path.parent)


def make_directory(path: Path) -> None:
    """Make a directory that its owner alone may enter, where there is none.

    Those above it are made too, open to whom the system opens directories by default.

    :raises FileExistsError: a file is in its place.
    """
    missing = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    for made in reversed(missing):
        # Another process may make it at the same moment.
        made.mkdir(mode=0o700 if made is missing[0] else 0o777, exist_ok=True)
        sync_directory(made.parent)


def shred(path: Path) -> None:
    """Overwrite a file in place, then delete it; what lies below the file system may keep it."""
    with path.open("r+b") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(secrets.token_bytes(min(left, _SHREDDED_AT_ONCE)))
        file.flush()
        sync(file.fileno())
    path.unlink()
    sync_directory(path.parent)


def sync(descriptor: int) -> None:
    """Make what was written to a file durable."""
    if sys.platform == "darwin":
        import fcntl

        # There fsync leaves the bytes in the cache of the drive (fsync(2)); this does not. Where
        # the file system lacks it, fsync is what there is.
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:
            os.fsync(descriptor)
        return
    os.fsync(descriptor)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable, as far as the system lets anybody do that.

    Windows opens no directory for it, and its file system keeps a journal of names; some file
    systems elsewhere answer that a directory cannot be synced.
    """
    as_directory = getattr(os, "O_DIRECTORY", None)
    if as_directory is None:
        return
    descriptor = os.open(directory, os.O_RDONLY | as_directory)
    try:
        sync(descriptor)
    except OSError as error:
        if error.errno not in _NO_DIRECTORY_SYNC:
            raise
    finally:
        os.close(descriptor)


def lock(path: Path, file: BinaryIO, *, wait: float) -> BinaryIO:
    """Lock an open file for this process alone, and return what to close to release it.

    :param wait: seconds to wait for a process that holds it.
    :raises BlockingIOError: it was still held after that.
    :raises OSError: the file system has no locks.
    """
    # Loaded by whoever locks: most commands do not.
    from filelock import has_fcntl

    # A lock of Unix stops those who ask for it, and is taken on the file itself. One of Windows
    # stops whoever reads what is locked: there a file beside it is.
    held = file if has_fcntl else path.with_name(f"{path.name}.lock").open("ab", buffering=0)
    try:
        _lock(held, wait)
    except BaseException:
        held.close()
        raise
    return held


def _lock(file: BinaryIO, wait: float) -> None:
    from filelock import lock_descriptor

    deadline = time.monotonic() + wait
    try:
        while not lock_descriptor(file.fileno(), blocking=False):
            if time.monotonic() >= deadline:
                raise BlockingIOError(errno.EAGAIN, "another process holds the lock")
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            raise OSError(error.errno, "its file system has no locks") from error
        raise


@contextmanager
def _written(path: Path, data: bytes) -> Iterator[Path]:
    """Give a synced file of another name in the same directory, which is gone afterwards."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            sync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _given(temporary: Path, path: Path) -> bool:
    """Give a file a name that no file has, or return ``False`` where one has it.

    :raises FileExistsError: one has it.
    """
    link = getattr(os, "link", None)
    if link is not None:
        try:
            # A link, unlike a rename, fails where there is a file already.
            link(temporary, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
        else:
            return True
    # Without links it takes two steps, which only one process at a time may take. That a name is
    # claimed by an empty file at first would be no better: a crash would leave it so.
    with path.with_name(".new.lock").open("ab", buffering=0) as guard:
        _lock(guard, wait=30.0)
        if os.path.lexists(path):
            return False
        # Of these two the one of Windows refuses to replace a file that somebody else made now.
        temporary.rename(path)
    return True
