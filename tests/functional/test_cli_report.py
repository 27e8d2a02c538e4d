"""``rolecall report``, and reports that prove themselves."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
import python_calamine
from pypdf import PdfReader

from rolecall.cli.progress import ended, progress
from rolecall.model import SEVERITIES
from rolecall.reports.facts import Facts
from rolecall.reports.formats import FORMER, KEPT
from rolecall.reports.reasons import ReasonWords
from rolecall.run import Heading
from rolecall.texts import texts_of
from rolecall.usecases.reporting.files import files_of
from rolecall.usecases.reporting.findings_document import FindingsDocument
from tests.functional.command import AS_OF, EXAMPLE, Ended, rolecall

ALL = [*KEPT, "proof.zip"]
PARISH = "holy-cross-high-school"


class Nights:
    """Audits of the example under one log: as it is, then with less of it, then as it is."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.log = directory / "log"
        key = directory / "signing-key"
        self.key = rolecall("key", "new", "--name", "a.example", "--signing-key", key).text.strip()
        self.registries: list[Path] = []
        for night, dropped in enumerate([0, 6, 0], 2):
            registry = directory / f"registry-{night}"
            registry.mkdir()
            for file in EXAMPLE.iterdir():
                (registry / file.name).write_bytes(file.read_bytes())
            grants = (registry / "grants.csv").read_text(encoding="utf-8").splitlines(True)
            kept = grants[: len(grants) - dropped]
            (registry / "grants.csv").write_text("".join(kept), encoding="utf-8")
            self.registries.append(registry)
            audited = rolecall(
                *("audit", registry, "--as-of", f"2026-11-{night:02}", "--log", self.log),
                *("--signing-key", key, "--report", directory / f"audited-{night}"),
                *("--output", directory / "findings.txt"),
            )
            assert audited.status == 0, audited.stderr

    def report(self, *arguments: object) -> Ended:
        """Write a report of the log."""
        return rolecall("report", self.log, *arguments)

    def verify(self, log: Path, *arguments: object) -> Ended:
        """Verify a log, or a bundle."""
        return rolecall("verify", log, "--key", self.key, *arguments)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return Nights(tmp_path_factory.mktemp("nights"))


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


# -- the same report, by whatever way -------------------------------------------------------------


@pytest.mark.parametrize("night", [2, 3, 4])
def test_a_report_of_the_log_is_the_report_of_the_audit(
    nights: Nights, tmp_path: Path, night: int
) -> None:
    """Of a run that others followed, too: with the same registry the bytes are the same."""
    made = nights.report(
        *("--run", night - 1, "--registry", nights.registries[night - 2]),
        *("--format", "all", "--output", tmp_path / "made"),
    )
    assert (made.status, made.stderr) == (0, "")
    before = contents(nights.directory / f"audited-{night}")
    assert sorted(before) == sorted(ALL)
    assert contents(tmp_path / "made") == before


