"""Wheel and sdist: the same bytes twice, what is in them, what they are made of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra import distribution
from infra.distribution import (
    Locked,
    UnknownLicenceError,
    bill_of_materials,
    build,
    licence_of,
    licences_page,
    locked,
)
from rolecall import __version__

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers/rolecall/rolecall"
AT = datetime(2026, 11, 2, tzinfo=UTC)
EPOCH = int(AT.timestamp())
WHEEL, SDIST = f"rolecall-{__version__}-py3-none-any.whl", f"rolecall-{__version__}.tar.gz"
SOURCES = ["pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", ".gitignore"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of what was built from these sources."""
    target = tmp_path_factory.mktemp("dist")
    assert [path.name for path in build(target, EPOCH)] == [WHEEL, SDIST]
    return target


def files(directory: Path, prefix: str) -> set[str]:
    """Return the files of a source directory, under another name."""
    return {
        prefix + path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_same_bytes_from_another_place_at_another_time(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    for name in ("layers/rolecall/rolecall", "examples/diocese"):
        shutil.copytree(ROOT / name, copy / name)
    for name in SOURCES:
        shutil.copy(ROOT / name, copy / name)
    for path in copy.rglob("*"):
        os.utime(path, (1, 1_000_000_000))
        if path.is_file():
            path.chmod(0o600)
    (copy / "layers/rolecall/rolecall/__pycache__").mkdir(exist_ok=True)
    (copy / "layers/rolecall/rolecall/__pycache__/stray.pyc").write_bytes(b"stray")
    (copy / "out").mkdir()
    (copy / "out/signing-key").write_text("canary", encoding="utf-8")
    hatch(copy, tmp_path / "dist")
    for name in (WHEEL, SDIST):
        assert (tmp_path / "dist" / name).read_bytes() == (built / name).read_bytes(), name


def hatch(sources: Path, target: Path) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "TZ": "Pacific/Auckland"}
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    subprocess.run(command, cwd=sources, env=environment, check=True, capture_output=True)


def test_the_sdist_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    with tarfile.open(built / SDIST) as archive:
        archive.extractall(tmp_path, filter="data")
    (sources,) = tmp_path.iterdir()
    hatch(sources, tmp_path / "dist")
    assert (tmp_path / "dist" / WHEEL).read_bytes() == (built / WHEEL).read_bytes()


def test_what_is_in_the_wheel(built: Path) -> None:
    with zipfile.ZipFile(built / WHEEL) as archive:
        names = set(archive.namelist())
        entries = archive.read(f"rolecall-{__version__}.dist-info/entry_points.txt").decode()
        about = archive.read(f"rolecall-{__version__}.dist-info/METADATA").decode()
    info = {name for name in names if name.startswith(f"rolecall-{__version__}.dist-info/")}
    ours = files(PACKAGE, "rolecall/") | files(
        ROOT / "examples/diocese", "rolecall/examples/diocese/"
    )
    assert names - info == ours
    assert {"rolecall/py.typed", "rolecall/__main__.py"} <= names
    assert "rolecall = rolecall.cli:main" in entries
    # A place on the web is named when there is one.
    assert "Project-URL" not in about
    assert "Home-page" not in about


def test_what_is_in_the_sdist(built: Path) -> None:
    with tarfile.open(built / SDIST) as archive:
        members = archive.getmembers()
    names = {member.name.removeprefix(f"rolecall-{__version__}/") for member in members}
    assert names == {
        *files(PACKAGE, "layers/rolecall/rolecall/"),
        *files(ROOT / "examples/diocese", "examples/diocese/"),
        *(*SOURCES, "PKG-INFO"),
    }
    assert {(member.uid, member.uname, member.mtime) for member in members} == {(0, "", EPOCH)}


@pytest.fixture(scope="module")
def materials() -> list[Locked]:
    """Return what the lock has."""
    return locked(ROOT / "requirements/runtime.txt")


def test_the_bill_lists_what_is_locked_and_nothing_that_only_builds(
    materials: list[Locked],
) -> None:
    bill = json.loads(bill_of_materials(__version__, materials, AT))
    parts = {part["name"]: part for part in bill["components"]}
    assert set(parts) == {one.name for one in materials}
    assert {"msgspec", "typst", "boto3", "colorama"} <= set(parts)
    assert not {"hatchling", "editables", "pytest"} & set(parts)
    text = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8")
    for name, part in parts.items():
        assert part["purl"] == f"pkg:pypi/{name}@{part['version']}"
        assert part["licenses"], name
        assert part["hashes"], name
        assert all(f"sha256:{one['content']}" in text for one in part["hashes"])
        assert f"{name}=={part['version']}" in text or f"{name}[" in text
    assert parts["msgspec"]["scope"] == "required"
    assert parts["boto3"]["scope"] == "optional"
    edges = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert {"msgspec", "typer"} <= set(edges["rolecall"])
    assert edges["boto3"] == ["botocore", "jmespath", "s3transfer"]


def test_the_bill_is_the_same_twice_and_its_number_is_that_of_what_it_holds(
    materials: list[Locked],
) -> None:
    first, again = (bill_of_materials(__version__, materials, AT) for _ in range(2))
    assert first == again
    other = [materials[0]._replace(version="0"), *materials[1:]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distribution, "licence_of", lambda _: "MIT")
        changed = bill_of_materials(__version__, other, AT)
    assert json.loads(changed)["serialNumber"] != json.loads(first)["serialNumber"]


def test_every_licence_is_known(materials: list[Locked]) -> None:
    page = licences_page(__version__, materials)
    for one in materials:
        assert f" {one.version} | {licence_of(one)} |" in page


@pytest.mark.parametrize("name", ["jinja2", "colorama", "no-such-distribution"])
def test_a_licence_that_nobody_has_read_is_an_error(name: str) -> None:
    with pytest.raises(UnknownLicenceError, match=name):
        licence_of(Locked(name, "99", (), True, ()))


def test_what_is_needed_and_not_locked_is_an_error(tmp_path: Path) -> None:
    lines = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8")
    part = tmp_path / "runtime.txt"
    part.write_text(lines.replace("msgspec==", "msgspeck=="), encoding="utf-8")
    with pytest.raises(KeyError, match="msgspec"):
        locked(part)
