"""Every command runs where nothing of Unix is: Windows, as far as it can be told from here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from rolecall.cli.app import app
from tests.functional.command import EXAMPLE, ROOT
from tests.functional.without_unix import HIDDEN, Api

Given = tuple[list[str], str | None]
SECRET = json.dumps(
    {"username": "dioécese", "password": "only-Łor-this-example", "totp": "JBSWY3DPEHPK3PXP"}
)
VAULT = ["--as", "p-001", "--log", "log"]
EXPORT = "Title,Url,Username,Password\nacc-003,,Łucja,Zbigniew-Ń-kestrel-42\n"


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command of the program."""
    group = group or typer.main.get_command(app)
    below = getattr(group, "commands", {})
    if not below or group.invoke_without_command:
        yield path
    for name, command in below.items():
        yield from commands(command, (*path, name))


def scenario() -> Iterator[Given]:
    """Yield a day with Rolecall: every command, and some of them twice, in an order that works."""
    audited = ["--as-of", "2026-11-02", "--log", "log", "--signing-key", "keys/signing-key"]
    yield ["--version"], None
    yield ["-h"], None
    yield ["demo", "demo"], None
    yield ["init", "new"], None
    yield ["init", "new.xlsx"], None
    yield ["adopt", "sheet.csv", "staff.csv", "--into", "adopted", "--yes"], None
    yield ["audit", "adopted"], None
    yield ["roster", "adopted", "staff.csv", "--yes"], None
    yield ["collect", "adopted", "--output", "asked"], None
    yield ["validate", "diocese"], None
    for form in ("table.xlsx", "document.json", "folder"):
        yield ["convert", "diocese", form], None
        yield ["validate", form], None
    yield ["key", "new", "--name", "example.org/audit", "--signing-key", "keys/signing-key"], None
    yield ["key", "show", "--signing-key", "keys/signing-key"], None
    yield ["audit", "diocese", *audited, "--report", "reports"], None
    for form in ("table", "json", "md"):
        yield ["plan", "diocese", "--as-of", "2026-11-02", "--log", "log", "--format", form], None
    for form in ("table", "json", "csv", "ocsf"):
        yield ["audit", "diocese", "--format", form, "--output", f"findings.{form}"], None
        yield ["audit", "diocese", "--format", form], None
    # More lies there than reports.
    beside = ["--reports", "demo", "--accept-uncompared"]
    yield ["verify", "demo/log", "--key", "demo/verifier-key", *beside], None
    yield ["verify", "demo/proof.zip", "--key", "demo/verifier-key"], None
    yield ["report", "log", "--registry", "diocese", "--format", "all", "--output", "again"], None
    yield ["report", "diocese", "--format", "pdf", "--output", "one.pdf"], None
    yield ["controls"], None
    yield ["controls", "show", "orphaned-admin"], None
    yield ["log", "show", "log"], None
    yield ["log", "export", "log", "--output", "exported.zip"], None
    yield from vault()
    yield from stack()
    yield from people()


def vault() -> Iterator[Given]:
    """Yield what is done with secrets."""
    one = ["diocese", "acc-001", *VAULT]
    why = ["--reason", "to answer the press"]
    yield ["vault", "put", *one, "--stdin"], SECRET
    yield ["vault", "rotate", *one, "--stdin"], json.dumps({"password": "another-Heron-Thimble-9"})
    yield ["vault", "reveal", *one, *why, "--stdout"], None
    yield ["vault", "code", *one], None
    yield ["vault", "history", *one], None
    yield ["vault", "rewrap", "diocese", "--log", "log"], None
    yield ["vault", "import", "diocese", "export.csv", *VAULT, "--yes", "--shred"], None
    yield ["vault", "destroy", *one, "--yes"], None


def stack() -> Iterator[Given]:
    """Yield what is done with a stack."""
    yield ["import", "diocese", "--stack", "s", "--yes"], None
    yield ["export", "exported", "--stack", "s"], None
    yield ["upgrade", "--stack", "s", "--dry-run"], None
    yield ["run", "--stack", "s"], None
    yield ["runs", "--stack", "s"], None
    yield ["restore", "RegistryTable", "--stack", "s", "--table", "registry", "--dry-run"], None
    yield ["rebuild", "--stack", "s", "--dry-run"], None
    # Nobody was stopped by an edit here, and all that it would do is refuse.
    yield ["break-glass", "-h"], None
    yield ["sign-in", "-h"], None
    # These look at services of AWS that are not pretended here.
    yield ["doctor", "-h"], None
    for name in ("add", "list", "remove", "groups", "reset-factor"):
        yield ["users", name, "-h"], None
    for name in ("ask", "show", "approve", "refuse"):
        yield ["sign-ins", name, "-h"], None


def people() -> Iterator[Given]:
    """Yield what is done through the API."""
    why = ["--reason", "left the parish", "--yes"]
    yield ["login", "--stack", "s", "--email", "head@example.org", "--stdin"], "pässword\r\n"
    yield ["me"], None
    yield ["findings"], None
    yield ["revoke", "a-1", "p-2", *why], None
    yield ["offboard", "p-2", *why], None
    yield ["revocations"], None
    yield ["confirm", "r-1", "--removed-by", "p-1", "--note", "seen"], None
    yield ["reports", "x"], None


