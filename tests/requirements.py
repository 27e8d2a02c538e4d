"""What the requirements files lock, read from the files and from the metadata of what is installed.

A lock is complete for a machine when everything that anything in it asks for is in it, extras too:
then it is installed without resolving. The same reading serves the quick tests, over the
environment that runs them, and those of ``tests/setup``, over environments that they make.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

Environment = Mapping[str, str]
"""The values of markers: ``python_version``, ``sys_platform`` and so on."""

FILES = tuple(
    str(path.relative_to(ROOT))
    for path in (
        *sorted(ROOT.glob("requirements/*.txt")),
        *sorted(ROOT.glob("layers/*/requirements.txt")),
    )
)
"""Every file that locks something, from the root."""

TOOLS = tuple(sorted(path.stem for path in ROOT.glob("requirements/*.in")))
"""What is not the project's own: each has an environment of its own."""

WITH_PYTHON = frozenset({"pip", "setuptools"})
"""What ``venv`` puts into an environment by itself, as it came with Python."""

_SYSTEMS: tuple[dict[str, str], ...] = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
)


@dataclass(frozen=True)
class Locked:
    """One line of a lock."""

    name: str
    version: str
    extras: frozenset[str]
    requirement: Requirement
    hashes: frozenset[str]

    def applies(self, environment: Environment) -> bool:
        marker = self.requirement.marker
        return marker is None or marker.evaluate(dict(environment))


def lines(text: str) -> list[str]:
    """Return the lines of a requirements file, each with what it continues on, without comments."""
    bare = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = "\n".join(bare).replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip()]


def locked(file: str) -> list[Locked]:
    """Return what a file locks.

    :param file: from the root, as :data:`FILES` has it.
    """
    return [_locked(line) for line in lines((ROOT / file).read_text(encoding="utf-8"))]


def _locked(line: str) -> Locked:
    words, *options = re.split(r"\s--", line)
    requirement = Requirement(words)
    (pin,) = requirement.specifier
    if pin.operator != "==":
        raise ValueError(line)
    hashes = frozenset(option.strip().removeprefix("hash=") for option in options)
    name = canonicalize_name(requirement.name)
    return Locked(name, pin.version, _extras(requirement), requirement, hashes)


def _extras(requirement: Requirement) -> frozenset[str]:
    return frozenset(canonicalize_name(extra) for extra in requirement.extras)


def wanted(file: str) -> list[Requirement]:
    """Return what somebody chose, of which the file is the resolution."""
    chosen = (ROOT / file).with_suffix(".in")
    if chosen.exists():
        return [Requirement(line) for line in lines(chosen.read_text(encoding="utf-8"))]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    more: dict[str, list[list[str]]] = {
        "runtime": [*extras.values(), groups["build"]],
        "dev": [*extras.values(), groups["build"], groups["dev"]],
    }
    name = Path(file).stem
    texts = [project["project"]["dependencies"], *more.get(name, [groups.get(name, [])])]
    return [Requirement(text) for group in texts for text in group]


def this_machine() -> Environment:
    """Return the values of markers where this runs."""
    return {key: str(value) for key, value in default_environment().items()}


def _machine(minor: int, system: Mapping[str, str]) -> Environment:
    version = {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.0",
        "implementation_version": f"3.{minor}.0",
    }
    return {**this_machine(), **system, **version}


MACHINES = tuple(_machine(minor, system) for minor in range(11, 15) for system in _SYSTEMS)
"""The systems and versions of Python that a lock is for, CPython on each."""


def installed(*paths: Path) -> dict[str, Distribution]:
    """Return what is installed in directories, by name."""
    return _by_name(distributions(path=[str(path) for path in paths]))


def running() -> dict[str, Distribution]:
    """Return what is installed where this runs, by name."""
    return _by_name(distributions())


def _by_name(found: Iterable[Distribution]) -> dict[str, Distribution]:
    return {canonicalize_name(one.metadata["Name"]): one for one in found}


def gaps(
    lock: Sequence[Locked],
    chosen: Iterable[Requirement],
    packages: Mapping[str, Distribution],
    environment: Environment,
) -> list[str]:
    """Return what keeps a lock from being installed as it stands; empty when it is complete.

    :param chosen: what somebody asked for, where the walk begins.
    :param packages: where the metadata of each is read. One that is not there at its locked version
        is for other machines, and is taken as asking for nothing.
    """
    here = {line.name: line for line in lock if line.applies(environment)}
    found, complaints = set[tuple[str, str]](), set[str]()
    waiting = [("whoever chose", one) for one in chosen]
    while waiting:
        asker, requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        line = here.get(name)
        if line is None:
            complaints.add(f"{asker} asks for {requirement}, which is not locked")
            continue
        if not requirement.specifier.contains(line.version, prereleases=True):
            complaints.add(f"{asker} asks for {requirement}, and {line.version} is locked")
        for extra in sorted(_extras(requirement) - line.extras):
            complaints.add(f"{asker} asks for {requirement}, which is locked without [{extra}]")
        for extra in ("", *_extras(requirement)):
            if (name, extra) not in found:
                found.add((name, extra))
                waiting += _asked(line, extra, packages, environment)
    asked_for = {name for name, _ in found}
    complaints |= {f"nobody asks for {name}" for name in here.keys() - asked_for}
    return sorted(complaints)


def _asked(
    line: Locked, extra: str, packages: Mapping[str, Distribution], environment: Environment
) -> Iterator[tuple[str, Requirement]]:
    """Yield what a package asks for itself (``extra`` empty), or for one of its extras."""
    package = packages.get(line.name)
    if package is None or package.version != line.version:
        return
    for text in package.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if not extra if marker is None else marker.evaluate({**environment, "extra": extra}):
            yield line.name, requirement
