"""Clauses of an organisation's own policy, and official titles: where they are shown and proven."""

from __future__ import annotations

import html
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rolecall.registry.policy_toml import read_policy
from tests.cloud import SIGNER, Cloud
from tests.cloud_nights import night
from tests.functional.command import EXAMPLE, rolecall
from tests.registries import parish

TITLES = "framework,id,title\niso,A.5.18,Access rights & <b>more</b>\ncis,6.2,The sixth's second\n"
CLAUSE = "II.2 The head of an entity keeps full control of its accounts"
AS_OF = "2026-11-02"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the example and titles, a log, its reports and its key."""
    directory = tmp_path_factory.mktemp("citations")
    shutil.copytree(EXAMPLE, directory / "diocese")
    (directory / "diocese" / "titles.csv").write_text(TITLES, encoding="utf-8")
    key = directory / "signing-key"
    made = rolecall("key", "new", "--name", "a.example", "--signing-key", key)
    (directory / "key").write_text(made.text, encoding="utf-8")
    ended = rolecall(
        *("audit", directory / "diocese", "--as-of", AS_OF, "--log", directory / "log"),
        *("--signing-key", key, "--report", directory / "reports"),
        *("--output", directory / "findings.txt"),
    )
    assert (ended.status, "titles" in ended.stderr) == (0, False)
    return directory


def report(audited: Path, *arguments: object) -> Any:
    return rolecall("report", audited / "log", *arguments)


def verified(audited: Path, proof: Path) -> Any:
    return rolecall("verify", proof, "--key", (audited / "key").read_text("utf-8").strip())


def loaded(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_a_finding_cites_the_clause_wherever_it_cites(audited: Path) -> None:
    reports = audited / "reports"
    findings = loaded(reports / "findings.json")["findings"]
    cited = {one["control"]: one["references"].get("policy") for one in findings}
    assert cited["head-without-access"] == [CLAUSE]
    assert cited["orphaned-admin"] is None
    ocsf = {
        one["compliance"]["control"]: one["compliance"]
        for one in json.loads((reports / "findings.ocsf.json").read_bytes())
    }
    assert ocsf["head-without-access"]["requirements"][-1] == CLAUSE
    assert "General practice" not in ocsf["sole-administrator"]["standards"]
    with zipfile.ZipFile(reports / "findings.asff.zip") as archive:
        asff = [one for name in archive.namelist() for one in json.loads(archive.read(name))]
    related = {
        requirement for one in asff for requirement in one["Compliance"]["RelatedRequirements"]
    }
    assert f"The organisation's own policy {CLAUSE}" in related
    sarif = rolecall("audit", audited / "diocese", "--as-of", AS_OF, "--format", "sarif")
    assert f"The organisation's own policy: {CLAUSE}." in sarif.text
    page = (reports / "report.html").read_text(encoding="utf-8")
    assert page.count(html.escape(CLAUSE)) == 1


def test_pages_give_the_official_title_and_say_which_words_are_ours(audited: Path) -> None:
    page = (audited / "reports" / "report.html").read_text(encoding="utf-8")
    assert "Access rights &amp; &lt;b&gt;more&lt;/b&gt;" in page
    assert "secrets kept well (in our words)" in page
    assert ">protecting access<" in page
    assert page.count("Requirement, in our words") == 1
    assert page.count("not affiliated with") == 1
    # Beside the frameworks, and among the words that a page explains.
    assert page.count("a pass is not compliance") == 2
    assert page.count("Titles are those that the organisation gave.") == 2
    for said in (
        *("release 5.1.1", "Publicly Accessible Content", "trademarks of the Center for Internet"),
        *("2017 with 2022 points of focus", "Joint controllers", "(c) European Union"),
    ):
        assert said in page
    # In their natural order.
    at = [page.index(f"<bdi>{one}</bdi>") for one in ("AC-2", "AC-2(2)", "AC-2(13)", "AC-20")]
    assert at == sorted(at)
    at = [page.index(f"<bdi>{one}</bdi>") for one in ("A.5.9", "A.5.10", "A.8.2", "A.8.10")]
    assert at == sorted(at)


def test_what_a_policy_cites_is_proven(audited: Path, tmp_path: Path) -> None:
    assert "byte for byte" in verified(audited, audited / "reports" / "proof.zip").text
    again = ("--registry", audited / "diocese", "--format", "all", "--output", tmp_path / "again")
    assert report(audited, *again).status == 0
    for path in (audited / "reports").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("file", ["titles.csv", "policy.toml"])
def test_another_policy_is_not_cited_for_a_run(audited: Path, tmp_path: Path, file: str) -> None:
    registry = tmp_path / "diocese"
    shutil.copytree(audited / "diocese", registry)
    text = (registry / file).read_text(encoding="utf-8")
    (registry / file).write_text(
        text.replace("The sixth's second", "Another").replace("II.2 ", "V.1 "), encoding="utf-8"
    )
    made = report(audited, "--registry", registry, "--format", "json", "--output", "-")
    assert "clauses and titles are left out" in made.stderr
    assert len(json.loads(made.stdout)["findings"]) > 100
    assert "V.1 " not in made.text
    assert CLAUSE not in made.text


@pytest.mark.parametrize(("what", "id_"), [("clauses", "head-without-access"), ("titles", "iso")])
def test_nobody_gives_a_run_other_words_later(
    audited: Path, tmp_path: Path, what: str, id_: str
) -> None:
    """Even though all that follows from them is left out of the bundle."""
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(audited / "reports" / "proof.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    facts = json.loads(members["reports/facts.json"])
    given = facts["citations"][what]
    given[id_] = "V.1 Nobody" if what == "clauses" else {"A.5.18": "Anything"}
    members["reports/facts.json"] = json.dumps(facts, separators=(",", ":")).encode() + b"\n"
    with zipfile.ZipFile(forged, "w") as archive:
        for name, data in members.items():
            if name.rpartition("/")[2].partition(".")[0] != "report":
                archive.writestr(name, data)
    told = verified(audited, forged)
    assert told.status == 1
    assert "reports/facts.json: citations: not what the records say" in told.text


def test_a_control_is_shown_with_what_a_policy_cites(audited: Path) -> None:
    policy = ("--policy", audited / "diocese" / "policy.toml")
    shown = rolecall("controls", "show", "head-without-access", *policy).text
    assert "The organisation's own policy" in shown
    assert CLAUSE in " ".join(shown.split())
    assert "A.5.18 Access rights & <b>more</b>" in shown
    assert "A.5.2 (in our words: who is responsible)" in shown
    plain = rolecall("controls", "show", "head-without-access").text
    assert "own policy" not in plain
    assert "A.5.18 (in our words: access given and taken)" in plain
    assert "PS-4 Personnel Termination" in plain
    assert "a pass is not compliance" in " ".join(plain.split())


def test_what_is_wrong_with_titles_is_said_at_its_row(tmp_path: Path) -> None:
    registry = tmp_path / "diocese"
    shutil.copytree(EXAMPLE, registry)
    (registry / "titles.csv").write_text("framework,id,title\niso,A.5.81,x\n", encoding="utf-8")
    ended = rolecall("validate", registry)
    assert ended.status == 2
    assert "titles.csv:2:id: ISO/IEC 27001:2022 Annex A has no such requirement" in ended.stderr
    located = rolecall("validate", registry, "--format", "sarif")
    assert "diocese/titles.csv" in located.text


def test_titles_go_along_when_a_registry_is_converted(tmp_path: Path) -> None:
    registry = tmp_path / "diocese"
    shutil.copytree(EXAMPLE, registry)
    (registry / "titles.csv").write_text(TITLES, encoding="utf-8")
    (tmp_path / "made").mkdir()
    assert rolecall("convert", registry, tmp_path / "made" / "diocese.xlsx").status == 0
    assert (tmp_path / "made" / "titles.csv").read_text(encoding="utf-8") == TITLES
    assert read_policy(tmp_path / "made" / "policy.toml").citations.titles["cis"]


def test_a_stack_cites_what_was_imported(
    sky: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The night, its reports of each entity, an export, and a report of the log of one entity."""
    monkeypatch.setenv("REPORTS", "report.html")
    monkeypatch.setenv("ENTITY_REPORTS", "report.html")
    for module in ("stack_report", "deployed"):
        monkeypatch.setattr(f"rolecall.cli.{module}.open_stack", lambda _: sky.stack())
    files = parish()
    files.row("accounts", 1, removal_path="none")
    files.policy += '[policy.clauses]\nno-removal-path = "II.3"\n'
    (registry := tmp_path / "parish").mkdir()
    files.write(registry)
    (registry / "titles.csv").write_text(TITLES, encoding="utf-8")
    imported = rolecall("import", registry, "--stack", "s", "--yes")
    assert imported.status == 0, imported.stderr
    assert "up to date" in rolecall("import", registry, "--stack", "s", "--yes").text
    findings = night(sky)["findings"]
    (found,) = [one for one in findings if one["control"] == "no-removal-path"]
    assert found["references"]["policy"] == ["II.3"]
    bucket = sky.stack().records
    facts = [name for name in bucket.names("reports/") if name.endswith("facts.json")]
    assert len(facts) == 2
    offline = read_policy(registry / "policy.toml").citations
    for name in facts:
        told = json.loads(bucket.get(name) or b"")["citations"]
        assert told == {"clauses": dict(offline.clauses), "titles": dict(offline.titles)}
    proof = tmp_path / "proof.zip"
    arguments = ("--entity", "e1", "--format", "proof", "--output", proof)
    assert rolecall("report", "--stack", "s", *arguments).status == 0
    assert rolecall("verify", proof, "--key", SIGNER.key).status == 0
    exported = rolecall("export", tmp_path / "out", "--stack", "s")
    assert exported.status == 0, exported.stderr
    for name in ("titles.csv", "policy.toml"):
        assert (tmp_path / "out" / name).read_text("utf-8") == (registry / name).read_text("utf-8")
