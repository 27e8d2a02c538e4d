"""``rolecall audit`` from the outside: exit statuses, streams, formats, options."""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import re
import shlex
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rolecall.ledger.file_log import FileLog
from rolecall.reports.csv_report import COLUMNS
from rolecall.reports.json_report import json_schema
from tests.functional.command import (
    AS_OF,
    EXAMPLE,
    ROOT,
    SCRIPT,
    app_module,
    audit,
    copy_example,
    edit,
    findings,
    process,
    rolecall,
)
from tests.registries import RegistryFiles, parish

LEVELS = ("critical", "high", "medium", "low")
FORMATS = ("table", "json", "csv", "ocsf")

# One broken cell for each severity: (control, column, value).
BROKEN = {
    "critical": ("no-removal-path", "removal_path", "none"),
    "high": ("account-without-owner", "owner_id", ""),
    "medium": ("account-review-overdue", "reviewed_on", "2024-01-01"),
    "low": ("dormant-account", "last_post_on", "2024-01-01"),
}


def broken(directory: Path, level: str = "critical") -> Path:
    """Write the parish with one finding of a severity."""
    files = parish()
    _, column, value = BROKEN[level]
    files.row("accounts", 0, **{column: value})
    directory.mkdir(exist_ok=True)
    return files.write(directory)


def clean(directory: Path) -> Path:
    """Write the parish in which nothing is wrong."""
    directory.mkdir(exist_ok=True)
    return parish().write(directory)


# -- exit statuses ---------------------------------------------------------------------------------


@pytest.mark.parametrize("found", LEVELS)
@pytest.mark.parametrize("level", LEVELS)
def test_fail_on_tells_findings_at_or_above_the_level(
    tmp_path: Path, found: str, level: str
) -> None:
    registry = broken(tmp_path, found)
    assert [f["severity"] for f in findings(registry).values()] == [found]
    expected = 1 if LEVELS.index(found) <= LEVELS.index(level) else 0
    assert audit(registry, "--fail-on", level).status == expected


def test_without_fail_on_findings_are_no_failure(tmp_path: Path) -> None:
    assert audit(broken(tmp_path)).status == 0


def test_fail_on_is_not_met_where_nothing_is_found(tmp_path: Path) -> None:
    ended = audit(clean(tmp_path), "--fail-on", "low", "--format", "json")
    assert (ended.status, ended.json["findings"]) == (0, [])


def test_fail_on_does_not_depend_on_what_is_listed(tmp_path: Path) -> None:
    registry = broken(tmp_path, "medium")
    ended = audit(registry, "--fail-on", "low", "--severity", "critical", "--format", "json")
    assert (ended.status, ended.json["findings"]) == (1, [])


def test_resolved_findings_do_not_count_for_fail_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert audit(broken(tmp_path), "--log", log, "--fail-on", "low").status == 1
    ended = audit(
        clean(tmp_path), "--log", log, "--fail-on", "low", "--format", "json", as_of="2026-11-03"
    )
    assert ended.status == 0
    assert [f["status"] for f in ended.json["findings"]] == ["resolved"]


def test_waived_findings_do_not_count_for_fail_on(tmp_path: Path) -> None:
    registry = waived(tmp_path)
    ended = audit(registry, "--log", tmp_path / "log", "--fail-on", "low", "--format", "json")
    assert ended.status == 0
    assert [f["status"] for f in ended.json["findings"]] == ["waived"]
    assert audit(registry, "--fail-on", "low").status == 1  # without a log it needs evidence


def waived(directory: Path, evidence: str = "") -> Path:
    registry = broken(directory)
    with (registry / "policy.toml").open("a") as policy:
        policy.write(
            '[[waivers]]\ncontrol = "no-removal-path"\naccount = "a0"\nreason = "known"\n'
            f'approved_by = ["p4", "p5"]\nexpires = 2026-12-31\n{evidence}\n'
        )
    return registry


def test_a_waiver_without_a_log_takes_the_evidence_that_the_table_quotes(tmp_path: Path) -> None:
    ended = audit(waived(tmp_path), "--all")
    quoted = re.findall(r"^  critical .* ([0-9a-f]{12})$", ended.text, re.MULTILINE)
    assert f'evidence = "{quoted[0]}"' in ended.text
    registry = waived(tmp_path, f'evidence = "{quoted[0]}"')
    assert audit(registry, "--fail-on", "low").status == 0


