"""Files that change together: an interruption leaves all that was there, or all that is new."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rolecall import durable, staged_files
from rolecall.staged_files import finish, standing, unfinished, write_together

OLD = {"a.csv": b"old a", "b.csv": b"old b", "c.csv": b"old c"}
NEW = {"a.csv": b"new a", "c.csv": b"new c", "d.csv": b"new d"}


def content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


class Interrupted(BaseException):
    """What the machine does."""


def interrupted_at(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the step of a number, of those that write or rename, end everything."""
    left = [at]

    def counted(step: object) -> object:
        def run(*args: object) -> object:
            if not left[0]:
                raise Interrupted
            left[0] -= 1
            return step(*args)  # type: ignore[operator]

        return run

    monkeypatch.setattr(staged_files, "replace", counted(durable.replace))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))


@pytest.mark.parametrize("at", range(12))
def test_all_of_it_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    write_together(tmp_path, OLD)
    with monkeypatch.context() as patched:
        interrupted_at(at, patched)
        try:
            write_together(tmp_path, NEW)
        except Interrupted:
            ended = False
        else:
            ended = True
    assert ended == (at >= 11)
    if not unfinished(tmp_path):
        assert content(tmp_path) in (OLD, {**OLD, **NEW})
    finish(tmp_path)
    assert content(tmp_path) in (OLD, {**OLD, **NEW})
    assert not unfinished(tmp_path)
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_what_was_interrupted_ends_before_the_next_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_together(tmp_path, OLD)
    with monkeypatch.context() as patched:
        interrupted_at(9, patched)
        with pytest.raises(Interrupted):
            write_together(tmp_path, NEW)
    assert unfinished(tmp_path)
    write_together(tmp_path, {"e.csv": b"later"})
    assert content(tmp_path) == {**OLD, **NEW, "e.csv": b"later"}


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    sets = [{f"{name}.csv": f"{at} {name}".encode() * 500 for name in "abcdef"} for at in range(6)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda files: write_together(tmp_path, files), sets))
    # Whoever was last wrote all of it, and nothing else stays behind.
    assert content(tmp_path) in sets
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_what_was_made_from_files_that_were_changed_since_is_not_written(tmp_path: Path) -> None:
    write_together(tmp_path, OLD)
    before = standing(tmp_path, ["a.csv", "d.csv"])
    write_together(tmp_path, {"d.csv": b"another's"})
    with pytest.raises(OSError, match="somebody changed it meanwhile"):
        write_together(tmp_path, NEW, before)
    assert content(tmp_path) == {**OLD, "d.csv": b"another's"}
    write_together(tmp_path, NEW, standing(tmp_path, ["a.csv", "d.csv"]))
    assert content(tmp_path) == {**OLD, **NEW}


def test_a_lock_that_a_process_left_behind_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".rolecall-lock").write_bytes(b"")
    finish(tmp_path)
    assert content(tmp_path) == {}