def test_each_format_by_itself(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last run is meant, and each file gets its name where nothing else is said."""
    monkeypatch.chdir(tmp_path)
    before = contents(nights.directory / "audited-4")
    registry = ("--registry", nights.registries[2])
    for format_ in ("html", "xlsx", "md", "csv", "json", "ocsf", "asff", "proof"):
        made = nights.report("--format", format_, *registry)
        name = made.text.removeprefix("wrote ").strip()
        assert Path(name).read_bytes() == before[name]
    assert nights.report(*registry).text == "wrote report.pdf\n"
    assert Path("report.pdf").read_bytes() == before["report.pdf"]
    shown = nights.report("--format", "csv", *registry, "--output", "-")
    assert shown.stdout == before["findings.csv"]


def test_without_the_registry_ids_stand_for_names(nights: Nights, tmp_path: Path) -> None:
    made = nights.report("--format", "all", "--output", tmp_path / "made")
    assert made.status == 0, made.stderr
    findings = json.loads((tmp_path / "made/findings.json").read_bytes())
    named = json.loads((nights.directory / "audited-4/findings.json").read_bytes())
    assert not any(one["names"] for one in findings["findings"])
    for one in (*findings["findings"], *named["findings"]):
        del one["label"], one["detail"], one["names"]
        # Which could not be checked is on record by control alone.
        del one["evaluated"]
        # The clauses of a policy lie beside a registry.
        one["references"].pop("policy", None)
    for one in named["waivers"]:
        one["reason"] = ""
    # What is to be done follows from the registry too.
    assert named.pop("actions")
    assert named.pop("more_actions") == 0
    assert findings == named
    page = (tmp_path / "made/report.html").read_text(encoding="utf-8")
    assert "does not hold the registry" in page
    text = json.loads((tmp_path / "made/facts.json").read_bytes())
    nothing: dict[str, Any] = {
        "organisation": "",
        "heads": {},
        "entities": {},
        "names": {},
        "accounts": None,
        "more": 0,
    }
    assert text["holders"] == nothing
    assert "valid" in nights.verify(tmp_path / "made/proof.zip").text


def test_another_registry_gives_names_but_not_who_holds_what(
    nights: Nights, tmp_path: Path
) -> None:
    made = nights.report(
        *("--run", 1, "--registry", nights.registries[1]),
        *("--format", "all", "--output", tmp_path / "made"),
    )
    assert "is not the registry that run 1 looked at" in made.stderr
    facts = json.loads((tmp_path / "made/facts.json").read_bytes())
    assert facts["holders"]["accounts"] is None
    assert facts["holders"]["entities"][PARISH] == "Holy Cross High School"
    assert nights.verify(tmp_path / "made/proof.zip").status == 0


def test_a_report_of_a_registry_is_that_of_an_audit_without_a_log(tmp_path: Path) -> None:
    for command in ("audit", "report"):
        where = {
            "audit": ("--report", tmp_path / command, "--output", tmp_path / "findings.txt"),
            "report": ("--format", "all", "--output", tmp_path / command),
        }[command]
        arguments = (command, EXAMPLE, "--as-of", AS_OF, "--entity", PARISH, *where)
        assert rolecall(*arguments).status == 0
    assert contents(tmp_path / "audit") == contents(tmp_path / "report")
    assert sorted(contents(tmp_path / "report")) == sorted(KEPT)
    facts = json.loads((tmp_path / "report/facts.json").read_bytes())
    assert {account[0] for account in facts["holders"]["accounts"]} == {PARISH}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give a registry or the directory of a log"),
        ((EXAMPLE, "--run", 1), "--run and --registry are for logs"),
        ((EXAMPLE, "--format", "proof", "--as-of", AS_OF), "only the audit log proves a report"),
        ((EXAMPLE, "--format", "all", "--output", "-", "--as-of", AS_OF), "writes a directory"),
        (("no-such-registry",), "no-such-registry"),
        ((EXAMPLE, "--entity", "nowhere"), "no entity nowhere"),
    ],
)
def test_what_cannot_be_made(arguments: tuple[object, ...], said: str) -> None:
    ended = rolecall("report", *arguments)
    assert ended.status == 2
    assert said in ended.stderr


def test_what_cannot_be_made_of_a_log(nights: Nights) -> None:
    for arguments, said in [
        (("--run", 9), "no completed run is named 9"),
        (("--format", "proof", "--output", "-"), "writes a file"),
    ]:
        ended = nights.report(*arguments)
        assert ended.status == 2
        assert said in ended.stderr


# -- every number, from the records of the bundle alone --------------------------------------------


class Recount:
    """What a report counts, counted anew from the records of a bundle, by their text alone."""

    def __init__(self, proof: Path) -> None:
        with zipfile.ZipFile(proof) as archive:
            lines = archive.read("records.jsonl").splitlines()
        self.records = [json.loads(line) for line in lines]
        ends = [one for one in self.records if one["action"] == "run.completed"]
        self.last = ends[-1]["payload"]
        self.trend = [list(one["payload"]["summary"]["standing"].values()) for one in ends]
        self.states: dict[str, dict[str, Any]] = {}
        for record in self.records:
            if record["action"].startswith(("finding.", "waiver.")):
                self._apply(record)
        self.standing = [
            one for one in self.states.values() if one["status"] not in ("resolved", "waived")
        ]
        self.by_severity = Counter(one["severity"] for one in self.standing)
        self.by_status = Counter(one["status"] for one in self.states.values())
        self.by_entity = Counter(one["entity"] for one in self.standing)
        self.by_control = Counter(one["control"] for one in self.standing)
        self.checks = {one["control"]: one for one in self.last["coverage"]}

    def _apply(self, record: dict[str, Any]) -> None:
        payload = record["payload"]
        state = self.states.setdefault(payload["finding"], {"waiver": None})
        now = payload["run"] == self.last["run"]
        match record["action"].removeprefix("finding."):
            case "opened" | "changed" | "regressed" as what:
                state |= {name: payload[name] for name in ("control", "severity")}
                state |= {"entity": record["entity"], "kind": record["subject"]["kind"]}
                if what != "changed":
                    fresh = "new" if what == "opened" else "regressed"
                    state["status"] = fresh if now else "open"
            case "resolved":
                state["status"] = "resolved"
                if not now:
                    del self.states[payload["finding"]]
            case "waiver.applied":
                state["status"] = "waived"
            case "waiver.lapsed":
                state["status"] = "open"


@pytest.fixture
def recount(nights: Nights) -> Recount:
    return Recount(nights.directory / "audited-4/proof.zip")


def sheet(nights: Nights, name: str) -> list[list[Any]]:
    data = (nights.directory / "audited-4/report.xlsx").read_bytes()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(name).to_python()


def test_the_numbers_of_the_workbook(nights: Nights, recount: Recount) -> None:
    summary = {row[0]: row[1] for row in sheet(nights, "At a glance") if row}
    for word, severity in zip(("Critical", "High", "Medium", "Low"), SEVERITIES, strict=True):
        assert summary[word] == recount.by_severity[severity]
    for word, status in {
        "New": "new",
        "Open": "open",
        "Came back": "regressed",
        "Resolved": "resolved",
        "Accepted": "waived",
    }.items():
        assert summary[word] == recount.by_status[status]
    counts = Counter[str]()
    for one in recount.last["coverage"]:
        counts.update({name: one[name] for name in ("passed", "failed", "not_evaluated")})
    assert [summary[word] for word in ("Passed", "Failed", "Could not be checked")] == [
        *(counts["passed"], counts["failed"], counts["not_evaluated"]),
    ]
    coverage = sheet(nights, "Checks that could be made")[1:]
    assert {row[0] for row in coverage} == set(recount.checks)
    for row in coverage:
        told = recount.checks[row[0]]
        assert row[3:7] == [
            *(recount.by_control[row[0]], told["passed"], told["failed"], told["not_evaluated"]),
        ]
        said = ReasonWords(texts_of("en")).said
        reasons = "; ".join(f"{said(name)}: {count:,}" for name, count in told["reasons"].items())
        assert row[7] == reasons
    told = [one for one in recount.states.values() if one["kind"] != "incident"]
    assert len(sheet(nights, "Findings")) - 1 == len(told) < len(recount.states)
    changes = Counter(row[0] for row in sheet(nights, "Since the last run")[1:])
    for word, status in (("New", "new"), ("Came back", "regressed"), ("Resolved", "resolved")):
        assert changes[word] == recount.by_status[status]
    whys = Counter(row[6] for row in sheet(nights, "Since the last run")[1:] if row[6])
    assert whys == {"fixed": recount.by_status["resolved"]}
    assert summary["Resolved: fixed"] == recount.by_status["resolved"]


def test_the_numbers_of_the_table(nights: Nights, recount: Recount) -> None:
    data = (nights.directory / "audited-4/findings.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert Counter(row["status"] for row in rows) == recount.by_status
    standing = [row for row in rows if row["status"] not in ("resolved", "waived")]
    assert Counter(row["severity"] for row in standing) == recount.by_severity
    assert Counter(row["control"] for row in standing) == recount.by_control
    assert Counter(row["entity"] or None for row in standing) == recount.by_entity


def text_of_pdf(path: Path) -> str:
    pages = PdfReader(path).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_numbers_of_the_pages(nights: Nights, recount: Recount) -> None:
    directory = nights.directory / "audited-4"
    standing = len(recount.standing)
    severities = ", ".join(f"{recount.by_severity[s]:,} {s}" for s in SEVERITIES)
    checks = [recount.checks.values()]
    passed = sum(one["passed"] for group in checks for one in group)
    made = passed + sum(one["failed"] for group in checks for one in group)
    unmade = sum(one["not_evaluated"] for group in checks for one in group)
    page = (directory / "report.html").read_text(encoding="utf-8")
    pdf = text_of_pdf(directory / "report.pdf")
    for text in (page, pdf):
        assert severities in text
        assert f"Of {made:,} checks that could be made" in text
        assert f"{passed:,} passed." in text
        assert f"{unmade:,} checks could not be made" in text
        share = f"{passed * 1_000 // made / 10:.1f} %"
        coverage = f"{made * 1_000 // (made + unmade) / 10:.1f} %"
        assert share in text
        assert coverage in text
    assert f"Findings that stand {standing:,}" in pdf
    for number, counts in enumerate(recount.trend, 1):
        row = " ".join(f"{count:,}" for count in (*counts, sum(counts)))
        assert f"{number} 2026-11-{number + 1:02} {row}" in pdf
    changes = (("New", "new"), ("Came back", "regressed"), ("Resolved", "resolved"))
    assert "; ".join(f"{word}: {recount.by_status[s]:,}" for word, s in changes) in pdf
    entities = Counter[str]()
    for one in recount.standing:
        entities[one["entity"]] += 1
    assert sum(entities.values()) == standing
    markdown = (directory / "report.md").read_text(encoding="utf-8")
    for severity in SEVERITIES:
        assert f"| {severity.capitalize()} | {recount.by_severity[severity]:,} |" in markdown


# -- a bundle proves its reports -------------------------------------------------------------------


def test_a_proof_of_a_run_says_what_it_shows(nights: Nights) -> None:
    ended = nights.verify(nights.directory / "audited-4/proof.zip")
    assert ended.status == 0
    assert "9 are what is made of the records then, byte for byte" in ended.text
    assert "names, who holds what" in ended.text
    told = rolecall(
        *("verify", nights.directory / "audited-3/proof.zip", "--key", nights.key),
        *("--format", "json"),
    ).json
    assert (told["valid"], told["reports_not_made_again"]) == (True, [])
    assert sorted(told["reports"]) == sorted(KEPT)


Change = Callable[[dict[str, bytes]], object]


def rewritten(proof: Path, target: Path, change: Change) -> Path:
    with zipfile.ZipFile(proof) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


@pytest.mark.parametrize("name", list(KEPT))
def test_no_report_can_be_changed_unseen(nights: Nights, tmp_path: Path, name: str) -> None:
    member = f"reports/{name}"

    def flip(members: dict[str, bytes]) -> None:
        data = bytearray(members[member])
        # A byte that is part of what is shown, not of what surrounds it.
        data[len(data) // 2] ^= 1
        members[member] = bytes(data)

    def longer(members: dict[str, bytes]) -> None:
        members[member] += b"\n"

    # Of a registry nobody can tell that it said something else, only that it is in one form.
    for change in (longer,) if name == "facts.json" else (flip, longer):
        proof = rewritten(nights.directory / "audited-4/proof.zip", tmp_path / "p.zip", change)
        ended = nights.verify(proof)
        assert (ended.status, ended.text.partition(":")[0]) == (1, "invalid")
        assert f"reports/{name}: " in ended.text


def told(change: Callable[[dict[str, Any]], object], name: str = "findings.json") -> Change:
    def rewrite(members: dict[str, bytes]) -> None:
        document = json.loads(members[f"reports/{name}"])
        change(document)
        members[f"reports/{name}"] = json.dumps(document).encode()

    return rewrite


def replaced(name: str, old: bytes, new: bytes) -> Change:
    def rewrite(members: dict[str, bytes]) -> None:
        data = members[f"reports/{name}"]
        assert old in data
        members[f"reports/{name}"] = data.replace(old, new, 1)

    return rewrite


def drop(name: str) -> Change:
    return lambda members: members.pop(f"reports/{name}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (told(lambda d: d["summary"]["standing"].update(critical=0)), "summary"),
        (told(lambda d: d["findings"].pop()), "findings"),
        (told(lambda d: d["findings"][0].update(severity="low")), "finding"),
        (told(lambda d: d["findings"][0].update(status="waived")), "finding"),
        (told(lambda d: d["findings"][0].update(entity="elsewhere")), "finding"),
        (told(lambda d: d["findings"][0].update(evidence={})), "not the evidence on record"),
        (replaced("findings.json", b'"detail":"', b'"detail":"all is well: '), "not the report"),
        (replaced("facts.json", b'"entities":{', b'"entities": {'), "not the report"),
        (replaced("findings.csv", b"critical", b"low"), "not the report"),
        (told(lambda d: d["coverage"][0].update(passed=10**6)), "coverage"),
        (told(lambda d: d["waivers"][0].update(expires="2030-01-01")), "waivers"),
        (told(lambda d: d["run"].update(number=7)), "run"),
        (told(lambda d: d["run"].update(id="0" * 32)), "no completed run is named"),
        (told(lambda d: d.update(run=1)), "findings.json"),
        (told(lambda d: d["trend"].pop(), "facts.json"), "trend"),
        (told(lambda d: d.update(checkpoint=""), "facts.json"), "names no checkpoint"),
        (told(lambda d: d.update(checkpoint="x"), "facts.json"), "checkpoint"),
        (told(lambda d: d.update(digest="0" * 64), "facts.json"), "facts.json: not the report"),
        (told(lambda d: d.update(more="text"), "facts.json"), "facts.json: not the report"),
        (drop("findings.json"), "findings.json is missing"),
        (drop("facts.json"), "facts.json is missing"),
        (lambda members: members.update({"reports/other.pdf": b""}), "not a report of Rolecall"),
    ],
)
def test_no_number_can_be_changed_unseen(
    nights: Nights, tmp_path: Path, change: Change, said: str
) -> None:
    proof = rewritten(nights.directory / "audited-4/proof.zip", tmp_path / "p.zip", change)
    ended = nights.verify(proof)
    assert ended.status == 1
    assert said in ended.text


def test_reports_of_an_earlier_run_are_said_to_be(nights: Nights, tmp_path: Path) -> None:
    before = contents(nights.directory / "audited-3")

    def older(members: dict[str, bytes]) -> None:
        for name in KEPT:
            members[f"reports/{name}"] = before[name]

    proof = rewritten(nights.directory / "audited-4/proof.zip", tmp_path / "p.zip", older)
    assert "reports     of run 2, as of 2026-11-03 00:00 UTC" in nights.verify(proof).text


def test_reports_that_lie_anywhere_are_held_against_the_log_of_today(
    nights: Nights, tmp_path: Path
) -> None:
    """What was signed long ago is still what the log said then: in the log, and in a bundle."""
    signed = tmp_path / "signed"
    signed.mkdir()
    for name in ("findings.json", "facts.json", "report.pdf"):
        (signed / name).write_bytes((nights.directory / "audited-2" / name).read_bytes())
    whole = nights.directory / "audited-4/proof.zip"
    for log in (nights.log, whole):
        ended = nights.verify(log, "--reports", signed)
        assert ended.status == 0, ended.text
        assert "reports     of run 1, as of 2026-11-02 00:00 UTC" in ended.text
        assert "3 are what is made of the records then, byte for byte" in ended.text
    (signed / "report.pdf").write_bytes((nights.directory / "audited-3/report.pdf").read_bytes())
    for log in (nights.log, whole):
        assert "reports/report.pdf: not the report" in nights.verify(log, "--reports", signed).text
    bundle = tmp_path / "since.zip"
    made = ("log", "export", nights.log, "--since", "2026-11-04", "--output", bundle)
    assert rolecall(*made).status == 0
    ended = nights.verify(bundle, "--reports", nights.directory / "audited-4")
    assert "lacks the records from the beginning" in ended.text


@pytest.mark.parametrize(
    "name", ["Report.pdf", "report (final).pdf", "report.htm", "findings.JSON", "letter", "more/"]
)
def test_what_is_not_called_as_a_report_is_named_and_not_compared(
    nights: Nights, tmp_path: Path, name: str
) -> None:
    given = some_of(nights, tmp_path)
    if name.endswith("/"):
        (given / name).mkdir()
        (given / name / "report.pdf").write_bytes(b"forged")
    else:
        (given / name).write_bytes(b"forged")
    ended = nights.verify(nights.log, "--reports", given)
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 1 not compared")
    assert f"note: not compared: {name}: it is not called as a report is" in ended.text
    told = nights.verify(nights.log, "--reports", given, "--format", "json")
    assert (told.status, list(told.json["not_compared"])) == (4, [name])
    accepted = nights.verify(nights.log, "--reports", given, "--accept-uncompared")
    assert (accepted.status, accepted.text) == (0, ended.text)


def some_of(nights: Nights, tmp_path: Path) -> Path:
    """Return a directory with those of the last reports that are quickly made again."""
    given = tmp_path / "given"
    given.mkdir()
    for name in ("findings.json", "facts.json", "findings.csv", "report.md"):
        (given / name).write_bytes((nights.directory / "audited-4" / name).read_bytes())
    return given


@pytest.mark.parametrize("name", FORMER)
def test_what_earlier_releases_called_so_vouches_for_nothing(
    nights: Nights, tmp_path: Path, name: str
) -> None:
    given = some_of(nights, tmp_path)
    (given / name).write_bytes(b"[]")
    ended = nights.verify(nights.log, "--reports", given)
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 1 not compared")
    assert f"note: not compared: {name}: only earlier releases call a report so" in ended.text


def test_a_bundle_beside_reports_is_verified_too(nights: Nights, tmp_path: Path) -> None:
    given = some_of(nights, tmp_path)
    shutil.copy(nights.directory / "audited-4/proof.zip", given)
    ended = nights.verify(nights.log, "--reports", given)
    assert (ended.status, ended.text.splitlines()[0]) == (0, "valid")
    replaced_csv = replaced("findings.csv", b"critical", b"low")
    rewritten(nights.directory / "audited-4/proof.zip", given / "proof.zip", replaced_csv)
    ended = nights.verify(nights.log, "--reports", given)
    assert (ended.status, "proof.zip: reports/findings.csv: not the" in ended.text) == (1, True)


def test_what_is_not_compared_in_a_bundle_counts_beside_a_directory(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sets of reports are held against one bundle: neither hides what the other lacks."""
    monkeypatch.setattr("rolecall.reports.formats.find_spec", lambda _: None)
    given = some_of(nights, tmp_path)
    ended = nights.verify(nights.directory / "audited-4/proof.zip", "--reports", given)
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 2 not compared")


def test_a_report_says_at_which_seal_it_was_and_which_is_the_latest(nights: Nights) -> None:
    sizes = sorted(int(path.name) for path in (nights.log / "checkpoints").iterdir())
    ended = nights.verify(nights.log, "--reports", nights.directory / "audited-2")
    assert f"as of the seal of size {sizes[0]}; {sizes[-1]} is the latest" in ended.text
    ended = nights.verify(nights.log, "--reports", nights.directory / "audited-4")
    assert f"as of the seal of size {sizes[-1]}; the latest" in ended.text


@pytest.mark.parametrize("what", ["root", "signature", "size"])
def test_a_seal_that_nobody_signed_vouches_for_nothing(
    nights: Nights, tmp_path: Path, what: str
) -> None:
    """Two files are enough, so nothing but the log says that their checkpoint is one."""
    signed = tmp_path / "signed"
    signed.mkdir()
    for name in ("findings.json", "facts.json"):
        (signed / name).write_bytes((nights.directory / "audited-2" / name).read_bytes())
    facts = json.loads((signed / "facts.json").read_bytes())
    lines = facts["checkpoint"].splitlines()
    if what == "size":
        lines[1] = str(int(lines[1]) + 1)
    else:
        place = {"root": 2, "signature": 4}[what]
        # A sign in the middle: the ends of base64 may not be free to differ.
        at = len(lines[place]) // 2
        other = "A" if lines[place][at] != "A" else "B"
        lines[place] = lines[place][:at] + other + lines[place][at + 1 :]
    facts["checkpoint"] = "\n".join(lines) + "\n"
    (signed / "facts.json").write_bytes(msgspec.json.encode(facts) + b"\n")
    for log in (nights.log, nights.directory / "audited-4/proof.zip"):
        ended = nights.verify(log, "--reports", signed)
        assert ended.status == 1
        assert "your checkpoint" in ended.text


def test_a_report_of_one_entity_against_its_records_of_today(
    nights: Nights, tmp_path: Path
) -> None:
    for name, run in (("then", 1), ("now", 3)):
        made = nights.report(
            *("--entity", PARISH, "--run", run, "--registry", nights.registries[0]),
            *("--format", "all", "--output", tmp_path / name),
        )
        assert made.status == 0, made.stderr
    for log in (tmp_path / "now/proof.zip", nights.log, nights.directory / "audited-4/proof.zip"):
        ended = nights.verify(log, "--reports", tmp_path / "then")
        assert ended.status == 0, ended.text
        assert "reports     of run 1, " in ended.text
    # The whole log holds the end of the run, so that nothing of it is taken as the report says.
    facts = tmp_path / "then/findings.json"
    facts.write_bytes(facts.read_bytes().replace(b'"number":1', b'"number":7'))
    ended = nights.verify(nights.log, "--reports", tmp_path / "then")
    assert "findings.json: run: not what the records say" in ended.text


def test_reports_that_name_no_seal_or_another_log_s(nights: Nights, tmp_path: Path) -> None:
    made = ("report", EXAMPLE, "--as-of", AS_OF, "--format", "all", "--output", tmp_path / "r")
    assert rolecall(*made).status == 0
    assert "names no checkpoint" in nights.verify(nights.log, "--reports", tmp_path / "r").text
    facts = json.loads((tmp_path / "r/facts.json").read_bytes())
    other = Nights(tmp_path)
    facts["checkpoint"] = min((other.log / "checkpoints").iterdir()).read_text()
    (tmp_path / "r/facts.json").write_text(json.dumps(facts))
    ended = nights.verify(nights.log, "--reports", tmp_path / "r")
    assert (ended.status, ended.text.partition(":")[0]) == (1, "invalid")
    ended = nights.verify(nights.log, "--reports", tmp_path / "nowhere")
    assert (ended.status, "not a directory of reports" in ended.stderr) == (2, True)
    (tmp_path / "empty").mkdir()
    ended = nights.verify(nights.log, "--reports", tmp_path / "empty")
    assert "facts.json is missing" in ended.text


def test_reports_of_another_release_are_not_made_again(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rolecall.usecases.reporting.verification.__version__", "9.9")
    ended = nights.verify(nights.directory / "audited-4/proof.zip")
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 7 not compared")
    assert "findings.json says what the records say" in ended.text
    assert "note: its texts were not made again" in ended.text
    assert "report.md: Rolecall 0.2.0 made them, this is 9.9" in ended.text


def _without(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Have a module be found nowhere, or found and not there when it is needed."""

    def absent(*_: object, **__: object) -> None:
        raise ModuleNotFoundError(name=module)

    if module == "jinja2":
        monkeypatch.setattr(
            "rolecall.reports.formats.find_spec", lambda name: None if name == module else name
        )
    else:
        monkeypatch.setattr("rolecall.reports.pdf_report.pdf_report", absent)


@pytest.mark.parametrize(("module", "lacks"), [("typst", "report.pdf"), ("jinja2", "report.html")])
def test_what_cannot_be_made_again_keeps_nothing_else_from_being_compared(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, lacks: str
) -> None:
    _without(monkeypatch, module)
    proof = nights.directory / "audited-4/proof.zip"
    ended = nights.verify(proof)
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 1 not compared")
    assert f"note: not compared: {lacks}: {module} is not installed" in ended.text
    assert "8 are what is made of the records then" in ended.text
    for name in ("findings.csv", "report.md", "facts.json"):

        def longer(members: dict[str, bytes], member: str = f"reports/{name}") -> None:
            members[member] += b"\n"

        forged = nights.verify(rewritten(proof, tmp_path / "p.zip", longer))
        assert (forged.status, f"reports/{name}: " in forged.text) == (1, True)


# -- one entity ------------------------------------------------------------------------------------


@pytest.mark.parametrize("night", [1, 2, 3])
def test_a_report_of_one_entity_proves_that_it_is_complete(
    nights: Nights, tmp_path: Path, night: int
) -> None:
    made = nights.report(
        *("--entity", PARISH, "--run", night, "--registry", nights.registries[night - 1]),
        *("--format", "all", "--output", tmp_path / "made"),
    )
    assert made.status == 0, made.stderr
    findings = json.loads((tmp_path / "made/findings.json").read_bytes())
    whole = json.loads((nights.directory / f"audited-{night + 1}/findings.json").read_bytes())
    assert findings["findings"]
    assert findings["findings"] == [
        one | {"evaluated": True} for one in whole["findings"] if one["entity"] == PARISH
    ]
    ended = nights.verify(tmp_path / "made/proof.zip")
    assert ended.status == 0, ended.text
    assert f"records of {PARISH}: all that the log has" in ended.text
    assert "byte for byte" in ended.text
    page = (tmp_path / "made/report.html").read_text(encoding="utf-8")
    assert "Limited to Holy Cross High School itself" in page
    # Nothing of anybody else leaves with it.
    with zipfile.ZipFile(tmp_path / "made/proof.zip") as archive:
        records = [json.loads(line) for line in archive.read("records.jsonl").splitlines()]
    assert {one["entity"] for one in records} == {PARISH, None}
    holders = json.loads((tmp_path / "made/facts.json").read_bytes())["holders"]
    assert {account[0] for account in holders["accounts"]} == {PARISH}
    assert holders["entities"] == {PARISH: "Holy Cross High School"}


def test_a_record_that_is_left_out_of_an_entity_s_report_is_missed(
    nights: Nights, tmp_path: Path
) -> None:
    made = ("--entity", PARISH, "--format", "proof", "--output", tmp_path / "proof.zip")
    assert nights.report(*made).status == 0

    def shorter(members: dict[str, bytes]) -> None:
        members["records.jsonl"] = members["records.jsonl"].partition(b"\n")[2]

    proof = rewritten(tmp_path / "proof.zip", tmp_path / "p.zip", shorter)
    assert nights.verify(proof).status == 1
    proof = rewritten(
        tmp_path / "proof.zip", tmp_path / "p.zip", told(lambda d: d["findings"].pop())
    )
    assert "findings: not what the records say" in nights.verify(proof).text


def test_the_instant_of_a_report_of_an_entity_is_that_of_its_records(
    nights: Nights, tmp_path: Path
) -> None:
    made = ("--entity", PARISH, "--run", 1, "--format", "proof", "--output", tmp_path / "proof.zip")
    assert nights.report(*made).status == 0
    later = told(lambda d: d["run"].update(as_of="2026-12-24T00:00:00Z"))
    proof = rewritten(tmp_path / "proof.zip", tmp_path / "p.zip", later)
    assert "findings.json: run: not what the records say" in nights.verify(proof).text
    ended = nights.verify(tmp_path / "proof.zip")
    # The seal that comes with the records says which runs ended before it, so nothing is claimed.
    assert (ended.status, "what the reports say" in ended.text) == (0, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"rolecall": "99.0.0"},
        {"number": 9},
        {"number": 9, "as_of": "2026-12-21T00:00:00Z", "id": "9" * 32},
        {"id": "9" * 32},
        {"policy": {"name": "lenient", "version": None, "digest": "0" * 64}},
    ],
    ids=lambda changes: " ".join(changes),
)
def test_what_a_report_of_an_entity_claims_of_its_run_is_held_against_the_seal(
    nights: Nights, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """Another release, another run, an instant of today: nobody is told that it is valid."""
    made = ("--entity", PARISH, "--run", 1, "--format", "proof", "--output", tmp_path / "proof.zip")
    assert nights.report(*made).status == 0

    def claim(document: dict[str, Any]) -> None:
        document["run"].update(changes)
        if "id" in changes:
            # To a run that nothing names, nothing is new.
            for line in document["findings"]:
                line["status"] = line["status"].replace("new", "open")
            counted = document["summary"]["by_status"]
            counted.update(new=0, open=counted["open"] + counted["new"])

    proof = rewritten(tmp_path / "proof.zip", tmp_path / "p.zip", remade(claim))
    ended = nights.verify(proof)
    if "id" not in changes:
        assert (ended.status, "run: not what the records say" in ended.text) == (1, True)
        return
    assert ended.status == 4, ended.text
    assert "neither the records nor their seal name it" in ended.text
    assert "note: the number, the policy and the registry of the run are what" in ended.text


def remade(change: Callable[[dict[str, Any]], object]) -> Change:
    """Change the findings, and make every other report of them, as whoever forges them can."""

    def rewrite(members: dict[str, bytes]) -> None:
        document = json.loads(members["reports/findings.json"])
        change(document)
        told = msgspec.json.decode(msgspec.json.encode(document), type=FindingsDocument)
        heading = Heading(**{name: getattr(told, name) for name in Heading.__struct_fields__})
        facts = msgspec.json.decode(members["reports/facts.json"], type=Facts)
        for name in KEPT:
            del members[f"reports/{name}"]
        for name, pieces in files_of(heading, lambda: iter(told.findings), facts, ["report.md"]):
            members[f"reports/{name}"] = b"".join(pieces)

    return rewrite


def test_an_entity_that_the_log_does_not_know(nights: Nights, tmp_path: Path) -> None:
    ended = nights.report("--entity", "nowhere", "--output", tmp_path / "report.pdf")
    assert "the log has no finding of an entity nowhere" in ended.stderr


def test_a_file_is_no_directory_of_reports_and_that_is_said_before_the_audit(
    tmp_path: Path,
) -> None:
    file = tmp_path / "reports"
    file.write_text("mine", encoding="utf-8")
    for directory in (file, file / "below"):
        refused = rolecall("audit", EXAMPLE, "--log", tmp_path / "log", "--report", directory)
        assert refused.status == 2
        assert refused.stderr.splitlines()[-1].endswith(
            "is a file; reports go into a directory of their own"
        )
    assert not (tmp_path / "log").exists()
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_spinner_has_ended_before_a_report_is_written() -> None:
    terminal = io.StringIO()
    with (
        patch.object(terminal, "isatty", lambda: True),
        patch("sys.stderr", terminal),
        progress("auditing") as advance,
    ):
        assert advance is not None
        advance(3)
        ended(advance)
        before = terminal.getvalue()
        advance(3)
        time.sleep(0.3)
        assert terminal.getvalue() == before
    ended(None)
