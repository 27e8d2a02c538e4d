"""A wheel that is locked was changed where it comes from, and nothing of it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.requirements import FILES, TOOLS, installed, locked
from tests.setup.conftest import make, offering, wheel

COMMANDS = {
    "requirements/runtime.txt": [".venv/.runtime"],
    # What stands below it counts as there: this is about the file at hand.
    "requirements/dev.txt": [".venv/.dev", "-o", ".venv/.runtime"],
    "requirements/pages.txt": [".venv/.pages", "-o", ".venv/.dev"],
    "requirements/pipelines.txt": [".venv/.pipelines", "-o", ".venv/.dev"],
    **{f"requirements/{tool}.txt": [f".local/tools/{tool}/.python"] for tool in TOOLS},
    "layers/deps/requirements.txt": ["-C", "layers/deps", "build-DepsLayer"],
    "layers/api/requirements.txt": ["-C", "layers/api", "build-ApiLayer"],
    "layers/reporting/requirements.txt": ["-C", "layers/reporting", "build-ReportingLayer"],
}
"""How each file is installed."""


@pytest.fixture(scope="session")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with everything that any file locks, name and version, in other bytes."""
    folder = tmp_path_factory.mktemp("changed")
    for file in FILES:
        for line in locked(file):
            wheel(folder, line.name, line.version, line.extras)
    return folder


def test_it_is_known_how_each_file_is_installed() -> None:
    assert sorted(COMMANDS) == sorted(FILES)


@pytest.mark.parametrize("file", FILES)
def test_a_changed_wheel_is_refused(
    file: str, project: Path, home: Path, changed: Path, tmp_path: Path
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "layer").mkdir()
    settings = {
        **offering(changed),
        "PIP_NO_INDEX": "1",
        # uv has no such setting: an index without anything, and a cache without anything.
        "UV_DEFAULT_INDEX": (tmp_path / "index").as_uri(),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_NO_CONFIG": "1",
        "UV": str(home / ".local" / "tools" / "uv" / "bin" / "uv"),
        "ARTIFACTS_DIR": str(tmp_path / "layer"),
        "ROLECALL_BUILD": "local",
        "ROLECALL_PYTHON": sys.executable,
    }
    if "-o" in COMMANDS[file]:
        made = make(project, ".venv/.python", environment=settings)
        assert made.returncode == 0, made.stderr
    done = make(project, *COMMANDS[file], environment=settings)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr or "Hash mismatch" in done.stderr, done.stderr
    names = {line.name for line in locked(file)}
    for folder in (*project.rglob("site-packages"), tmp_path / "layer" / "python"):
        assert installed(folder).keys() & names <= {"setuptools"}
    assert not (project / COMMANDS[file][0]).is_file()
