"""What changes the bytes of a report raises the version."""

from __future__ import annotations

import json
import tomllib
from importlib.metadata import version
from typing import Any

import pytest

from rolecall import __version__
from tests.cloud import ROOT
from tests.functional.command import rolecall
from tests.releases.digests import FOLDER, made, table
from tests.releases.stored import RELEASES

RAISE = (
    f"reports of {__version__} have other bytes than before: raise __version__ in "
    "layers/rolecall/rolecall/__init__.py, and write the table of the new version with python -m "
    "tests.releases.digests (of a version that nobody released yet, write it again)"
)


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """Return the table of this version."""
    path = table()
    assert path.exists(), f"there is no {path.relative_to(ROOT)}: {RAISE}"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_bytes_of_reports_change_with_the_version_alone(known: dict[str, Any]) -> None:
    if known["typst"] != version("typst"):
        pytest.fail(f"the table is of typst {known['typst']}: raise the version with the lock")
    assert made() == known["reports"], RAISE


def test_every_release_has_a_table_that_is_its_own() -> None:
    assert {release.name for release in RELEASES} <= {path.stem for path in FOLDER.iterdir()}
    tables = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.iterdir())]
    assert [one["version"] for one in tables] == [path.stem for path in sorted(FOLDER.iterdir())]
    # Reports name the release that made them: no two have the same bytes.
    digests = [one["reports"]["findings.json"] for one in tables]
    assert len(set(digests)) == len(digests)


def test_there_is_one_truth_about_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "layers/rolecall/rolecall/__init__.py"
    assert rolecall("--version").text == f"rolecall {__version__}\n"
