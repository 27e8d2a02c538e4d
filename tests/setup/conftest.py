"""A copy of the project in an empty folder, and the releases of tomorrow, for ``make test-setup``.

The commands that install run as they are, over the package index. What they find there beside what
is locked is pretended, as wheels that pip and uv are told of.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.requirements import FILES, ROOT, TOOLS, WITH_PYTHON, locked

NEWER = "9999.0"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder that holds what a clone of the project would, and nothing else."""
    return _copy(tmp_path / "project")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, tomorrow: Path) -> Path:
    """Return such a folder with everything installed, while newer releases were pretended."""
    folder = _copy(tmp_path_factory.mktemp("home") / "project")
    everything = (
        ".venv/.pages",
        ".venv/.pipelines",
        *(f".local/tools/{tool}/.python" for tool in TOOLS),
    )
    done = make(folder, *everything, f"PYTHON={sys.executable}", environment=offering(tomorrow))
    assert done.returncode == 0, done.stderr
    return folder


def _copy(folder: Path) -> Path:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for file in filter(None, listed.stdout.split("\0")):
        if (ROOT / file).exists():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, folder / file)
    return folder


@pytest.fixture(scope="session")
def tomorrow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a newer release of everything that any file locks."""
    folder = tmp_path_factory.mktemp("tomorrow")
    names = {line.name for file in FILES for line in locked(file)} | WITH_PYTHON | {"wheel"}
    extras = {extra for file in FILES for line in locked(file) for extra in line.extras}
    for name in names:
        wheel(folder, name, NEWER, extras)
    return folder


def wheel(folder: Path, name: str, version: str, extras: Iterable[str] = ()) -> None:
    """Write a wheel that holds nothing but its name and version."""
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = [f"Name: {name}", f"Version: {version}"]
    metadata += [f"Provides-Extra: {extra}" for extra in sorted(extras)]
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
        inside = f"{stem}.dist-info"
        archive.writestr(f"{inside}/METADATA", "\n".join(["Metadata-Version: 2.1", *metadata, ""]))
        archive.writestr(
            f"{inside}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{inside}/RECORD", "")


def offering(folder: Path) -> dict[str, str]:
    """Return the environment of somebody whose pip and uv find the wheels of a folder as well."""
    kept = {
        key: value
        for key, value in os.environ.items()
        # Neither the make nor the environment that these tests run in.
        if key not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "VIRTUAL_ENV", "PYTHONPATH", "UV"}
    }
    return {
        **kept,
        "PIP_FIND_LINKS": str(folder),
        "UV_FIND_LINKS": str(folder),
        # Bytecode is written by what is run: installing needs half as long.
        "PIP_NO_COMPILE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def make(
    project: Path, *arguments: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, and return what it said."""
    return subprocess.run(
        ["make", *arguments],
        cwd=project,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