def test_a_bad_registry_is_status_2(tmp_path: Path) -> None:
    registry = clean(tmp_path)
    edit(registry / "accounts.csv", "a1,e1,", "a1,e9,")
    ended = audit(registry)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "error: accounts.csv:3:entity_id: " in ended.stderr
    assert ended.stderr.endswith("the registry has 1 error; nothing was imported\n")
    assert audit(tmp_path / "nowhere").status == 2


def test_a_bad_policy_is_status_2(tmp_path: Path) -> None:
    registry = clean(tmp_path)
    with (registry / "policy.toml").open("a") as policy:
        policy.write("[controls.dormant-acount]\ndays = 3\n")
    ended = audit(registry)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "did you mean dormant-account?" in ended.stderr


@pytest.mark.parametrize(
    ("option", "value", "near"),
    [
        ("--entity", "holy-martyrs-parrish", "holy-martyrs-parish"),
        ("--control", "orphan-admin", "orphaned-admin"),
    ],
)
def test_an_unknown_name_is_status_2_with_a_suggestion(option: str, value: str, near: str) -> None:
    ended = audit(EXAMPLE, option, value)
    assert (ended.status, ended.stdout) == (2, b"")
    assert value in ended.stderr
    assert f"did you mean {near}?" in ended.stderr


@pytest.mark.parametrize(
    "as_of",
    [
        "2026-13-01",
        "2026-02-30",
        "yesterday",
        "",
        "2026-11-02T06:00:00",
        "02.11.2026",
        "0001-01-01T00:00:00+14:00",
        "2026-11-02T25:00:00Z",
    ],
)
def test_a_bad_instant_is_status_2(as_of: str) -> None:
    ended = rolecall("audit", EXAMPLE, "--as-of", as_of)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "--as-of" in ended.stderr


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999Z"])
@pytest.mark.parametrize("format_", FORMATS)
def test_the_first_and_the_last_day_are_instants_too(as_of: str, format_: str) -> None:
    assert audit(EXAMPLE, "--format", format_, as_of=as_of).status == 0


def test_an_instant_is_taken_in_its_own_zone() -> None:
    ended = audit(EXAMPLE, "--format", "json", as_of="2026-11-02T06:00:00+06:00")
    assert ended.json["run"]["as_of"] == "2026-11-02T00:00:00Z"


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit",),
        ("audit", EXAMPLE, "--format", "xml"),
        ("audit", EXAMPLE, "--fail-on", "severe"),
        ("audit", EXAMPLE, "--nonsense"),
        ("adit", EXAMPLE),
        ("audit", EXAMPLE, EXAMPLE),
    ],
)
def test_wrong_usage_is_status_2(arguments: tuple[object, ...]) -> None:
    ended = rolecall(*arguments)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "Error" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", ["no/such/folder/out.txt", "file/out.txt", "."])
def test_an_output_that_cannot_be_written_is_status_3(tmp_path: Path, name: str) -> None:
    registry = broken(tmp_path / "registry")
    (tmp_path / "file").write_text("a file\n")
    before = sorted(tmp_path.rglob("*"))
    ended = audit(registry, "--output", tmp_path / name)
    assert ended.status == 3
    assert ended.stderr.startswith("error: ")
    assert "cannot write the report" in ended.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_an_output_that_cannot_be_written_leaves_the_run_incomplete(tmp_path: Path) -> None:
    registry, log = broken(tmp_path), tmp_path / "log"
    assert audit(registry, "--log", log, "--output", tmp_path / "no/out").status == 3
    assert [f["status"] for f in findings(registry, "--log", log).values()] == ["new"]
    assert [f["status"] for f in findings(registry, "--log", log).values()] == ["open"]


