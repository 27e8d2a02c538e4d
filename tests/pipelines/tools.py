"""The programs that these tests run, and a copy of the repository as others would have it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.functional.command import ROOT

__all__ = ["checkout", "committed", "module", "program", "run"]

REQUIRED = "ROLECALL_REQUIRE_PIPELINES"


def program(name: str) -> str:
    """Return the path of a program of the environment; skip the test where there is none."""
    path = shutil.which(name, path=str(Path(sys.executable).parent))
    if path is None:
        _missing(name)
    return str(path)


def module(name: str) -> Any:
    """Return a module of the environment; skip the test where there is none."""
    if find_spec(name.partition(".")[0]) is None:
        _missing(name)
    return import_module(name)


def _missing(name: str) -> None:
    reason = f"needs make test-pipelines, which installs {name}"
    if REQUIRED in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)


def run(
    *command: str | Path, cwd: Path, env: dict[str, str] | None = None, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program, with what it says on both streams as one text."""
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def checkout(directory: Path) -> Path:
    """Return a repository of its own with the files of this one as they lie here."""
    target = directory / "rolecall"
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    committed(target)
    return target


def committed(directory: Path) -> str:
    """Commit everything below a directory, and return the commit."""
    who = ("-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "commit.gpgsign=false")
    for command in (
        ("init", "--quiet"),
        ("add", "--all"),
        (*who, "commit", "--quiet", "--no-verify", "--message", "x"),
    ):
        done = run("git", *command, cwd=directory)
        assert done.returncode == 0, done.stdout
    return run("git", "rev-parse", "HEAD", cwd=directory).stdout.strip()
