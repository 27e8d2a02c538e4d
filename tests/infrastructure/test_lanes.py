"""Steps of continuous integration that run at once: readable, and a failure is a failure."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.lanes import lists_of
from tests.needs import SUITES

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, str(ROOT / "infra" / "lanes.py")]


def lanes(text: str, directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND, input=text, cwd=directory, capture_output=True, text=True, timeout=600, check=False
    )


def test_lists_are_separated_by_empty_lines() -> None:
    assert lists_of(["# one", "a", " b ", "", "", "# two", "c", ""]) == [["a", "b"], ["c"]]
    assert lists_of([]) == []


def test_lists_run_at_once_and_what_each_says_stays_together(tmp_path: Path) -> None:
    # Each waits for the other, so neither ends unless both run.
    done = lanes(
        "echo a; touch a; until [ -e b ]; do sleep 0.01; done; echo a >&2; echo a\n"
        "echo after a\n\n"
        "echo b; touch b; until [ -e a ]; do sleep 0.01; done; echo b; echo b\n",
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    heads = [line for line in done.stdout.splitlines() if line.startswith("== ")]
    assert len(heads) == 3
    assert all(re.search(r": done after \d+ s$", head) for head in heads)
    assert "s\na\na\na\n" in done.stdout
    assert "s\nb\nb\nb\n" in done.stdout
    assert done.stdout.index("\nafter a\n") > done.stdout.index("s\na\na\na\n")


@pytest.mark.parametrize("failing", ["exit 3", "false | cat", "kill -9 $$"])
def test_a_failure_is_shown_and_stops_everything(tmp_path: Path, failing: str) -> None:
    done = lanes(
        f"until [ -e begun ]; do sleep 0.01; done; echo why it failed; {failing}\n"
        "touch never\n\n"
        "echo half; touch begun; sleep 3000; touch never\n"
        "touch never\n",
        tmp_path,
    )
    assert done.returncode == 1
    assert f"{failing}: FAILED after " in done.stdout
    assert "s\nwhy it failed\n" in done.stdout
    assert "touch never: stopped after " in done.stdout
    assert "s\nhalf\n" in done.stdout
    assert done.stderr.startswith("failed: until ")
    assert not (tmp_path / "never").exists()


def test_who_is_ended_ends_what_it_runs(tmp_path: Path) -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=tmp_path
    ) as running:
        assert running.stdin is not None
        running.stdin.write(b"echo $$ > pid; touch begun; sleep 3000 & wait\n\nsleep 3000\n")
        running.stdin.close()
        for _ in range(30_000):
            if (tmp_path / "begun").exists():
                break
            time.sleep(0.01)
        running.send_signal(signal.SIGTERM)
        assert running.wait(300) == 128 + signal.SIGTERM
    # What is ended is there until the system has heard of it.
    group = int((tmp_path / "pid").read_text())
    for _ in range(3_000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    pytest.fail("what it ran is still there")


# -- the run ---------------------------------------------------------------------------------------

STUB = """#!/bin/sh
echo "make $*" >> made
case " $* " in *" $FAILING "*) echo "that failed: $*"; exit 2;; esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder in which continuous integration runs, and make only says what it is asked."""
    for name in (".ci/run", "infra/lanes.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "infra" / "__init__.py").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "bin").mkdir()
    for name in ("apt-get", "go", "node", "npm", "chromium", "javac"):
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "bin" / "make").write_text(STUB, encoding="utf-8")
    for program in (tmp_path / "bin").iterdir():
        program.chmod(0o755)
    return tmp_path


def integrated(project: Path, failing: str) -> tuple[int, list[str], str]:
    """Run all of it, and return how it ended, what was made and what it said."""
    done = subprocess.run(
        ["bash", ".ci/run"],
        cwd=project,
        env={
            **os.environ,
            "PATH": f"{project / 'bin'}:{os.environ['PATH']}",
            "FAILING": failing,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return done.returncode, (project / "made").read_text("utf-8").splitlines(), done.stdout


def targets(run: str) -> list[str]:
    """Return what is made, without what is done in any case."""
    found = re.findall(r"^(?:\w+=\S+ )*make ([\w-]+)", run, re.MULTILINE)
    return [target for target in found if target != "down"]


RUN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_everything_is_made_once_and_first_what_the_readme_says(project: Path) -> None:
    status, made, _ = integrated(project, "nothing")
    assert status == 0
    assert made[:2] == ["make demo", "make test"]
    assert sorted(line.split()[1] for line in made[:-1]) == sorted(targets(RUN))
    assert made[-1] == "make down"
    suites = {f"make test-{name}" for name in SUITES if name != "docsite"} | {"make test-site"}
    assert suites <= set(made)
    assert made.index("make up") < made.index("make test-stack")


@pytest.mark.parametrize("target", targets(RUN))
def test_whatever_fails_the_run_fails_and_says_why(project: Path, target: str) -> None:
    status, made, said = integrated(project, target)
    assert status != 0
    # What the demo prints is not looked at; that it ended badly is.
    assert target == "demo" or f"that failed: {target}" in said
    # What runs by then does not stay.
    assert made[-1] == "make down" or "make up" not in made
