"""The locks are complete and hashed, name no index, and nothing that installs could resolve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.requirements import (
    FILES,
    MACHINES,
    ROOT,
    Environment,
    Locked,
    gaps,
    lines,
    locked,
    running,
    this_machine,
    wanted,
)

HERE = ("requirements/runtime.txt", "requirements/dev.txt")
LAYERS = tuple(file for file in FILES if file.startswith("layers/"))
TOGETHER = (*HERE, "requirements/pages.txt", "requirements/pipelines.txt", *LAYERS)
"""What is installed over one another, or runs the same code elsewhere."""

PACKAGES = running()
PROGRAMS = ("", ".py", ".sh", ".yaml", ".yml", ".json")


@pytest.mark.parametrize("file", FILES)
def test_every_line_is_one_release_with_hashes(file: str) -> None:
    release = r"[a-z0-9-]+(\[[a-z0-9, -]+\])?==[^ ;]+( ;[^@]+?)?"
    pattern = re.compile(release + r"(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in lines(read(file)) if not pattern.fullmatch(line)] == []


@pytest.mark.parametrize("file", FILES)
def test_no_file_names_an_index_or_a_host(file: str) -> None:
    assert not re.search(r"://|--(?!hash=)", read(file))


@pytest.mark.parametrize("environment", MACHINES, ids=lambda one: str(name(one)))
@pytest.mark.parametrize("file", [*HERE, *LAYERS])
def test_everything_that_is_asked_for_is_locked(file: str, environment: Environment) -> None:
    assert gaps(locked(file), wanted(file), PACKAGES, environment) == []


@pytest.mark.parametrize("file", [*HERE, *LAYERS])
def test_the_metadata_that_says_so_is_there(file: str) -> None:
    there = {key: one.version for key, one in PACKAGES.items()}
    missing = [
        line.name
        for line in locked(file)
        if line.applies(this_machine()) and there.get(line.name) != line.version
    ]
    assert missing == [], "make .venv/.dev installs what is locked"


def test_a_lock_without_an_extra_is_not_complete() -> None:
    lock = [
        Locked(one.name, one.version, frozenset(), one.requirement, one.hashes)
        if one.name == "coverage"
        else one
        for one in locked("requirements/dev.txt")
    ]
    (gap,) = gaps(lock, wanted("requirements/dev.txt"), PACKAGES, this_machine())
    assert gap.startswith("pytest-cov asks for coverage[toml]")
    assert gap.endswith("which is locked without [toml]")


@pytest.mark.parametrize("gone", ["iniconfig", "xmltodict", "aws-xray-sdk", "cffi"])
def test_a_lock_without_a_dependency_is_not_complete(gone: str) -> None:
    file = "requirements/dev.txt"
    lock = [one for one in locked(file) if one.name != gone]
    found = gaps(lock, wanted(file), PACKAGES, this_machine())
    assert [gap for gap in found if f"asks for {gone}" in gap]


def test_what_nobody_asks_for_is_not_locked() -> None:
    file = "requirements/runtime.txt"
    one = Requirement("left-over==1")
    more = Locked("left-over", "1", frozenset(), one, frozenset())
    found = gaps([*locked(file), more], wanted(file), PACKAGES, this_machine())
    assert found == ["nobody asks for left-over"]


def test_one_release_of_each_wherever_it_is_locked() -> None:
    """Development, pages and pipelines go over what runs, and the layers hold what was tested."""
    seen: dict[tuple[str, str], tuple[str, frozenset[str]]] = {}
    for file in TOGETHER:
        for line in locked(file):
            key = (line.name, line.version)
            assert seen.setdefault(key, (file, line.hashes))[1] == line.hashes, (file, key)
    for environment in MACHINES:
        releases: dict[str, set[str]] = {}
        for file in TOGETHER:
            for line in locked(file):
                if line.applies(environment):
                    releases.setdefault(line.name, set()).add(line.version)
        assert {key: each for key, each in releases.items() if len(each) > 1} == {}


# -- nothing resolves ------------------------------------------------------------------------------


def test_nothing_that_installs_could_resolve() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {command}"
        for path in programs()
        for command in installing(path.read_text(encoding="utf-8"))
        if not harmless(command)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("\tpython -m pip install --no-deps --require-hashes --only-binary :all: -r a.txt", True),
        ("$(UV) pip install --no-deps --require-hashes --only-binary :all: -r a.txt", True),
        ("python -m pip install --no-deps --no-build-isolation --editable .", True),
        ("pip install --no-deps --require-hashes -r a.txt", False),
        ("pip install --require-hashes --only-binary :all: -r a.txt", False),
        ("pip install --no-deps --editable .", False),
        ("$(PIP) install --upgrade pip", False),
        ("uv tool install aws-sam-cli==1.170.0", False),
        ("uv sync", False),
        ("uvx ruff", False),
        ('[python, "-m", "pip", "install", "c7n"]', False),
        ('[*pip, "install", CUSTODIAN]', False),
        ("pip install \\\n  uv", False),
    ],
)
def test_what_may_install(command: str, *, allowed: bool) -> None:
    (found,) = installing(command)
    assert harmless(found) is allowed


def name(environment: Environment) -> str:
    return f"{environment['sys_platform']}-{environment['python_version']}"


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def programs() -> Iterator[Path]:
    """Yield what could install something: all but the package, its tests and what is only read."""
    for folder in (".ci", "bench", "docs", "examples", "functions", "infra", "layers"):
        for path in sorted((ROOT / folder).rglob("*")):
            inside = "rolecall" in path.relative_to(ROOT).parts
            if path.is_file() and path.suffix in PROGRAMS and not inside:
                yield path
    yield from (ROOT / "Makefile", ROOT / "template.yaml", *sorted(ROOT.glob("*.sh")))


def installing(text: str) -> list[str]:
    """Return the commands that install Python packages, in shell or as a list of words."""
    plain = re.sub(r"[\"',]", "", text.replace("\\\n", " "))
    command = re.compile(
        r"(\bpip\d*|\$\(PIP\)|\*pip|\$\(UV\) pip) .*\binstall\b"
        r"|\buv (tool|sync|run|add)\b|\b(uvx|pipx)\b"
    )
    return [line.strip() for line in plain.splitlines() if command.search(line)]


def harmless(command: str) -> bool:
    """Return whether a command installs what is locked, or the package, and nothing else."""
    if "--no-deps" not in command:
        return False
    if "--no-build-isolation" in command and command.rstrip(")").endswith("--editable ."):
        return True
    return "--require-hashes" in command and "--only-binary :all:" in command