def test_a_full_disk_is_status_3(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no full disk to write to")
    registry = broken(tmp_path)
    assert audit(registry, "--output", "/dev/full").status == 3
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", SCRIPT, "audit", str(registry)]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 3
    assert b"No space left" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_log_that_is_a_file_is_status_3(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("not a log\n")
    ended = audit(clean(tmp_path), "--log", log)
    assert (ended.status, ended.stdout) == (3, b"")
    assert "cannot open the audit log" in ended.stderr
    assert log.read_text() == "not a log\n"


def test_a_busy_log_is_status_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = type("Impatient", (), {"open": functools.partial(FileLog.open, wait=0.0)})
    with FileLog.open(tmp_path / "log"):
        monkeypatch.setattr(app_module(), "FileLog", impatient)
        ended = audit(broken(tmp_path), "--log", tmp_path / "log")
    assert (ended.status, ended.stdout) == (3, b"")
    assert "another process is using the audit log" in ended.stderr


def test_a_damaged_log_is_status_3(tmp_path: Path) -> None:
    registry, log = broken(tmp_path), tmp_path / "log"
    audit(registry, "--log", log)
    records = log / "records.jsonl"
    records.write_bytes(records.read_bytes().replace(b'"seq":0', b'"seq":7', 1))
    ended = audit(registry, "--log", log)
    assert (ended.status, ended.stdout) == (3, b"")
    assert "records.jsonl:1: " in ended.stderr


def test_an_unforeseen_error_is_status_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object, **__: object) -> None:
        raise LookupError("unforeseen")

    monkeypatch.setattr(app_module(), "run_audit", raises)
    ended = audit(clean(tmp_path))
    assert (ended.status, ended.stdout) == (3, b"")
    assert "unforeseen" in ended.stderr


# -- streams ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS)
def test_standard_output_is_the_report_alone(tmp_path: Path, format_: str) -> None:
    registry = waived(tmp_path)
    edit(registry / "people.csv", "id,name,status", "id,shoe_size,name,status")
    lines = (registry / "people.csv").read_text().splitlines()
    rows = [lines[0], *(line.replace(",", ",42,", 1) for line in lines[1:])]
    (registry / "people.csv").write_text("\n".join(rows) + "\n")
    ended = audit(registry, "--format", format_)
    assert ended.status == 0
    assert "warning: " in ended.stderr
    assert "shoe_size" in ended.stderr
    assert b"shoe_size" not in ended.stdout
    assert ("needs the evidence" in ended.stderr) == (format_ != "table")
    if format_ in ("json", "ocsf"):
        json.loads(ended.stdout)
    if format_ == "csv":
        assert {len(row) for row in csv.reader(io.StringIO(ended.text))} == {len(COLUMNS)}


@pytest.mark.parametrize("format_", FORMATS)
def test_an_output_file_holds_what_standard_output_would(tmp_path: Path, format_: str) -> None:
    output = tmp_path / "report"
    output.write_text("an older and longer report\n" * 100_000)
    ended = audit(EXAMPLE, "--format", format_, "--output", output)
    assert (ended.status, ended.stdout) == (0, b"")
    assert output.read_bytes() == audit(EXAMPLE, "--format", format_).stdout
    assert list(tmp_path.iterdir()) == [output]
    assert output.stat().st_mode & 0o077 == 0


def test_an_output_file_is_never_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> Any:
        yield b"half"
        raise OSError(28, "No space left on device")

    output = tmp_path / "report"
    output.write_text("the report of yesterday\n")
    monkeypatch.setattr(app_module(), "as_table", dies)
    assert audit(EXAMPLE, "--output", output).status == 3
    assert output.read_text() == "the report of yesterday\n"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path, format_: str) -> None:
    script = f"{shlex.quote(sys.executable)} -c {shlex.quote(SCRIPT)}"
    registry = crowd(tmp_path)  # more than a pipe holds
    command = f"{script} audit {shlex.quote(str(registry))} --format {format_} | head -c 5"
    ended = subprocess.run(
        ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, len(ended.stdout), ended.stderr) == (0, 5, b"")


def crowd(directory: Path) -> Path:
    """Write a registry with hundreds of findings."""
    files = parish()
    account = files.tables["accounts"][0]
    for number in range(2, 400):
        handle = f"handle-{number}"
        files.tables["accounts"].append(
            {**account, "id": f"a{number}", "handle": handle, "removal_path": "none"}
        )
    return files.write(directory)