SHEET = "Seite;Verknüpfung;Administratoren\r\nPfarrei;facebook.com/ellerwick;Ilse Köhlberg\r\n"
STAFF = "Name\tE-Mail\tStatus\r\nIlse Köhlberg\tilse@ellerwick.example\taktiv\r\n"


class Day:
    """All commands in a process without Unix, and the directory in which they worked."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.roaming = directory / "AppData" / "Roaming"
        registry = directory / "diocese"
        registry.mkdir()
        for file in EXAMPLE.iterdir():
            # As somebody's spreadsheet leaves them there: with names that code page 1252 has not.
            text = file.read_text(encoding="utf-8").replace("Mateus", "Matěj")
            (registry / file.name).write_bytes(text.replace("\n", "\r\n").encode())
        (directory / "export.csv").write_text(EXPORT, encoding="utf-8")
        # As a spreadsheet of Windows saves them.
        (directory / "sheet.csv").write_bytes(SHEET.encode("cp1252"))
        (directory / "staff.csv").write_bytes(STAFF.encode("utf-16"))
        given = list(scenario())
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("XDG_", "ROLECALL_", "AWS_")) and name != "HOME"
        }
        environment |= {
            "APPDATA": str(self.roaming),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/rolecall")]),
            "PYTHONWARNDEFAULTENCODING": "1",
        }
        command = [sys.executable, "-m", "tests.functional.without_unix"]
        done = subprocess.run(
            command,
            input=json.dumps(given).encode(),
            cwd=directory,
            env=environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        self.ended = json.loads(done.stdout)


def every_command_is_run(day: Day) -> None:
    given = {tuple(ended["words"]) for ended in day.ended}
    missing = [
        path for path in commands() if not any(words[: len(path)] == path for words in given)
    ]
    assert not missing


def every_command_does_its_work(day: Day) -> None:
    failed = [ended for ended in day.ended if ended["status"] != 0]
    assert not failed, json.dumps(failed, indent=1)


def what_no_code_page_has_is_shown_by_its_number(day: Day) -> None:
    (me,) = (ended for ended in day.ended if ended["words"] == ["me"])
    assert "\\u017dofia \\u0141ukasz (p-1)" in me["stdout"] or "Žofia \\u0141ukasz" in me["stdout"]


def keys_and_sessions_lie_where_windows_keeps_them(day: Day) -> None:
    kept = {path.name for path in (day.roaming / "rolecall").iterdir()}
    assert {"vault-key", "session"} <= kept <= {"vault-key", "session", ".new.lock"}


def the_system_says_who_acted(day: Day) -> None:
    assert '"os:Zoë"' in (day.directory / "log/records.jsonl").read_text(encoding="utf-8")


def the_same_bytes_as_on_unix(day: Day) -> None:
    """Windows's line breaks are in no file that has a form: keys, logs, reports, tables."""
    broken = {
        path.relative_to(day.directory).as_posix()
        for path in day.directory.rglob("*")
        if path.is_file() and path.suffix not in (".pdf", ".xlsx", ".zip", ".rclv")
        if b"\r\n" in path.read_bytes()
    }
    # Tables of CSV have them everywhere (RFC 4180), and a policy's are those that it came with.
    as_given = {name for name in broken if name.endswith((".csv", "policy.toml"))}
    assert {name for name in broken - as_given if not name.startswith("diocese/")} == set()
    assert not any(name.startswith(("new/", "demo/diocese/")) for name in broken)
    assert (day.directory / "reports/report.pdf").read_bytes().startswith(b"%PDF")
    assert (day.directory / "report.pdf").read_bytes() == Api.REPORT
    assert not (day.directory / "export.csv").exists()


def nothing_is_left_under_another_name(day: Day) -> None:
    names = {path.name for path in day.directory.rglob(".*")}
    assert names <= {".new.lock"}


def test_every_command_runs_where_nothing_of_unix_is(tmp_path: Path) -> None:
    # One day, as it takes ten seconds; what is asked of it has names of its own.
    day = Day(tmp_path)
    for holds in (
        every_command_is_run,
        every_command_does_its_work,
        what_no_code_page_has_is_shown_by_its_number,
        keys_and_sessions_lie_where_windows_keeps_them,
        the_system_says_who_acted,
        the_same_bytes_as_on_unix,
        nothing_is_left_under_another_name,
    ):
        holds(day)


def test_unix_is_really_hidden() -> None:
    program = (
        "from tests.functional.without_unix import take_unix_away; take_unix_away()\n"
        "import importlib, os\n"
        f"for name in {HIDDEN!r}:\n"
        "    try: importlib.import_module(name)\n"
        "    except ImportError: continue\n"
        "    raise SystemExit(name)\n"
        "raise SystemExit('getuid' if hasattr(os, 'getuid') else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
