"""``make dist``: a wheel and an sdist, what they are made of, and under which licences that is.

The same sources give the same bytes: files have the time of ``SOURCE_DATE_EPOCH``, which is that of
the last commit where nothing else is said, and the bill of materials takes its number from what it
holds. It lists what Rolecall runs with as the lock has it, with the hashes that are installed; what
builds and tests Rolecall is not in it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

__all__ = ["Locked", "bill_of_materials", "build", "licence_of", "licences_page", "locked", "main"]

ROOT = Path(__file__).parents[1]
_CLASSIFIED = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What a classifier says that leaves one licence open."""
_READ = {
    "colorama==0.4.6": "BSD-3-Clause",
    "jinja2==3.1.6": "BSD-3-Clause",
    "python-dateutil==2.9.0.post0": "Apache-2.0 OR BSD-3-Clause",
}
"""What somebody read in the texts of licences that metadata does not name; of one version each."""
_SYSTEMS: tuple[Mapping[str, str], ...] = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
)
_PYTHONS = ("3.11", "3.12", "3.13", "3.14")


class Locked(NamedTuple):
    """A distribution that is locked."""

    name: str
    version: str
    hashes: tuple[str, ...]
    is_required: bool
    needs: tuple[str, ...]


class UnknownLicenceError(Exception):
    """Nobody knows under which licence something is."""


def locked(requirements: Path) -> list[Locked]:
    """Return what Rolecall runs with, on any system, as a requirements file has it.

    :raises KeyError: something that is needed is not locked.
    """
    pins: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in re.sub(r"\\\n", " ", requirements.read_text(encoding="utf-8")).splitlines():
        if line and not line.startswith((" ", "#")):
            wanted, *digests = line.split(" --hash=sha256:")
            pin = Requirement(wanted)
            (version,) = (one.version for one in pin.specifier)
            pins[canonicalize_name(pin.name)] = (version, tuple(sorted(map(str.strip, digests))))
    required, everything = _reached("rolecall", ()), _reached("rolecall", ("aws",))
    found = []
    for name in sorted(everything.keys() - {"rolecall"}):
        version, hashes = pins[name]
        found.append(Locked(name, version, hashes, name in required, tuple(everything[name])))
    return found


def _reached(name: str, extras: tuple[str, ...]) -> dict[str, list[str]]:
    """Return everything that a distribution needs, each with what it needs itself."""
    found: dict[str, list[str]] = {}
    waiting = [(name, extras)]
    seen = set()
    while waiting:
        one, extras = waiting.pop()
        if (one, extras) in seen:
            continue
        seen.add((one, extras))
        needed = list(_needed(one, extras))
        known = found.setdefault(one, [])
        known[:] = sorted({*known, *(below for below, _ in needed)})
        waiting += needed
    return found


def _needed(name: str, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        wanted = requires(name) or []
    except PackageNotFoundError:
        # What other systems need is not here; none of it needs anything itself.
        if name != "colorama":
            raise
        return
    for text in wanted:
        one = Requirement(text)
        if one.marker is None or any(
            one.marker.evaluate({**system, "python_version": python, "extra": extra})
            for system in _SYSTEMS
            for python in _PYTHONS
            for extra in ("", *extras)
        ):
            yield canonicalize_name(one.name), tuple(sorted(one.extras))


# It reads all the licences that there are.
_spdx = cache(get_spdx_licensing)


@cache
def licence_of(one: Locked) -> str:
    """Return the licence of a distribution as an SPDX expression.

    :raises UnknownLicenceError: its metadata leaves it open, and nobody has read it.
    """
    told = _READ.get(f"{one.name}=={one.version}", "")
    if not told:
        try:
            about = metadata(one.name)
        except PackageNotFoundError as error:
            raise UnknownLicenceError(f"{one.name} {one.version}: not installed here") from error
        classes = {
            known
            for known in map(_CLASSIFIED.get, about.get_all("Classifier") or ())
            if known is not None
        }
        stated = about["License-Expression"] or about["License"] or ""
        told = stated if not _spdx().validate(stated).errors else ""
        if not told and len(classes) == 1:
            (told,) = classes
    if not told or _spdx().validate(told).errors:
        raise UnknownLicenceError(
            f"{one.name} {one.version}: read its licence, and note it in {Path(__file__).name}"
        )
    return told


def bill_of_materials(version: str, materials: list[Locked], at: datetime) -> str:
    """Return the bill of materials as CycloneDX 1.6 in JSON."""
    licences = LicenseFactory()
    root = Component(
        name="rolecall",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="rolecall",
        licenses=[licences.make_from_string("Apache-2.0")],
    )
    made = {
        one.name: Component(
            name=one.name,
            version=one.version,
            bom_ref=one.name,
            purl=PackageURL("pypi", None, one.name, one.version),
            scope=ComponentScope.REQUIRED if one.is_required else ComponentScope.OPTIONAL,
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in one.hashes],
            licenses=[licences.make_from_string(licence_of(one))],
        )
        for one in materials
    }
    bom = Bom(components=made.values())
    bom.metadata.component = root
    bom.metadata.timestamp = at
    content = "\n".join(f"{one}" for one in (version, *materials))
    bom.serial_number = uuid5(NAMESPACE_URL, content)
    for one in materials:
        bom.register_dependency(made[one.name], [made[name] for name in one.needs])
    direct = _reached("rolecall", ("aws",))["rolecall"]
    bom.register_dependency(root, [made[name] for name in direct])
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    if errors := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"not a bill of materials: {errors}")
    return f"{text}\n"


def licences_page(version: str, materials: list[Locked]) -> str:
    """Return a page with the licence of everything that Rolecall runs with."""
    lines = [
        f"# Licences of what Rolecall {version} runs with",
        "",
        "Rolecall itself: Apache-2.0. What stands in brackets comes with the extra `aws` only.",
        "",
        "| distribution | version | licence |",
        "|---|---|---|",
    ]
    for one in materials:
        name = one.name if one.is_required else f"({one.name})"
        lines.append(f"| {name} | {one.version} | {licence_of(one)} |")
    return "\n".join([*lines, ""])


def build(target: Path, epoch: int | None) -> list[Path]:
    """Build wheel and sdist, and return where they are."""
    given = {} if epoch is None else {"SOURCE_DATE_EPOCH": str(epoch)}
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **given}, check=True)
    return sorted(target.iterdir())


def _epoch() -> int:
    """Return the time that files get: as asked, else of the last commit, else of no meaning."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        command = [git, "log", "-1", "--format=%ct"]
        return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    # Without a history it is the first instant that an archive can have (1980), in every zone.
    return 315_619_200


def main() -> None:
    """Write all of it to ``dist/``."""
    from rolecall import __version__

    target, epoch = ROOT / "dist", _epoch()
    shutil.rmtree(target, ignore_errors=True)
    build(target, epoch)
    materials = locked(ROOT / "requirements" / "runtime.txt")
    at = datetime.fromtimestamp(epoch, UTC)
    for name, text in (
        (f"rolecall-{__version__}.cdx.json", bill_of_materials(__version__, materials, at)),
        (f"rolecall-{__version__}.licences.md", licences_page(__version__, materials)),
    ):
        (target / name).write_text(text, encoding="utf-8", newline="\n")
    digests = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(target.iterdir())
    ]
    (target / "SHA256SUMS").write_text("".join(digests), encoding="utf-8", newline="\n")
    sys.stdout.write("".join(digests))


if __name__ == "__main__":
    main()
