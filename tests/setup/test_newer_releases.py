"""Everything that is locked has a newer release, and what is locked is what gets installed.

The commands are those of a newcomer, in a folder that was empty: the environment of the project
with each Python of this machine, the tools in theirs, and the layers as SAM has them built.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from tests.requirements import (
    TOOLS,
    WITH_PYTHON,
    Environment,
    gaps,
    installed,
    locked,
    this_machine,
    wanted,
)
from tests.setup.conftest import NEWER, make, offering

PROJECT = ("runtime", "dev", "pages", "pipelines")
LAYERS = {"deps": "DepsLayer", "api": "ApiLayer", "reporting": "ReportingLayer"}
ARM64 = {"platform_machine": "aarch64", "sys_platform": "linux", "platform_system": "Linux"}


def runs(python: str) -> bool:
    """Return whether there is one; a manager of Pythons has names for those switched off, too."""
    try:
        return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


OTHERS = [
    name
    for minor in (11, 12, 13, 14)
    for name in (f"python3.{minor}",)
    if minor != sys.version_info.minor and runs(name)
]
"""The other Pythons of this machine that Rolecall runs on."""


# -- that it is a test ---------------------------------------------------------------------------


def test_what_resolves_would_take_the_newer_release(project: Path, tomorrow: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*command, "--ignore-installed", "--report", "-", "coverage"],
        env=offering(tomorrow),
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
    )
    (taken,) = json.loads(done.stdout)["install"]
    assert taken["metadata"]["version"] == NEWER


# -- the project ---------------------------------------------------------------------------------


def test_the_project_gets_what_is_locked(home: Path) -> None:
    packages = installed(*home.glob(".venv/lib/python*/site-packages"))
    files = [f"requirements/{name}.txt" for name in PROJECT]
    assert_locked(packages, files, this_machine(), own=["rolecall"])
    for file in files:
        assert gaps(locked(file), wanted(file), packages, this_machine()) == []


@pytest.mark.parametrize("python", OTHERS)
def test_another_python_gets_what_is_locked(python: str, project: Path, tomorrow: Path) -> None:
    done = make(project, ".venv/.dev", f"PYTHON={python}", environment=offering(tomorrow))
    assert done.returncode == 0, done.stderr
    packages = installed(*project.glob(".venv/lib/python*/site-packages"))
    assert_locked(packages, ["requirements/dev.txt"], markers(python), own=["rolecall"])


def test_the_demo_runs_on_it(home: Path, tomorrow: Path) -> None:
    done = make(home, "demo", environment=offering(tomorrow))
    assert done.returncode == 0, done.stderr
    assert "all that the log has" in done.stdout


# -- tools and layers ----------------------------------------------------------------------------


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_gets_what_is_locked(tool: str, home: Path) -> None:
    file = f"requirements/{tool}.txt"
    packages = installed(*home.glob(f".local/tools/{tool}/lib/python*/site-packages"))
    assert_locked(packages, [file], this_machine())
    assert gaps(locked(file), wanted(file), packages, this_machine()) == []


@pytest.mark.parametrize("build", ["local", ""], ids=["here", "arm64"])
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_gets_what_is_locked(
    layer: str, build: str, home: Path, tomorrow: Path, tmp_path: Path
) -> None:
    settings = {
        **offering(tomorrow),
        "UV": str(home / ".local" / "tools" / "uv" / "bin" / "uv"),
        "ARTIFACTS_DIR": str(tmp_path),
        "ROLECALL_BUILD": build,
        "ROLECALL_PYTHON": sys.executable,
    }
    done = make(home / "layers" / layer, f"build-{LAYERS[layer]}", environment=settings)
    assert done.returncode == 0, done.stderr
    file = f"layers/{layer}/requirements.txt"
    version = {"python_version": "3.13", "python_full_version": "3.13.0"}
    machine = this_machine() if build else {**this_machine(), **ARM64, **version}
    assert_locked(installed(tmp_path / "python"), [file], machine)


# -- other machines ------------------------------------------------------------------------------

SYSTEMS = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64-apple-darwin")


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", [*SYSTEMS, "x86_64-pc-windows-msvc"])
@pytest.mark.parametrize("name", ["runtime", "dev", "pages"])
def test_there_is_a_wheel_for_every_machine(
    name: str, system: str, version: str, home: Path, tmp_path: Path
) -> None:
    """Nothing is built from source: that would need compilers, and look for what builds it."""
    uv = str(home / ".local" / "tools" / "uv" / "bin" / "uv")
    command = [uv, "pip", "install", "--dry-run"]
    locks = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    machine = ["--python-platform", system, "--python-version", version, "--target", str(tmp_path)]
    done = subprocess.run(
        [*command, *locks, *machine, "-r", f"requirements/{name}.txt"],
        cwd=home,
        env={**os.environ, "UV_NO_PROGRESS": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def assert_locked(
    packages: Mapping[str, Distribution],
    files: Iterable[str],
    machine: Environment,
    own: Collection[str] = (),
) -> None:
    """Hold what is installed against what files lock for a machine: no more, no less, no other.

    :param own: what is installed and not locked, as it is the project itself.
    """
    pins = pinned(files, machine)
    assert set(own) <= packages.keys()
    beside = {*own, *(WITH_PYTHON - pins.keys())}
    assert {name: one.version for name, one in packages.items() if name not in beside} == pins


def pinned(files: Iterable[str], machine: Environment) -> dict[str, str]:
    """Return the version of everything that files lock for a machine."""
    return {
        line.name: line.version for file in files for line in locked(file) if line.applies(machine)
    }


def markers(python: str) -> Environment:
    """Return the values of markers for another Python of this machine."""
    code = "import platform; print(platform.python_version())"
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    full = done.stdout.strip()
    short = full.rpartition(".")[0]
    version = {"python_full_version": full, "implementation_version": full}
    return {**this_machine(), **version, "python_version": short}
