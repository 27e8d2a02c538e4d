"""The action and the example workflow pass the linters of their kind."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.functional.command import ROOT
from tests.pipelines.tools import program, run

WORKFLOWS = sorted((ROOT / "examples" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_zizmor_finds_no_way_in(path: Path) -> None:
    done = run(program("zizmor"), "--offline", "--no-progress", "--quiet", path, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_zizmor_would_find_one(tmp_path: Path) -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    broken = tmp_path / "action.yml"
    broken.write_text(text.replace('"$REGISTRY" ||', "${{ inputs.registry }} ||"), "utf-8")
    assert broken.read_text(encoding="utf-8") != text
    done = run(program("zizmor"), "--offline", "--no-progress", "--quiet", broken, cwd=tmp_path)
    assert "template-injection" in done.stdout


@pytest.mark.parametrize(
    ("schema", "path"),
    [("github-actions", ROOT / "action.yml"), *(("github-workflows", one) for one in WORKFLOWS)],
    ids=lambda one: getattr(one, "name", one),
)
def test_they_are_what_their_schema_says(schema: str, path: Path) -> None:
    done = run(
        *(program("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", path), cwd=ROOT
    )
    assert done.returncode == 0, done.stdout


def test_scripts_pass_the_linter_of_shells() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    for step in steps:
        # What the environment of a step defines, the linter cannot know: it is told.
        known = "".join(f"export {name}\n" for name in step.get("env", {}))
        script = f"#!/bin/bash\n{known}{step['run']}"
        done = run(program("shellcheck"), "-", cwd=ROOT, text=script)
        assert done.returncode == 0, done.stdout
