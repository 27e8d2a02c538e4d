"""What make does before anything is installed: whom it takes, and when it begins anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import ROOT, TOOLS

ANEW = "-m venv --clear .venv"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with the Makefile and what it asks for the time of."""
    folder = tmp_path / "a project"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


@pytest.fixture
def set_up(project: Path) -> Path:
    """Return such a folder with an environment that counts as made."""
    bin_ = project / ".venv" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "python").symlink_to(sys.executable)
    (project / ".venv" / ".python").write_text(f"{project}\n", encoding="utf-8")
    for mark in (".runtime", ".dev", ".pages"):
        (project / ".venv" / mark).touch()
    return project


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *arguments], cwd=project, env=kept, check=False, capture_output=True, text=True
    )


def python(project: Path, body: str) -> str:
    """Write a Python of its own kind, and return its path."""
    path = project.parent / "python"
    path.write_text(f'#!/bin/sh\n{body}\nexec {sys.executable} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return f"PYTHON={path}"


# -- whom it takes -------------------------------------------------------------------------------


def test_no_python(project: Path) -> None:
    done = make(project, ".venv/.runtime", "PYTHON=no-such-python")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "there is no no-such-python here: install Python 3.11 or later, or name it: make PYTHON=..."
    )
    assert not (project / ".venv").exists()


def test_a_python_that_is_too_old(project: Path) -> None:
    older = 'case "$1 $2" in *version_info*) exit 1;; "-V ") echo Python 3.10.13; exit;; esac'
    done = make(project, ".venv/.runtime", python(project, older))
    assert done.returncode == 2
    assert "Rolecall needs Python 3.11 or later, and " in done.stderr
    assert " is Python 3.10.13: name another, make PYTHON=..." in done.stderr
    assert not (project / ".venv").exists()


def test_a_python_without_venv(project: Path) -> None:
    done = make(
        project, ".venv/.runtime", python(project, 'case "$2" in *ensurepip*) exit 1;; esac')
    )
    assert done.returncode == 2
    assert "lacks venv: on Debian and Ubuntu, apt install python3-venv" in done.stderr
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("version", [(3, 10), (3, 11), (3, 14)])
def test_the_oldest_python_is_that_of_the_package(project: Path, version: tuple[int, int]) -> None:
    """The question itself is asked of versions that are not here."""
    asked = make(project, "-n", ".venv/.runtime").stdout
    (code,) = {line.split("'")[1] for line in asked.splitlines() if "version_info" in line}
    pretended = f"import sys; sys.version_info = {version}; {code}"
    done = subprocess.run([sys.executable, "-c", pretended], check=False)
    assert (done.returncode == 0) is (version >= (3, 11))
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


# -- when it begins anew -------------------------------------------------------------------------


def test_what_is_made_stays(set_up: Path) -> None:
    for mark in (".runtime", ".dev", ".pages"):
        assert "is up to date" in make(set_up, "-n", f".venv/{mark}").stdout


def test_nothing_there(project: Path) -> None:
    assert ANEW in make(project, "-n", ".venv/.pages").stdout


def test_an_installation_that_was_interrupted(set_up: Path) -> None:
    (set_up / ".venv" / ".unfinished").touch()
    assert ANEW in make(set_up, "-n", ".venv/.dev").stdout


def test_a_folder_that_was_moved(set_up: Path) -> None:
    moved = set_up.rename(set_up.with_name("moved"))
    assert ANEW in make(moved, "-n", ".venv/.dev").stdout


def test_a_python_that_was_removed(set_up: Path) -> None:
    (set_up / ".venv" / "bin" / "python").unlink()
    (set_up / ".venv" / "bin" / "python").symlink_to("/no/such/python")
    assert ANEW in make(set_up, "-n", ".venv/.dev").stdout


@pytest.mark.parametrize("name", ["runtime", "dev", "pages"])
def test_a_lock_that_changed(set_up: Path, name: str) -> None:
    later = (set_up / ".venv" / ".pages").stat().st_mtime + 10
    os.utime(set_up / "requirements" / f"{name}.txt", (later, later))
    assert ANEW in make(set_up, "-n", ".venv/.runtime").stdout


def test_settings_that_changed_keep_what_is_installed(set_up: Path) -> None:
    later = (set_up / ".venv" / ".pages").stat().st_mtime + 10
    os.utime(set_up / "pyproject.toml", (later, later))
    asked = make(set_up, "-n", ".venv/.runtime").stdout
    assert ANEW not in asked
    assert "--no-build-isolation --editable ." in asked


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_that_was_interrupted(project: Path, tool: str) -> None:
    place = project / ".local" / "tools" / tool
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").symlink_to(sys.executable)
    (place / ".python").write_text(f"{project}\n", encoding="utf-8")
    mark = f".local/tools/{tool}/.python"
    assert "is up to date" in make(project, "-n", mark).stdout
    (place / ".unfinished").touch()
    assert f"-m venv --clear .local/tools/{tool}" in make(project, "-n", mark).stdout
