"""``uv tool install .``, ``pipx install .`` and ``pip install .``: the README's first lines.

Each is done for real, into directories of its own, from the package index that is configured; then
the demo runs, and what a command says is missing is brought in exactly as it says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.distribution import build
from rolecall import __version__

ROOT = Path(__file__).parents[2]
INSTALLERS = os.environ.get("ROLECALL_INSTALLERS", "")
pytestmark = pytest.mark.skipif(not INSTALLERS, reason="make test-install runs these")


class Place:
    """Where Rolecall is installed, and how commands are given there."""

    def __init__(self, directory: Path, path: list[str], more: Mapping[str, str]) -> None:
        self.directory = directory
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ROLECALL_", "AWS_", "XDG_CONFIG", "PYTHON", "COV", "VIRTUAL"))
        }
        # An installer may look into the environment of the tests for nothing.
        old = [one for one in os.environ["PATH"].split(os.pathsep) if ".venv" not in one]
        self.environment = {**kept, **more, "PATH": os.pathsep.join([*path, *old])}

    def __call__(self, command: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Give a command as a person would; it must end so."""
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == status, (command, done.stdout, done.stderr)
        return done


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sources, as a checkout has them and nothing more."""
    copy = tmp_path_factory.mktemp("a checkout")
    for name in ("layers/rolecall/rolecall", "examples/diocese"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def works(place: Place) -> None:
    """Run what the README shows first."""
    where = place("command -v rolecall").stdout.strip()
    assert where.startswith(str(place.directory)), where
    assert place("rolecall --version").stdout == f"rolecall {__version__}\n"
    shown = place("rolecall demo").stdout
    assert "\nvalid\n" in shown
    assert "9 are what is made of the records then, byte for byte" in shown
    assert (place.directory / "rolecall-demo/report.pdf").read_bytes().startswith(b"%PDF")
    place("rolecall audit rolecall-demo/diocese --as-of 2026-11-02 --report reports")
    assert "complete -o" in place("rolecall --show-completion bash").stdout


def brings(place: Place) -> None:
    """Run a command that lacks its extra, then what it says that brings it, and again."""
    said = place("rolecall runs --stack s", status=2).stderr
    assert "boto3" in said
    command = said.partition("this brings them: ")[2]
    place(command)
    said = place("AWS_DEFAULT_REGION=us-east-1 rolecall runs --stack s || true").stderr
    assert "installed" not in said
    assert "Traceback" not in said


def test_uv_tool_install(sources: Path, tmp_path: Path) -> None:
    more = {
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_PYTHON": sys.executable,
    }
    place = Place(tmp_path, [str(tmp_path / "bin"), INSTALLERS], more)
    place(f'cd "{sources}" && uv tool install .')
    works(place)
    brings(place)


def test_pipx_install(sources: Path, tmp_path: Path) -> None:
    more = {
        "PIPX_HOME": str(tmp_path / "home"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
        "PIPX_DEFAULT_PYTHON": sys.executable,
    }
    place = Place(tmp_path, [str(tmp_path / "bin"), INSTALLERS], more)
    place(f'cd "{sources}" && pipx install .')
    works(place)
    brings(place)


def test_pip_install(sources: Path, tmp_path: Path) -> None:
    place = Place(tmp_path, [str(tmp_path / "venv/bin")], {})
    place(f'"{sys.executable}" -m venv venv && cd "{sources}" && pip install --quiet .')
    works(place)
    assert place("python -m rolecall --version").stdout == f"rolecall {__version__}\n"


def test_pip_install_of_what_make_dist_builds(tmp_path: Path) -> None:
    wheel, sdist = build(tmp_path / "dist", None)
    place = Place(tmp_path, [str(tmp_path / "venv/bin")], {})
    place(f'"{sys.executable}" -m venv venv && pip install --quiet "{wheel}"')
    works(place)
    brings(place)
    place(f'pip install --quiet --force-reinstall --no-deps "{sdist}"')
    place("rolecall demo again")


def test_an_editable_install_takes_the_example_from_the_sources(
    sources: Path, tmp_path: Path
) -> None:
    place = Place(tmp_path, [str(tmp_path / "venv/bin")], {})
    place(f'"{sys.executable}" -m venv venv && cd "{sources}" && pip install --quiet --editable .')
    works(place)


def test_what_is_locked_is_enough(sources: Path, tmp_path: Path) -> None:
    place = Place(tmp_path, [str(tmp_path / "venv/bin")], {})
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    options = "--quiet --no-deps --require-hashes --only-binary :all:"
    place(f'"{sys.executable}" -m venv venv')
    place(f"pip install {options} -r requirements/runtime.txt")
    place(f'pip install --quiet --no-deps --no-build-isolation "{sources}"')
    place("rolecall demo")