def test_the_script_itself() -> None:
    ended = process("audit", EXAMPLE, "--as-of", AS_OF, "--fail-on", "critical")
    assert (ended.returncode, ended.stderr) == (1, b"")
    assert ended.stdout == audit(EXAMPLE).stdout
    ended = process("audit", EXAMPLE, "--entity", "nowhere")
    assert (ended.returncode, ended.stdout) == (2, b"")
    ended = process("audit", EXAMPLE, "--output", "/no/such/folder/file")
    assert (ended.returncode, ended.stdout) == (3, b"")


def test_an_interrupt_is_not_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app_module(), "run_audit", interrupted)
    ended = audit(clean(tmp_path), "--fail-on", "low")
    assert (ended.status, ended.stdout) == (130, b"")


# -- what is listed --------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_severity_filters_the_list_and_not_the_summary(level: str) -> None:
    whole = audit(EXAMPLE, "--format", "json").json
    some = audit(EXAMPLE, "--format", "json", "--severity", level).json
    worse = LEVELS[: LEVELS.index(level) + 1]
    assert some["findings"] == [f for f in whole["findings"] if f["severity"] in worse]
    assert {k: v for k, v in some.items() if k != "findings"} == {
        k: v for k, v in whole.items() if k != "findings"
    }
    table = audit(EXAMPLE, "--severity", level).text
    hidden = len(whole["findings"]) - len(some["findings"])
    assert (f"({hidden:,} below the chosen severity are not listed)" in table) == bool(hidden)
    assert f"{whole['summary']['findings']:,} findings stand" in table


def test_severity_does_not_change_what_the_log_remembers(tmp_path: Path) -> None:
    log = tmp_path / "log"
    findings(EXAMPLE, "--log", log, "--severity", "critical")
    whole = findings(EXAMPLE, "--log", log)
    assert Counter(f["status"] for f in whole.values()) == {"open": len(whole) - 2, "waived": 2}


def test_an_entity_stands_for_its_subtree() -> None:
    below = {
        "northern-deanery",
        "st-brigid-parish",
        "st-brigid-youth-ministry",
        "st-kateri-parish",
        "our-lady-of-the-lake-parish",
    }
    whole = findings(EXAMPLE)
    some = findings(EXAMPLE, "--entity", "northern-deanery")
    assert {f["entity"] for f in some.values()} <= below
    assert len({f["entity"] for f in some.values()}) > 1
    assert some == {key: f for key, f in whole.items() if f["entity"] in below}


def test_an_entity_without_others_below_it() -> None:
    some = findings(EXAMPLE, "--entity", "st-brigid-youth-ministry")
    assert {f["entity"] for f in some.values()} == {"st-brigid-youth-ministry"}


def test_controls_may_be_repeated() -> None:
    whole = findings(EXAMPLE)
    names = ("orphaned-admin", "dormant-account")
    arguments = [part for name in names for part in ("--control", name)]
    ended = audit(EXAMPLE, "--format", "json", *arguments)
    assert sorted(c["control"] for c in ended.json["coverage"]) == sorted(names)
    assert ended.json["run"]["scope"] == {"entity": None, "controls": sorted(names)}
    assert findings(EXAMPLE, *arguments) == {
        key: f for key, f in whole.items() if f["control"] in names
    }


def test_a_limited_run_resolves_nothing_outside_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    whole = findings(EXAMPLE, "--log", log)
    findings(EXAMPLE, "--log", log, "--entity", "northern-deanery")
    findings(EXAMPLE, "--log", log, "--control", "orphaned-admin")
    again = findings(EXAMPLE, "--log", log)
    assert again.keys() == whole.keys()
    assert {f["status"] for f in again.values()} == {"open", "waived"}


def test_another_policy_may_be_named(tmp_path: Path) -> None:
    policy = tmp_path / "strict.toml"
    policy.write_text('[policy]\nname = "Strict"\n[controls.orphaned-admin]\nenabled = false\n')
    ended = audit(EXAMPLE, "--policy", policy, "--format", "json")
    assert ended.json["run"]["policy"]["name"] == "Strict"
    assert not [f for f in ended.json["findings"] if f["control"] == "orphaned-admin"]
    assert audit(EXAMPLE, "--policy", tmp_path / "none.toml").status == 2


