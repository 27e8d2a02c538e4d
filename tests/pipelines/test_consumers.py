"""SARIF and JUnit in the hands of programs that we did not write.

The models of ``pydantic-sarif`` were generated from the schema that OASIS published, and forbid
what it does not name; ``junitparser`` reads what the usual runners write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.functional.command import AS_OF, EXAMPLE, audit, edit, rolecall
from tests.pages.reports import NAMES
from tests.pipelines.tools import module
from tests.registries import parish

NASTY = [*NAMES, "a\x00b\x1b[31mc", "]]>", "\ufffe\uffff", "&lt;&#0;", "[x](https://evil.example)"]


@pytest.fixture
def registries(tmp_path: Path) -> list[Path]:
    """The example in each form, one with names of all kinds, and one in which nothing fails."""
    nasty, calm = tmp_path / "nasty", tmp_path / "calm"
    for directory in (nasty, calm):
        directory.mkdir()
    files = parish()
    files.write(calm)
    for table in ("entities", "people"):
        for row, name in zip(files.tables[table], cycle(NASTY)):
            row["name"] = name.replace("\x00", "")
    for row in files.tables["accounts"]:
        row["removal_path"] = "none"
    for row in files.tables["people"]:
        row["clearance_level"] = "A"
    files.write(nasty)
    for form in ("xlsx", "json"):
        assert rolecall("convert", EXAMPLE, tmp_path / f"example.{form}").status == 0
    return [EXAMPLE, tmp_path / "example.xlsx", tmp_path / "example.json", nasty, calm]


def written(registries: list[Path], format_: str) -> Iterator[bytes]:
    for registry in registries:
        ended = audit(registry, "--format", format_)
        assert ended.status == 0, ended.stderr
        yield ended.stdout
        ended = rolecall("validate", registry, "--format", format_)
        assert ended.status == 0, ended.stderr
        yield ended.stdout
    bad = registries[-1]
    edit(bad / "policy.toml", "[policy]", "[polcy]")
    for path in bad.glob("people.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("active", "\x1b]]>"), "utf-8")
    for command in (["audit", bad, "--as-of", AS_OF], ["validate", bad]):
        ended = rolecall(*command, "--format", format_)
        assert ended.status == 2
        yield ended.stdout


def test_sarif_is_what_the_schema_says(registries: list[Path]) -> None:
    sarif = module("pydantic_sarif.model").StaticAnalysisResultsFormatSarifVersion210JsonSchema
    results = 0
    for content in written(registries, "sarif"):
        [run] = sarif.model_validate_json(content).runs
        results += len(run.results)
    assert results > 300


def test_the_schema_refuses_what_it_does_not_allow() -> None:
    sarif = module("pydantic_sarif.model").StaticAnalysisResultsFormatSarifVersion210JsonSchema
    content = json.loads(audit(EXAMPLE, "--format", "sarif").stdout)
    [location] = content["runs"][0]["results"][0]["locations"]
    for name, region in (("startLine", {"startLine": 0}), ("startline", {"startline": 1})):
        location["physicalLocation"]["region"] = region
        with pytest.raises(ValueError, match=name):
            sarif.model_validate(content)


def test_junit_is_read_with_the_counts_that_it_says(registries: list[Path]) -> None:
    junit = module("junitparser").JUnitXml
    failures = 0
    for content in written(registries, "junit"):
        document = junit.fromstring(content)
        said = (document.tests, document.failures, document.errors, document.skipped)
        document.update_statistics()
        assert said == (document.tests, document.failures, document.errors, document.skipped)
        failures += document.failures
    assert failures > 300
