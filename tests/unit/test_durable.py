"""Files that last, on file systems and operating systems that lack something."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall import durable
from rolecall.durable import append, create, lock, make_directory, replace, shred, sync, whole

NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL"]


def fails_with(number: int) -> Callable[..., None]:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fails


@pytest.fixture(params=["links", "missing", *NO_LINKS])
def _links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give hard links, an ``os`` without them, or an error that says that there are none."""
    if request.param == "missing":
        monkeypatch.delattr(os, "link")
    elif request.param != "links":
        monkeypatch.setattr(os, "link", fails_with(getattr(errno, request.param)))


@pytest.mark.usefixtures("_links")
def test_a_new_file_is_private_and_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert create(path, b"first")
    assert not create(path, b"second")
    assert path.read_bytes() == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {one.name for one in tmp_path.iterdir()} <= {"file", ".new.lock"}
    # A link to nothing is a name that is taken, too.
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert not create(tmp_path / "dangling", b"third")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.usefixtures("_links")
def test_of_many_who_create_a_file_one_does(tmp_path: Path) -> None:
    made: list[bytes] = []
    start = threading.Barrier(8)

    def make(data: bytes) -> None:
        start.wait()
        if create(tmp_path / "file", data):
            made.append(data)

    threads = [threading.Thread(target=make, args=(bytes([n]) * 1_000,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [(tmp_path / "file").read_bytes()]


@pytest.mark.parametrize("name", ["ENOSPC", "EACCES", "EROFS", "EIO"])
def test_what_is_no_lack_of_links_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(os, "link", fails_with(getattr(errno, name)))
    with pytest.raises(OSError, match=os.strerror(getattr(errno, name))):
        create(tmp_path / "file", b"first")
    assert list(tmp_path.iterdir()) == []


def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is synced, by name, from now on."""
    names: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        names.append("directory" if path.is_dir() else "file")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return names


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of descriptors are Linux's")
def test_the_bytes_are_synced_and_then_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = synced(monkeypatch)
    for act in (create, replace, append):
        names.clear()
        act(tmp_path / "file", b"data")
        assert names == ["file", "directory"], act.__name__
    names.clear()
    with whole(tmp_path / "report", lasting=False) as file:
        file.write(b"data")
    assert names == []
    make_directory(tmp_path / "a" / "b")
    assert names == ["directory", "directory"]
    names.clear()
    shred(tmp_path / "file")
    assert names == ["file", "directory"]


def test_what_fails_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace(path, b"before")

    def interrupted() -> None:
        with whole(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_is_private_and_those_above_it_as_usual(tmp_path: Path) -> None:
    made = tmp_path / "above" / "made"
    make_directory(made)
    make_directory(made)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE(made.parent.stat().st_mode) & 0o700 == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make_directory(tmp_path / "file")


@pytest.mark.parametrize("name", ["EINVAL", "EBADF", "ENOTSUP"])
def test_directories_that_cannot_be_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(os, "fsync", fails_with(getattr(errno, name)))
    durable.sync_directory(tmp_path)
    monkeypatch.setattr(os, "fsync", fails_with(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        durable.sync_directory(tmp_path)
    monkeypatch.delattr(os, "O_DIRECTORY")
    durable.sync_directory(tmp_path)


def test_macos_empties_the_cache_of_the_drive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    asked: list[tuple[int, int]] = []
    with (tmp_path / "file").open("wb") as file:
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
        monkeypatch.setattr(fcntl, "fcntl", lambda *given: asked.append(given))
        monkeypatch.setattr(os, "fsync", fails_with(errno.EIO))
        sync(file.fileno())
        assert asked == [(file.fileno(), 51)]
        # Where the file system lacks it, fsync answers for itself.
        monkeypatch.setattr(fcntl, "fcntl", fails_with(errno.ENOTSUP))
        with pytest.raises(OSError, match=os.strerror(errno.EIO)):
            sync(file.fileno())


HOLDER = """
import sys, time
from pathlib import Path
from rolecall.durable import lock
path = Path(sys.argv[1])
held = lock(path, path.open("ab", buffering=0), wait=0)
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("is_advisory", [True, False])
def test_a_lock_ends_with_the_process_that_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_advisory: bool
) -> None:
    # As on Windows, where locks are on a file beside.
    monkeypatch.setattr("filelock.has_fcntl", is_advisory)
    path = tmp_path / "file"
    there = "" if is_advisory else "import filelock; filelock.has_fcntl = False\n"
    command = [sys.executable, "-c", there + HOLDER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with path.open("ab", buffering=0) as file, pytest.raises(BlockingIOError):
            lock(path, file, wait=0.1)
        process.kill()
    with path.open("ab", buffering=0) as file, lock(path, file, wait=5) as held:
        assert (held is file) is is_advisory
    assert (tmp_path / "file.lock").exists() is not is_advisory


def test_a_file_system_without_locks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP):

        def refuse(*_: object, number: int = number, **__: object) -> bool:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("filelock.lock_descriptor", refuse)
        file = (tmp_path / "file").open("ab", buffering=0)
        with pytest.raises(OSError, match="has no locks"):
            lock(tmp_path / "file", file, wait=0)
        assert file.closed
