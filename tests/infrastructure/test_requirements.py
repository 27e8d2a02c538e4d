"""The locks are complete and hashed, name no index, and nothing that installs could resolve."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


# -- what comes by npm -----------------------------------------------------------------------------

NODE = sorted(ROOT.glob("requirements/*/package.json"))


def read_lock(asked: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked.with_name("package-lock.json").read_bytes())
    return found


def node_gaps(asked: dict[str, Any], lock: dict[str, Any]) -> list[str]:
    """Return what is asked for and not locked, locked and not asked for, or not locked for good."""
    packages = {name.rpartition("node_modules/")[2]: one for name, one in lock["packages"].items()}
    own = packages.pop("")
    found = [] if own.get("dependencies") == asked["dependencies"] else ["the lock is of another"]
    for name, version in asked["dependencies"].items():
        if packages.get(name, {}).get("version") != version:
            found.append(f"{name} {version} is asked for")
    needed, open_ = set(), set(asked["dependencies"])
    while open_:
        one = open_.pop()
        needed.add(one)
        about = packages.get(one, {})
        optional = {
            x for x, told in about.get("peerDependenciesMeta", {}).items() if told["optional"]
        }
        peers = set(about.get("peerDependencies", {})) - optional
        open_ |= (set(about.get("dependencies", {})) | peers) - needed
    found += [f"{name} is asked for" for name in sorted(needed - set(packages))]
    found += [f"nobody asks for {name}" for name in sorted(set(packages) - needed)]
    for name, one in packages.items():
        if not re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", one.get("integrity", "")):
            found.append(f"{name} has no hash")
        found += [f"{name} has {what}" for what in ("resolved", "hasInstallScript") if what in one]
    return found


@pytest.mark.parametrize("file", NODE, ids=lambda path: str(path.parent.name))
def test_what_comes_by_npm_is_locked_with_hashes_and_no_address(file: Path) -> None:
    asked = json.loads(file.read_bytes())
    assert node_gaps(asked, read_lock(file)) == []
    text = file.with_name("package-lock.json").read_text(encoding="utf-8")
    hosts = re.findall(r"\"(\w+)\": \"https?://", text)
    # Where somebody is thanked nothing is fetched from.
    assert set(hosts) <= {"url"}


def _first(lock: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for name, one in lock["packages"].items() if name)
    return found


@pytest.mark.parametrize(
    ("how", "found"),
    [
        (lambda lock: lock["packages"].pop("node_modules/jsep"), "jsep is asked for"),
        (
            lambda lock: lock["packages"].update({"node_modules/x": _first(lock)}),
            "nobody asks for x",
        ),
        (lambda lock: _first(lock).pop("integrity"), "has no hash"),
        (lambda lock: _first(lock).update(integrity="sha1-aaaa"), "has no hash"),
        (lambda lock: _first(lock).update(resolved="https://example.org/a.tgz"), "has resolved"),
        (lambda lock: _first(lock).update(hasInstallScript=True), "has hasInstallScript"),
        (lambda lock: lock["packages"][""].update(dependencies={}), "the lock is of another"),
        (
            lambda lock: lock["packages"]["node_modules/asl-validator"].update(version="3.0.0"),
            "asl-validator 4.0.0 is asked for",
        ),
    ],
)
def test_a_lock_of_npm_that_is_not_complete_is_found(
    how: Callable[[dict[str, Any]], object], found: str
) -> None:
    file = ROOT / "requirements" / "states" / "package.json"
    lock = read_lock(file)
    how(lock)
    assert any(one.endswith(found) for one in node_gaps(json.loads(file.read_bytes()), lock))


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
        ("npm ci --prefix .local/states --ignore-scripts --no-audit --no-fund", True),
        ("npm ci --prefix .local/states", False),
        ("npm install --ignore-scripts", False),
        ("npm i asl-validator", False),
        ("npm install --prefix a --package-lock-only --omit-lockfile-registry-resolved", True),
        ("npm install --prefix a --package-lock-only", False),
        ("npm --prefix .local/a ci", False),
        ("npx asl-validator", False),
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
    """Return the commands that install packages, in shell or as a list of words."""
    plain = re.sub(r"[\"',]", "", text.replace("\\\n", " "))
    command = re.compile(
        r"(\bpip\d*|\$\(PIP\)|\*pip|\$\(UV\) pip) .*\binstall\b"
        r"|\buv (tool|sync|run|add)\b|\b(uvx|pipx|npx)\b"
        r"|\bnpm (-\S+ (\S+ )??)*?(i|ci|install|add|update|exec)\b"
    )
    return [line.strip() for line in plain.splitlines() if command.search(line)]


def harmless(command: str) -> bool:
    """Return whether a command installs what is locked, or the package, and nothing else."""
    if "npm " in command:
        locks = {"--package-lock-only", "--omit-lockfile-registry-resolved"} <= set(command.split())
        return locks or ("npm ci " in command and "--ignore-scripts" in command)
    if "--no-deps" not in command:
        return False
    if "--no-build-isolation" in command and command.rstrip(")").endswith("--editable ."):
        return True
    return "--require-hashes" in command and "--only-binary :all:" in command
