"""What stands on the screen of somebody who types a command."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from rolecall.cli.output import write
from rolecall.cli.progress import Spinner, bar, progress
from tests.functional.command import AS_OF, EXAMPLE, rolecall
from tests.terminals import at_terminal, screen


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def disordered(directory: Path, *, is_refused: bool) -> Path:
    """Return a registry of which something is said while it is read."""
    registry = directory / "registry"
    shutil.copytree(EXAMPLE, registry)
    people = registry / "people.csv"
    head, rest = people.read_text(encoding="utf-8").split("\n", 1)
    if is_refused:
        rest += rest.splitlines()[0] + "\n"
    people.write_text(f"{head},strange\n{rest}", encoding="utf-8")
    return registry


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_nothing_of_a_spinner_is_left_beside_the_report(tmp_path: Path, terminal: str) -> None:
    registry = disordered(tmp_path, is_refused=False)
    lines = screen(at_terminal(["audit", registry, "--as-of", AS_OF], TERM=terminal, NO_COLOR="1"))
    report = rolecall("audit", registry, "--as-of", AS_OF).text.splitlines()
    assert lines[0] == "warning: people.csv:strange: unknown column, kept as a note"
    assert lines[1:2] == report[:1]
    assert not [line for line in lines if "auditing" in line or "reading" in line]


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_nor_beside_what_is_wrong_with_a_registry(tmp_path: Path, terminal: str) -> None:
    registry = disordered(tmp_path, is_refused=True)
    shown = at_terminal(["audit", registry, "--format", "json"], TERM=terminal)
    lines = screen(shown)
    assert lines[:2] == ["{", ' "valid": false,']
    assert ("reading" in shown) is (terminal == "xterm")


def test_nor_where_somebody_interrupts_it() -> None:
    stream = Screen()
    with patch("sys.stderr", stream), patch.dict("os.environ", {"TERM": "xterm"}):
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert Spinner.running is None
    assert "auditing 3 checks" in stream.getvalue()
    assert screen(stream.getvalue())[0] == ""


def interrupted() -> None:
    with progress("auditing") as advance:
        assert advance is not None
        advance(3)
        raise KeyboardInterrupt


def test_a_spinner_ends_before_something_is_written(tmp_path: Path) -> None:
    stream = Screen()
    with (
        patch("sys.stderr", stream),
        patch.dict("os.environ", {"TERM": "xterm"}),
        progress("auditing"),
    ):
        write([b"a report"], tmp_path / "report")
        assert Spinner.running is None
        before = stream.getvalue()
    assert stream.getvalue() == before


def test_a_terminal_that_cannot_erase_gets_neither_spinner_nor_bar() -> None:
    stream = Screen()
    with (
        patch("sys.stderr", stream),
        patch.dict("os.environ", {"TERM": "dumb"}),
        progress("auditing") as advance,
        bar("importing", 3) as show,
    ):
        assert (advance, show) == (None, None)
    assert stream.getvalue() == ""
