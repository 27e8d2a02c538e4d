"""Reports in another language: every format says it, the same every time, and proves it."""

from __future__ import annotations

import html
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import python_calamine
from msgspec.structs import replace
from pypdf import PdfReader

from rolecall.controls.catalogue import catalogue
from rolecall.registry.policy_toml import parse_policy
from rolecall.reports.facts import Facts
from rolecall.reports.table_report import table_report
from rolecall.texts import texts_of
from rolecall.usecases.reporting.files import files_of, lines_of
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.role_holders import holders_of
from tests.cloud import ROOT
from tests.functional.command import EXAMPLE, rolecall
from tests.functional.test_reports_for_people import AS_OF, example
from tests.nights import Documents, MemoryFiles, MemoryFindings, night

ES = texts_of("es")
WORDS = ES.words("reports")
TEXTS = ROOT / "layers" / "rolecall" / "rolecall" / "texts"


@cache
def spanish() -> dict[str, bytes]:
    """Return the reports of the example in Spanish."""
    snapshot, policy = example()
    report = run_audit(snapshot, replace(policy, language="es"), AS_OF, lambda _: None)
    facts = Facts(holders=holders_of(report.context), language="es")
    made = files_of(report.heading(), lines_of(report), facts)
    return {name: b"".join(pieces) for name, pieces in made}


