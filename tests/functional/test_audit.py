"""``rolecall audit`` from the outside: statuses, streams, formats, the log."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.cells import cell_len

from rolecall.ledger.file_log import FileLog
from tests.functional.commands import AS_OF, DIOCESE, rolecall

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "findings.schema.json").read_text())
SEVERITIES = ["critical", "high", "medium", "low"]


def audit_json(*arguments: object, registry: Path = DIOCESE) -> Any:
    done = rolecall("audit", registry, "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def small(directory: Path, **tables: str) -> Path:
    texts = {
        "entities": "id,name\ne-1,St Mary\n",
        "people": "id,name,status\np-1,Ann,active\np-2,Ben,left\n",
        "accounts": "id,entity_id,platform,handle,status\na-1,e-1,facebook,stmary,active\n",
        "grants": "account_id,person_id,role\na-1,p-1,owner\na-1,p-2,admin\n",
    }
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in {**texts, **tables}.items():
        (directory / f"{name}.csv").write_text(text, encoding="utf-8")
    return directory


def test_required_columns_alone_say_something_and_what_could_not_be_checked(
    tmp_path: Path,
) -> None:
    document = audit_json(*AS_OF, registry=small(tmp_path / "r"))
    failed = {f["control"] for f in document["findings"]}
    assert failed == {"orphaned-admin", "sole-administrator"}
    unknown = {c["control"] for c in document["coverage"] if c["reasons"]}
    assert "account-without-owner" in unknown
    assert "orphaned-admin" not in unknown
    table = rolecall("audit", tmp_path / "r", *AS_OF).stdout
    assert "controls could not be checked at all" in table
    assert "accounts.owner_id is not tracked: account-without-owner" in table


@pytest.mark.parametrize(
    ("level", "status"), [("critical", 1), ("high", 1), ("medium", 1), ("low", 1), (None, 0)]
)
def test_fail_on(level: str | None, status: int) -> None:
    option = ("--fail-on", level) if level else ()
    assert rolecall("audit", DIOCESE, *AS_OF, *option).returncode == status


def test_fail_on_counts_neither_waived_findings_nor_milder_ones(tmp_path: Path) -> None:
    registry = small(tmp_path / "r", people="id,name,status\np-1,Ann,active\np-2,Ben,active\n")
    (registry / "grants.csv").write_text("account_id,person_id,role\na-1,p-1,owner\n")
    (registry / "policy.toml").write_text(
        '[[waivers]]\ncontrol = "sole-administrator"\naccount = "a-1"\nreason = "soon two"\n'
        'approved_by = ["p-2"]\nexpires = 2026-11-02\n'
    )
    options = (*AS_OF, "--fail-on", "low", "--log", tmp_path / "log")
    done = rolecall("audit", registry, *options)
    assert (done.returncode, "1 waived" in done.stdout) == (0, True)
    later = rolecall("audit", registry, *options[2:], "--as-of", "2026-11-03")
    assert later.returncode == 1
    assert "expired on 2026-11-02" in later.stdout
    assert rolecall("audit", registry, *AS_OF, "--fail-on", "critical").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("nowhere",), 2, "nowhere: does not exist"),
        ((DIOCESE, "--entity", "chancry"), 2, "the registry has no entity chancry"),
        ((DIOCESE, "--control", "orphand-admin"), 2, "did you mean orphaned-admin?"),
        ((DIOCESE, "--as-of", "2/11/2026"), 2, "is not a date"),
        ((DIOCESE, "--as-of", "2026-11-02T10:00:00"), 2, "is not a date"),
        ((DIOCESE, "--severity", "worst"), 2, "worst"),
        ((DIOCESE, "--policy", "no.toml"), 2, "no.toml"),
        ((DIOCESE, "--output", "no/such/folder/f.json"), 3, "cannot write the report"),
        ((DIOCESE, "--log", DIOCESE / "README.md"), 3, "cannot open the audit log"),
    ],
)
def test_bad_calls(arguments: tuple[object, ...], status: int, message: str) -> None:
    done = rolecall("audit", *arguments)
    assert done.returncode == status, done.stderr
    assert message in done.stderr
    assert not done.stdout
    assert "Traceback" not in done.stderr


def test_a_log_in_use_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rolecall.ledger.file_log import FileLog\n"
        "from rolecall.errors import LogBusyError\n"
        "try: FileLog.open(Path(sys.argv[1]), wait=0.1)\n"
        "except LogBusyError as error: print(error); sys.exit(3)"
    )
    with FileLog.open(tmp_path / "log"):
        done = subprocess.run(
            [sys.executable, "-c", code, tmp_path / "log"], capture_output=True, text=True
        )
    assert (done.returncode, "another process" in done.stdout) == (3, True)


def test_errors_as_data(tmp_path: Path) -> None:
    registry = small(tmp_path / "r", people="id,name,status\np-1,Ann,actve\n")
    done = rolecall("audit", registry, "--format", "json")
    assert done.returncode == 2
    document = json.loads(done.stdout)
    assert (document["valid"], document["error_count"]) == (False, 1)
    error = document["errors"][0]
    assert (error["file"], error["row"], error["column"]) == ("people.csv", 2, "status")
    assert error["message"].endswith("did you mean active?")


@pytest.mark.parametrize("name", ["table", "json", "csv", "ocsf"])
def test_equal_inputs_give_equal_bytes_and_clean_streams(name: str, tmp_path: Path) -> None:
    outputs = []
    for number in "12":
        options = ("--log", tmp_path / number, "--format", name)
        done = rolecall("audit", DIOCESE, *AS_OF, *options)
        assert done.returncode == 0
        assert "warning:" not in done.stdout
        records = (tmp_path / number / "records.jsonl").read_bytes()
        outputs.append((done.stdout, records))
    assert outputs[0] == outputs[1]
    path = tmp_path / "file"
    rolecall("audit", DIOCESE, *AS_OF, "--log", tmp_path / "3", "--format", name, "--output", path)
    assert path.read_text(encoding="utf-8") == outputs[0][0]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_two_nights(tmp_path: Path) -> None:
    first = audit_json(*AS_OF, "--log", tmp_path / "log")
    second = audit_json("--as-of", "2026-11-02T12:00:00Z", "--log", tmp_path / "log")
    assert first["summary"]["by_status"]["new"] == first["summary"]["findings"] - 1
    assert second["summary"]["by_status"]["new"] == 0
    assert {f["status"] for f in second["findings"]} == {"open", "waived"}
    assert {f["first_seen"] for f in second["findings"]} == {"2026-11-02T00:00:00Z"}
    assert (first["run"]["number"], second["run"]["number"]) == (1, 2)


def test_order_and_summary() -> None:
    document = audit_json(*AS_OF)
    findings = document["findings"]

    def order(finding: Any) -> tuple[int, str, str, str]:
        rank = SEVERITIES.index(finding["severity"])
        keys = json.dumps(list(finding["subject"].values())[1:])
        return rank, finding["entity"] or "", finding["control"], keys

    assert findings == sorted(findings, key=order)
    for field in ("severity", "status"):
        counted = {value: n for value, n in document["summary"][f"by_{field}"].items() if n}
        seen = [finding[field] for finding in findings]
        assert counted == {value: seen.count(value) for value in set(seen)}
    failed = {c["control"]: c["failed"] for c in document["coverage"] if c["failed"]}
    controls = [finding["control"] for finding in findings]
    assert failed == {control: controls.count(control) for control in set(controls)}
    assert not [f["detail"] for f in findings if re.search(r"[{}]|\bNone\b", f["detail"])]


def test_severity_filters_the_list_alone() -> None:
    whole, shown = audit_json(*AS_OF), audit_json(*AS_OF, "--severity", "high")
    assert shown["summary"] == whole["summary"]
    assert shown["findings"] == [
        f for f in whole["findings"] if f["severity"] in ("critical", "high")
    ]


def test_entity_and_control_narrow_the_run() -> None:
    whole = audit_json(*AS_OF)
    text = (DIOCESE / "entities.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    top = next(row["parent_id"] for row in rows if row["parent_id"])
    line = {top}
    for _ in rows:
        line |= {row["id"] for row in rows if row["parent_id"] in line}
    some = audit_json(*AS_OF, "--entity", top)
    assert some["findings"] == [f for f in whole["findings"] if f["entity"] in line]
    two = ("orphaned-admin", "weak-password")
    few = audit_json(*AS_OF, "--control", two[0], "--control", two[1])
    assert few["findings"] == [f for f in whole["findings"] if f["control"] in two]
    assert [c["control"] for c in few["coverage"]] == list(two)


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -c 'from rolecall.cli import main; main()' audit {DIOCESE}"
    script = f"set -o pipefail; {command} --format json | head -c 10 >/dev/null"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


HOSTILE = "\x1b[2J\u202eevil\u200b"


def test_the_table_is_narrow_and_inert(tmp_path: Path) -> None:
    long_id = "x" * 300
    registry = small(
        tmp_path / "r",
        entities=f"id,name\ne-1,教会の若者グループ教会の若者グループ教会の若者グループ教会の若者グループ\n{long_id},{HOSTILE}\n",
        people=f"id,name,status\np-1,{HOSTILE},left\np-2,محمد,left\n",
        accounts="id,entity_id,platform,handle,status\n"
        f"a-1,e-1,facebook,{'長' * 150},active\n{long_id},{long_id},web,{'h' * 300},active\n",
        grants=f"account_id,person_id,role\na-1,p-1,owner\na-1,p-2,admin\n{long_id},p-1,owner\n",
    )
    for target in (registry, DIOCESE):
        table = rolecall("audit", target, *AS_OF).stdout
        assert table
        for line in table.splitlines():
            assert cell_len(line) <= 80, line
            assert not re.search("[\x00-\x1f\x7f\u202a-\u202e\u200b]", line)
    assert "\\x1b[2J" in rolecall("audit", registry, *AS_OF).stdout


def test_colour_is_for_terminals() -> None:
    import pty

    main, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from rolecall.cli import main; main()", "audit", DIOCESE, *AS_OF],
        stdout=secondary,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(secondary)
    shown = io.BytesIO()
    try:
        while piece := os.read(main, 65_536):
            shown.write(piece)
    except OSError:
        pass  # How a pseudo-terminal says that the other side is closed.
    assert process.wait() == 0
    assert process.stderr is not None
    process.stderr.close()
    os.close(main)
    assert b"\x1b[1;31mcritical" in shown.getvalue()
    assert "\x1b" not in rolecall("audit", DIOCESE, *AS_OF).stdout