# -- the log ---------------------------------------------------------------------------------------


def test_statuses_over_the_nights(tmp_path: Path) -> None:
    log = tmp_path / "log"
    key = "no-removal-path a0"
    seen = []
    for number, level in enumerate(["critical", "critical", None, None, "critical", "critical"]):
        registry = broken(tmp_path, level) if level else clean(tmp_path)
        found = findings(registry, "--log", log, as_of=f"2026-11-{number + 2:02}")
        seen.append(found[key]["status"] if found else None)
        assert all(f["first_seen"] == "2026-11-02T00:00:00Z" for f in found.values())
    assert seen == ["new", "open", "resolved", None, "regressed", "open"]


def test_every_status_is_shown_in_every_format(tmp_path: Path) -> None:
    registry, log = copy_example(tmp_path), tmp_path / "log"
    key = "orphaned-admin acc-033 p-044"
    grants = (registry / "grants.csv").read_text()
    [row] = [line for line in grants.splitlines(True) if line.startswith("acc-033,p-044,")]
    findings(registry, "--log", log)
    (registry / "grants.csv").write_text(grants.replace(row, ""))
    found = findings(registry, "--log", log, as_of="2026-11-03")
    assert (found[key]["status"], found[key]["resolution"]) == ("resolved", "gone")
    assert found["sole-administrator acc-028"]["status"] == "waived"
    (registry / "grants.csv").write_text(grants)
    with (registry / "observations.csv").open("a") as more:
        more.write("x,strange,2026-11-01,,,,\n")
    for format_ in FORMATS:
        shadow = tmp_path / format_
        shadow.mkdir()
        (shadow / "records.jsonl").write_bytes((log / "records.jsonl").read_bytes())
        text = audit(registry, "--log", shadow, "--format", format_, as_of="2026-11-04").text
        for status in ("new", "open", "regressed", "waived"):
            assert re.search(rf"\b{status}\b", text), f"{status} is missing in {format_}"


def test_a_log_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    log = tmp_path / "var" / "rolecall" / "log"
    assert audit(EXAMPLE, "--log", log).status == 0
    assert (log / "records.jsonl").stat().st_size


# -- JSON ------------------------------------------------------------------------------------------


def test_the_schema_on_file_is_not_stale() -> None:
    on_file = (ROOT / "docs" / "findings.schema.json").read_text(encoding="utf-8")
    assert on_file == json.dumps(json_schema(), indent=2) + "\n", "stale: run make docs"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "findings.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_json_is_valid_without_a_log(validator: Draft202012Validator) -> None:
    document = audit(EXAMPLE, "--format", "json").json
    validator.validate(document)
    assert {f["status"] for f in document["findings"]} == {"new"}
    assert {w["standing"] for w in document["waivers"]} == {"refused", "expired"}


def test_json_is_valid_night_after_night(tmp_path: Path, validator: Draft202012Validator) -> None:
    registry, log = copy_example(tmp_path), tmp_path / "log"
    statuses: set[str] = set()
    for day in ("02", "03", "04"):
        document = audit(registry, "--format", "json", "--log", log, as_of=f"2026-11-{day}").json
        validator.validate(document)
        statuses |= {f["status"] for f in document["findings"]}
        text = (registry / "accounts.csv").read_text()
        (registry / "accounts.csv").write_text(text.replace(",none,", ",it,"))
    assert statuses == {"new", "open", "resolved", "waived"}


def test_the_schema_refuses_what_is_not_a_report(validator: Draft202012Validator) -> None:
    document = audit(EXAMPLE, "--format", "json").json
    document["findings"][0]["strange"] = 1
    assert not validator.is_valid(document)
    del document["findings"][0]["strange"]
    assert validator.is_valid(document)
    del document["findings"][0]["severity"]
    assert not validator.is_valid(document)


def test_registry_errors_are_data_too(tmp_path: Path) -> None:
    registry = clean(tmp_path)
    edit(registry / "accounts.csv", "a1,e1,", "a1,e9,")
    ended = audit(registry, "--format", "json")
    assert ended.status == 2
    assert (ended.json["valid"], ended.json["error_count"]) == (False, 1)
    [error] = ended.json["errors"]
    assert (error["file"], error["row"], error["column"]) == ("accounts.csv", 3, "entity_id")
    assert error["value"] == "e9"