def test_every_page_is_in_its_language() -> None:
    page = spanish()["report.html"].decode()
    assert '<html lang="es">' in page
    text = spanish()["report.md"].decode()
    reader = PdfReader(io.BytesIO(spanish()["report.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "es"  # type: ignore[index]
    paper = " ".join(one.extract_text() for one in reader.pages)
    for key in ("title", "summary", "standing", "by_entity"):
        assert WORDS[key] in page
        assert WORDS[key] in text
        assert WORDS[key] in " ".join(paper.split())
    for told in (page, " ".join(paper.split())):
        assert ES.instant(AS_OF) in told
        # Who holds what: roles have names, and no words of the registry.
        roles = ES.groups("values")["role"]
        assert f"({roles['owner']})" in told
        assert not [one for one in roles if f"({one})" in told and one not in roles.values()]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(spanish()["report.xlsx"]))
    assert WORDS["findings"] in book.sheet_names
    assert b'"language":"es"' in spanish()["facts.json"]


def flat(value: object) -> Iterator[str]:
    """Yield the texts of a table, however deep they lie."""
    if isinstance(value, dict):
        for one in value.values():
            yield from flat(one)
    elif isinstance(value, str):
        yield value


def texts_in(language: str) -> set[str]:
    """Return all texts of a language, with those of the controls."""
    parts = (TEXTS / language).glob("*.toml")
    found = {text for path in parts for text in flat(tomllib.loads(path.read_text("utf-8")))}
    if language == "en":
        for one in catalogue().values():
            found |= {one.title, one.rationale, one.remediation, one.record}
            found |= {one.detail} if isinstance(one.detail, str) else {*one.detail.values()}
    return found


def english_pieces() -> set[str]:
    """Return what stands between the values of English texts, and in no Spanish one or example."""
    data = "\n".join(path.read_text("utf-8") for path in EXAMPLE.glob("*.*"))
    spanish_texts = "\n".join(texts_in("es"))
    pieces = {
        piece.strip()
        for text in texts_in("en")
        for piece in re.split(r"\{[^}]*\}|[.:;,()\n]", text)
        if len(piece.strip()) > 8 and " " in piece.strip()
    }
    return {one for one in pieces if one not in spanish_texts and one not in data}


def test_nothing_english_is_in_between() -> None:
    """No text of any English table, nor of a control, stands in a Spanish report."""
    snapshot, policy = example()
    report = run_audit(snapshot, replace(policy, language="es"), AS_OF, lambda _: None)
    terminal = b"".join(table_report(report, report.findings)).decode()
    plain = re.compile(r"<(script|style).*?</\1>|<[^>]+>", re.DOTALL)
    page = plain.sub("\n", spanish()["report.html"].decode())
    paper = PdfReader(io.BytesIO(spanish()["report.pdf"])).pages
    shown = {
        "page": html.unescape(page),
        "markdown": spanish()["report.md"].decode(),
        "terminal": terminal,
        "paper": " ".join(one.extract_text() for one in paper),
        "lines": "\n".join(
            "\n".join((one.label, one.title, one.detail, one.remediation, one.record))
            for one in lines_of(report)()
        ),
    }
    pieces = english_pieces()
    assert len(pieces) > 500
    for name, text in shown.items():
        told = " ".join(text.split())
        assert sorted(piece for piece in pieces if piece in told) == [], name


class Spoken:
    """An audit of the example under a policy that says its language, and what it left."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.log, self.registry = directory / "log", directory / "registry"
        self.registry.mkdir()
        for file in EXAMPLE.iterdir():
            (self.registry / file.name).write_bytes(file.read_bytes())
        policy = self.registry / "policy.toml"
        text = policy.read_text(encoding="utf-8")
        policy.write_text(
            text.replace("[policy]\n", '[policy]\nlanguage = "es"\n', 1), encoding="utf-8"
        )
        key = directory / "signing-key"
        self.key = rolecall("key", "new", "--name", "a.example", "--signing-key", key).text.strip()
        ended = rolecall(
            *("audit", self.registry, "--as-of", "2026-11-02", "--log", self.log),
            *("--signing-key", key, "--report", directory / "audited"),
        )
        assert ended.status == 0, ended.stderr

    def report(self, name: str, *arguments: object) -> dict[str, bytes]:
        """Write every report of the log, and return them."""
        target = self.directory / name
        ended = rolecall("report", self.log, "--format", "all", "--output", target, *arguments)
        assert ended.status == 0, ended.stderr
        return {path.name: path.read_bytes() for path in target.iterdir()}

    def verified(self, name: str) -> str:
        """Return the verdict on the bundle of some reports."""
        ended = rolecall("verify", self.directory / name / "proof.zip", "--key", self.key)
        assert ended.status == 0, ended.stderr
        return ended.text


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    return Spoken(tmp_path_factory.mktemp("spoken"))


def test_the_policy_says_in_which_language_reports_are(spoken: Spoken) -> None:
    made = {path.name: path.read_bytes() for path in (spoken.directory / "audited").iterdir()}
    assert b'<html lang="es">' in made["report.html"]
    assert json.loads(made["facts.json"])["language"] == "es"
    verdict = spoken.verified("audited")
    assert "report.pdf" not in verdict.partition("not compared")[2]
    again = spoken.report("again", "--registry", spoken.registry)
    for name in ("findings.json", "report.html", "report.pdf", "facts.json"):
        assert again[name] == made[name], name


def test_another_language_may_be_asked_for_and_is_proven(spoken: Spoken) -> None:
    asked = ("--registry", spoken.registry, "--language", "en")
    english = spoken.report("english", *asked)
    assert b'<html lang="en">' in english["report.html"]
    assert json.loads(english["facts.json"])["language"] == "en"
    spoken.verified("english")
    # Without a registry nobody knows the policy: then it is English, unless somebody asks.
    assert b'<html lang="es">' in spoken.report("named", "--language", "es")["report.html"]
    assert b'<html lang="en">' in spoken.report("nameless")["report.html"]


def test_a_report_that_claims_another_language_is_not_the_one_of_the_records(
    spoken: Spoken,
) -> None:
    source, forged = spoken.directory / "audited" / "proof.zip", spoken.directory / "forged.zip"
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(forged, "w") as other:
        for name in given.namelist():
            data = given.read(name)
            if name.endswith("facts.json"):
                data = data.replace(b'"language":"es"', b'"language":"en"')
            other.writestr(name, data)
    assert rolecall("verify", forged, "--key", spoken.key).status != 0


def test_the_night_says_the_same() -> None:
    """Each batch of a night words its findings by the policy that it has, as an audit here does."""
    snapshot, _ = example()
    text = '[policy]\nlanguage = "es"\n'
    told = night(Documents(snapshot, text), MemoryFindings(), MemoryFiles(), AS_OF)["findings"]
    policy = parse_policy("policy.toml", text.encode())
    report = run_audit(snapshot, policy, AS_OF, lambda _: None)
    ours = list(lines_of(report)())
    for name in ("label", "title", "detail", "remediation", "record"):
        assert [one[name] for one in told] == [getattr(one, name) for one in ours]


BROKEN = '[policy]\nlanguage = "es"\nprivacy_law = "gpdr"\n'


def test_what_is_wrong_is_said_in_the_language_of_the_policy(tmp_path: Path) -> None:
    (registry := tmp_path / "registry").mkdir()
    (registry / "entities.csv").write_text("id,name,parent_id\ne1,,e9\n", encoding="utf-8")
    (registry / "accounts.csv").write_text("id,platform\n", encoding="utf-8")
    (registry / "policy.toml").write_text(BROKEN, encoding="utf-8")
    ended = rolecall("validate", registry)
    assert ended.status == 2
    assert "error: entities.csv:2:name: debe llenarse" in ended.stderr
    assert (
        "policy.toml:policy.privacy_law: debe ser uno de estos: gdpr, kdg, none; ¿quiso decir"
        in (ended.stderr)
    )
    assert ended.stderr.rstrip().endswith("errores; no se puede importar nada")
    english = rolecall("validate", registry, "--language", "en").stderr
    assert "error: entities.csv:2:name: must be filled" in english
    for command in (("audit", registry), ("audit", registry, "--language", "es")):
        refused = rolecall(*command)
        assert refused.status == 2
        assert "entities.csv:2:name: debe llenarse" in refused.stderr
        assert "no se importó nada" in refused.stderr
    told = rolecall("validate", registry, "--format", "json").json
    assert {"valid", "errors", "warnings"} < told.keys()
    assert "debe llenarse" in {one["message"] for one in told["errors"]}
    suite = rolecall("validate", registry, "--format", "junit").text
    assert "debe llenarse" in suite


def test_a_problem_is_known_again_in_any_language(tmp_path: Path) -> None:
    (registry := tmp_path / "registry").mkdir()
    (registry / "entities.csv").write_text("id,name\ne1,\n", encoding="utf-8")
    (registry / "accounts.csv").write_text("id,platform\n", encoding="utf-8")

    def results(language: str) -> list[tuple[str, str]]:
        arguments = ("--format", "sarif", "--language", language)
        [run] = rolecall("validate", registry, *arguments).json["runs"]
        return [
            (one["message"]["text"], one["partialFingerprints"]["primaryLocationLineHash"])
            for one in run["results"]
        ]

    english, spanish = results("en"), results("es")
    assert [digest for _, digest in english] == [digest for _, digest in spanish]
    assert not {text for text, _ in english} & {text for text, _ in spanish}


def test_a_valid_registry_is_valid_in_every_language() -> None:
    assert rolecall("validate", EXAMPLE, "--language", "es").text.startswith("válido: ")
