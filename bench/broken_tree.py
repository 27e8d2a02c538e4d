"""A copy of a tree whose package is broken in places, and what its tests notice of that."""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.mutation import PACKAGE, Place

__all__ = ["CLOCK", "LEFT_OUT", "BrokenTree", "Ended", "apart", "killers"]

LEFT_OUT = ("stack", "pages", "setup", "pipelines", "install", "docsite", "states")
CLOCK = "the clock"
QUIET_SECONDS = 1_800
"""In which no test ends: then it counts as noticed, as a loop without an end is."""


class Ended(NamedTuple):
    """How a run of tests ended.

    :ivar failed: the tests that did, or what else was noticed.
    :ivar whole: whether all were run, or as many as it takes until one fails.
    """

    failed: tuple[str, ...]
    whole: bool


class BrokenTree:
    """A copy of a tree, with the Python of that tree's own environment where it has one."""

    def __init__(self, tree: Path, directory: Path) -> None:
        self.root = directory
        own = tree / ".venv" / "bin" / "python"
        self.python = str(own) if own.exists() else sys.executable
        self.notes = directory.with_name(f"{directory.name}-notes")
        self.notes.mkdir()
        shutil.copy2(Path(__file__).with_name("run_notes.py"), self.notes)
        listed = subprocess.run(
            ["/usr/bin/env", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=tree,
            capture_output=True,
            check=True,
        )
        for name in listed.stdout.decode().split("\0"):
            if name and (tree / name).is_file():
                (directory / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(tree / name, directory / name)
        # Tests ask what is under version control.
        for command in (["init", "-q"], ["add", "-A"]):
            subprocess.run(["/usr/bin/env", "git", *command], cwd=directory, check=True)

    @contextmanager
    def broken(self, places: Iterable[Place]) -> Iterator[None]:
        """Break it in these places, none inside of another, for as long as the block lasts."""
        kept: dict[Path, bytes] = {}
        for place in sorted(places, key=lambda one: one.mutant.start, reverse=True):
            path = self.root / place.module
            text = path.read_bytes()
            kept.setdefault(path, text)
            path.write_bytes(place.mutant.apply(text))
        try:
            yield
        finally:
            for path, text in kept.items():
                path.write_bytes(text)

    def near(self, module: Path) -> list[str]:
        """Return the files of tests of a module's own name and those that import it.

        The first are those that import little of the package beside it.
        """
        name = ".".join(module.with_suffix("").parts[2:]).removesuffix(".__init__")
        parent, _, last = (re.escape(part) for part in name.rpartition("."))
        imports = re.compile(
            rf"\b{re.escape(name)}\b|\bfrom {parent} import (?:\([^)]*|.*)\b{last}\b"
        )
        found = []
        for path in sorted((self.root / "tests").rglob("test_*.py")):
            text = path.read_text("utf-8")
            own = path.stem == f"test_{module.stem}"
            inside = path.relative_to(self.root)
            if (own or imports.search(text)) and inside.parts[1] not in LEFT_OUT:
                found.append((not own, len(re.findall(r"\brolecall\.", text)), str(inside)))
        return [file for _own, _imports, file in sorted(found)]

    def everything(self, workers: str) -> list[str]:
        """Return what has pytest run all that make test runs."""
        suites = [f"--ignore=tests/{name}" for name in LEFT_OUT]
        return ["tests", *suites, "-n", workers, "--dist", "worksteal"]

    def run(self, arguments: Sequence[str], seconds: int | None = None) -> Ended:
        """Run tests.

        :param seconds: of a processor, after which it is enough; how busy it is does not matter.
        """
        notes = self.notes / "notes"
        notes.write_bytes(b"")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(self.root / PACKAGE.parent), str(self.notes)]),
            "ROLECALL_RUN_NOTES": str(notes),
        }
        command = [self.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "run_notes"]
        command.append("--continue-on-collection-errors")
        if seconds is not None:
            command = ["/bin/sh", "-c", f'ulimit -t {seconds}; exec "$@"', "sh", *command]
        with (self.notes / "output").open("wb") as output:
            running = subprocess.Popen(
                [*command, *arguments],
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            stopped = _quiet(running, notes)
        lines = [line.partition(" ") for line in notes.read_text("utf-8").splitlines()]
        failed = [ast.literal_eval(test) for how, _, test in lines if how == "failed"]
        late = seconds is not None and running.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        if stopped:
            failed.append(CLOCK)
        elif running.returncode and not failed and not late:
            failed.append(f"an exit with {running.returncode}")
        return Ended(tuple(dict.fromkeys(failed)), not stopped and not late)


def _quiet(running: subprocess.Popen[bytes], notes: Path) -> bool:
    """Wait for a run; end one in which nothing ends any more, and say that it was."""
    heard, size = time.monotonic(), 0
    while running.poll() is None:
        if notes.stat().st_size != size:
            heard, size = time.monotonic(), notes.stat().st_size
        if time.monotonic() - heard > QUIET_SECONDS:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            return True
        time.sleep(0.1)
    return False


def killers(
    places: Sequence[Place],
    run: Callable[[Sequence[Place], Sequence[str]], Sequence[str]],
) -> dict[Place, str]:
    """Return what notices each of many places, without a run of all tests for each of them.

    All places are broken at once and all tests run; the tests that fail run for each place by
    itself. What they notice is put right, and so on until nothing fails. A place that only hides
    behind another comes to light when that is put right. Who is not named survives.

    :param run: breaks places, runs tests, all of them if none is named, and returns which failed.
    """
    found: dict[Place, str] = {}
    waiting = list(places)
    while waiting:
        left = apart(waiting)
        waiting = [place for place in waiting if place not in left]
        while left:
            failed = run(left, ())
            tests = [test for test in failed if "::" in test or test.endswith(".py")]
            # Who fails for nothing proves nothing; a clock names no test, so all are asked.
            if tests:
                sick = run((), tests)
                tests = [test for test in tests if test not in sick]
            killed = {
                place: noticed[0]
                for place in left
                if failed and (tests or CLOCK in failed) and (noticed := run([place], tests))
            }
            if not killed:
                break
            found |= killed
            left = [place for place in left if place not in killed]
    return found


def apart(places: Iterable[Place]) -> list[Place]:
    """Return as many places as can be broken at once, none inside of another."""
    found: list[Place] = []
    for one in places:
        if not any(
            one.module == other.module
            and one.mutant.start < other.mutant.end
            and other.mutant.start < one.mutant.end
            for other in found
        ):
            found.append(one)
    return found