@pytest.mark.parametrize(
    "section", ["controls.no-such-control", "entities.e9.controls.orphaned-admin"]
)
def test_policy_errors_are_data_too(tmp_path: Path, section: str) -> None:
    registry = clean(tmp_path)
    with (registry / "policy.toml").open("a") as policy:
        policy.write(f"[{section}]\nenabled = false\n")
    ended = audit(registry, "--format", "json")
    assert ended.status == 2
    [error] = ended.json["errors"]
    assert error["file"] == "policy.toml"


def test_only_the_first_thousand_errors_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    files = parish()
    grant = files.tables["grants"][0]
    files.tables["grants"] += [{**grant, "account_id": f"x{n}"} for n in range(1_234)]
    ended = audit(files.write(tmp_path), "--format", "json")
    assert (ended.json["error_count"], len(ended.json["errors"])) == (1_234, 1_000)
    assert "... and 234 more; 1,234 in all" in ended.stderr


# -- the same again --------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, format_: str) -> None:
    logs = [tmp_path / "one", tmp_path / "two"]
    first, second = (audit(EXAMPLE, "--format", format_, "--log", log).stdout for log in logs)
    assert first == second
    one, two = ((log / "records.jsonl").read_bytes() for log in logs)
    assert one == two
    seeded = process(
        *("audit", EXAMPLE, "--as-of", AS_OF, "--format", format_, "--log", tmp_path / "three"),
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert seeded.stdout == first
    assert (tmp_path / "three" / "records.jsonl").read_bytes() == one


def test_the_order_of_rows_does_not_show(tmp_path: Path) -> None:
    registry = copy_example(tmp_path)
    for path in registry.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *reversed(rows)])
    before = audit(EXAMPLE, "--format", "json").json
    after = audit(registry, "--format", "json").json
    assert after["findings"] == before["findings"]
    assert after["coverage"] == before["coverage"]


# -- the table -------------------------------------------------------------------------------------


def columns(line: str) -> int:
    """Return how many columns of a terminal a line takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in line
    )


def too_wide(text: str) -> list[str]:
    return [line for line in text.splitlines() if columns(line) > 80]


def test_the_table_of_the_example_fits_80_columns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for night in (AS_OF, "2026-11-03"):
        text = audit(EXAMPLE, "--log", log, as_of=night).text
        assert not too_wide(text)
        assert not [line for line in text.splitlines() if line != line.rstrip()]


def long_names() -> RegistryFiles:
    files = parish()
    files.policy = files.policy.replace("Test policy", "政策" * 60)
    files.row("entities", 0, name="聖ブリジッド教区" * 20)
    files.row("entities", 1, name="Parish " * 40)
    files.row("accounts", 0, handle="h" * 300, removal_path="none", owner_id="")
    files.row("accounts", 1, handle="聖" * 300, removal_path="none", platform="p" * 120)
    long_id = "acc-" + "9" * 200
    account = dict(files.tables["accounts"][0])
    files.tables["accounts"].append({**account, "id": long_id, "handle": "e\u0301" * 150})
    files.tables["people"].append(
        {**files.tables["people"][0], "id": "人" * 90, "name": "名 前" * 60, "email": ""}
    )
    files.tables["grants"].append(
        {**files.tables["grants"][0], "account_id": long_id, "person_id": "人" * 90}
    )
    return files


def test_a_table_of_long_and_wide_names_fits_80_columns(tmp_path: Path) -> None:
    text = audit(long_names().write(tmp_path), "--log", tmp_path / "log").text
    assert "聖ブリジッド教区" in text
    assert not too_wide(text)


def test_nothing_is_lost_of_a_long_name(tmp_path: Path) -> None:
    text = re.sub(r"\n +", "", audit(long_names().write(tmp_path)).text)
    assert "h" * 300 in text
    assert "聖" * 300 in text


def test_a_finding_that_was_not_checked_fits_80_columns(tmp_path: Path) -> None:
    registry, log = copy_example(tmp_path), tmp_path / "log"
    before = findings(registry, "--log", log)
    for path in registry.glob("*.csv"):
        if path.stem in ("logins", "observations", "incidents"):
            path.unlink()
    drop_columns(registry)
    text = audit(registry, "--all", "--log", log, as_of="2026-11-03").text
    assert "not checked" in text
    assert not too_wide(text)
    assert len(before) > 100


def test_a_finding_of_a_disabled_control_fits_80_columns(tmp_path: Path) -> None:
    registry, log = copy_example(tmp_path), tmp_path / "log"
    controls = {f["control"] for f in findings(registry, "--log", log).values()}
    with (registry / "policy.toml").open("a") as policy:
        # A policy has one table of each control.
        own = {"dormant-account", "login-rotation-overdue", "personal-data-past-retention"}
        for control in sorted(controls - own):
            policy.write(f"[controls.{control}]\nenabled = false\n")
    text = audit(registry, "--all", "--log", log, as_of="2026-11-03").text
    assert "resolved" in text
    assert not too_wide(text)


def drop_columns(registry: Path) -> None:
    """Leave the columns of a registry that must be there."""
    required = {
        "entities": ("id", "name"),
        "people": ("id", "name", "status"),
        "accounts": ("id", "entity_id", "platform", "handle", "status"),
        "grants": ("account_id", "person_id", "role"),
    }
    for table, kept in required.items():
        path = registry / f"{table}.csv"
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if table == "grants":
            rows = [row for row in rows if not row["revoked_on"]]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, kept, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)


HOSTILE = "\x1b[2J\x1b]0;pwned\x07\u202egnp.exe\u200b\u2066\x9b31m\x7f"


def test_hostile_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    files = parish()
    files.row("entities", 0, name=f"Parish {HOSTILE}")
    files.row("accounts", 0, handle=f"h{HOSTILE}", removal_path="none", owner_id=f"p{HOSTILE}")
    files.row("people", 0, name=f"N{HOSTILE}", status="left")
    files.row("observations", 0, handle=f"o{HOSTILE}")
    registry = files.write(tmp_path)
    ended = audit(registry)
    assert ended.status == 0
    assert not unsafe(ended.text)
    assert not unsafe(ended.stderr)
    assert "\\x1b[2J" in ended.text
    assert "\\u202e" in ended.text


def test_hostile_cells_cannot_steer_the_terminal_from_an_error(tmp_path: Path) -> None:
    files = parish()
    files.row("accounts", 0, status=f"x{HOSTILE}")
    files.row("grants", 0, person_id=f"p{HOSTILE}")
    ended = audit(files.write(tmp_path))
    assert ended.status == 2
    assert not unsafe(ended.stderr)
    for option in ("--entity", "--control", "--as-of"):
        ended = rolecall("audit", EXAMPLE, option, f"x{HOSTILE}")
        assert ended.status == 2
        assert not unsafe(ended.stderr)
    ended = audit(EXAMPLE, "--output", tmp_path / f"no{HOSTILE}" / "out")
    assert ended.status == 3
    assert not unsafe(ended.stderr)


def unsafe(text: str) -> set[str]:
    """Return the characters of a text that steer a terminal or do not show."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")} - {"\n"}


def test_an_enormous_name_takes_no_enormous_time(tmp_path: Path) -> None:
    files = parish()
    files.row("accounts", 0, handle="聖" * 100_000, removal_path="none")
    registry = files.write(tmp_path)
    start = time.process_time()
    ended = audit(registry)
    assert ended.status == 0
    assert not too_wide(ended.text)
    assert time.process_time() - start < 3


def test_what_could_not_be_checked_is_said(tmp_path: Path) -> None:
    registry = copy_example(tmp_path)
    drop_columns(registry)
    ended = audit(registry)
    assert re.search(r"^\d+ controls could not be checked at all$", ended.text, re.MULTILINE)
    document = audit(registry, "--format", "json").json
    assert sum(c["not_evaluated"] for c in document["coverage"]) > 100


def test_colour_is_for_terminals_alone(tmp_path: Path) -> None:
    assert "\x1b" not in audit(EXAMPLE).text
    audit(EXAMPLE, "--output", tmp_path / "report")
    assert b"\x1b" not in (tmp_path / "report").read_bytes()
