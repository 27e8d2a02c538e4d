"""The vault from the command line, on this machine: as a person would use it."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.functional.command import SCRIPT, Ended, copy_example, edit, findings, rolecall

SECRET = {
    "username": "comms",
    "password": "kestrel-Anvil-0-plum",
    "totp": "JBSWY3DPEHPK3PXP",
    "recovery_codes": ["aa11-bb22", "cc33-dd44"],
    "notes": "line one\nline two",
}
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
REASON = ("--reason", "to answer the parents")


class Desk:
    """A copy of the example, its log and its keys."""

    def __init__(self, directory: Path) -> None:
        self.registry = copy_example(directory)
        self.log = directory / "log"
        self.key = directory / "keys" / "vault-key"

    def __call__(self, command: str, *arguments: object, secret: Any = None) -> Ended:
        options = ["--log", self.log, "--vault-key", self.key]
        if secret is None:
            return rolecall("vault", command, self.registry, *arguments, *options)
        data = secret if isinstance(secret, bytes) else json.dumps(secret).encode()
        with patch("sys.stdin", Given(data)):
            return rolecall("vault", command, self.registry, *arguments, *options, "--stdin")

    def put(self, account: str = "acc-001", person: str = "p-007") -> Ended:
        """Store a secret."""
        return self("put", account, "--as", person, secret=SECRET)


class Given:
    """A standard input that is not a terminal."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = data
        self.buffer = self

    def isatty(self) -> bool:
        return False

    def read(self, most: int = -1) -> bytes:
        return self._data[:most]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return an empty vault for the example registry, on the day of its tests."""
    for module in ("vault_location", "vault"):
        monkeypatch.setattr(f"rolecall.cli.{module}.now", lambda: NOW)
    return Desk(tmp_path)


def test_a_secret_from_end_to_end(desk: Desk) -> None:
    stored = desk.put()
    assert stored.status == 0, stored.stderr
    assert stored.text.splitlines() == [
        "stored login log-001 of acc-001: version 1",
        "strength 4 of 4",
    ]
    assert f"made a key for the vault: {desk.key}" in stored.stderr
    shown = desk("reveal", "acc-001", "--as", "p-007", *REASON, "--stdout")
    assert shown.json == {k: v for k, v in SECRET.items() if k != "totp"}
    shown = desk("reveal", "acc-001", "--as", "p-007", *REASON, "--stdout", "--seed")
    assert shown.json == SECRET
    code = desk("code", "acc-001", "--as", "p-007")
    assert len(code.text.strip()) == 6
    assert code.text.strip().isdigit()
    assert "more seconds" in code.stderr
    rotated = desk("rotate", "acc-001", "--as", "p-007", secret={"password": "Heron-Thimble-77"})
    assert rotated.text.startswith("rotated login log-001 of acc-001: version 2\n")
    assert "unchanged are one-time seed, recovery codes" in rotated.stderr
    told = desk("history", "acc-001", "--as", "p-007").text.splitlines()
    assert [line.split()[:3] for line in told] == [
        ["version", "2", "rotated"],
        ["p-007", "knows", "it"],
        ["version", "1", "stored"],
        ["p-007", "knows", "it"],
    ]
    assert "read it 2 times, last" in told[3]
    destroyed = desk("destroy", "acc-001", "--as", "p-007", "--yes")
    assert destroyed.text == "destroyed the secret of login log-001 of acc-001\n"
    assert list((desk.log / "vault").iterdir()) == []
    shown = rolecall("log", "show", desk.log)
    actions = [line.split()[2] for line in shown.text.splitlines()]
    assert actions == [
        *("secret.stored", "secret.revealed", "secret.revealed", "secret.code_given"),
        *("secret.rotated", "secret.history_shown", "secret.destroyed"),
    ]
    assert "acc-001 log-001  by p-007  to answer the parents" in shown.text


def test_the_history_says_what_became_of_each_version(desk: Desk) -> None:
    desk.put()
    for number in range(4):
        secret = {"password": f"Heron-Thimble-7{number}"}
        assert desk("rotate", "acc-001", "--as", "p-007", secret=secret).status == 0
    told = desk("history", "acc-001", "--as", "p-007").text.splitlines()
    states = [line.rpartition(", ")[2] for line in told if line.startswith("version ")]
    assert states == ["in force", "kept", "kept", "deleted", "deleted"]
    assert len(list((desk.log / "vault").iterdir())) == 3


def test_nothing_is_readable_by_others(desk: Desk) -> None:
    desk.put()
    (envelope,) = (desk.log / "vault").iterdir()
    for path in (desk.key, envelope):
        assert path.stat().st_mode & 0o077 == 0
    for value in (SECRET["password"], SECRET["totp"], "aa11", "line one"):
        for path in (envelope, desk.log / "records.jsonl", desk.key):
            assert str(value).encode() not in path.read_bytes()


def test_the_audit_knows_what_the_vault_knows(desk: Desk, tmp_path: Path) -> None:
    options = ("--log", desk.log, "--signing-key", tmp_path / "signing-key")
    before = findings(desk.registry)
    assert "unsecured-login acc-018 log-020" in before
    stored = desk("put", "acc-018", "--as", "p-023", secret=SECRET)
    assert stored.status == 0, stored.stderr
    after = findings(desk.registry, *options)
    assert "unsecured-login acc-018 log-020" not in after
    assert "weak-password acc-018 log-020" not in after
    verified = rolecall(
        "verify", desk.log, "--key", (desk.log / "key.pub").read_text(encoding="utf-8").strip()
    )
    assert verified.status == 0, verified.stderr


def test_who_may_not_is_refused(desk: Desk) -> None:
    desk.put()
    refused = desk("reveal", "acc-001", "--as", "p-044", *REASON, "--stdout")
    assert (refused.status, refused.stdout) == (2, b"")
    assert refused.stderr == "error: p-044 is not an active person of the roster\n"
    shown = rolecall("log", "show", desk.log).text.splitlines()
    assert shown[-1].split()[2] == "secret.refused"


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        (b"", "standard input is not a secret"),
        (b'{"password": "canary"', "standard input is not a secret"),
        (b'{"pasword": "canary"}', "standard input is not a secret"),
        (b'{"password": ["canary"]}', "standard input is not a secret"),
        (b'["canary"]', "standard input is not a secret"),
        (b'{"password": "canary\xff"}', "standard input is not a secret"),
        (b'{"recovery_codes": "canary"}', "standard input is not a secret"),
        (b"{}", "the secret is empty"),
        (b'{"password": "%s"}' % (b"canary" * 12_000), "at most 65,536"),
        (b'{"password": "%s"}' % (b"canary" * 40_000), "at most 65,536"),
        (b'{"totp": "canary!"}', "not base32"),
    ],
)
def test_bad_input_is_refused_and_not_shown(desk: Desk, secret: bytes, message: str) -> None:
    ended = desk("put", "acc-001", "--as", "p-007", secret=secret)
    assert (ended.status, ended.stdout) == (2, b"")
    assert message in ended.stderr
    assert "canary" not in ended.stderr
    log = desk.log / "records.jsonl"
    assert not log.exists() or log.read_bytes() == b""
    assert not (desk.log / "vault").exists()


def test_what_must_not_go_where(desk: Desk, tmp_path: Path) -> None:
    desk.put()
    # Not to a pipe, and not on record either.
    ended = desk("reveal", "acc-001", "--as", "p-007", *REASON)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "standard output is not a terminal" in ended.stderr
    with patch("sys.stdin", Given()):
        ended = desk("put", "acc-001", "--as", "p-007")
        assert "nobody is there to ask; --stdin" in ended.stderr
        ended = desk("destroy", "acc-001", "--as", "p-007")
        assert "--yes" in ended.stderr
    ended = rolecall("vault", "code", desk.registry, "acc-001", "--as", "p-007")
    assert "needs --log" in ended.stderr
    desk.key = desk.log / "vault-key"
    ended = desk("code", "acc-001", "--as", "p-007")
    assert "a vault key inside of the log would protect nothing" in ended.stderr
    desk.key = tmp_path / "other"
    ended = desk("code", "acc-001", "--as", "p-007")
    assert "there is no vault key, but" in ended.stderr
    assert not desk.key.exists()
    ended = rolecall("vault", "code", tmp_path / "no", "a", "--as", "p", "--log", desk.log)
    assert "there is no registry" in ended.stderr
    assert len(rolecall("log", "show", desk.log).text.splitlines()) == 1


def test_another_key_opens_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.put()
    desk.key.rename(tmp_path / "kept")
    other = Desk(tmp_path / "second")
    other.put()
    other.key.rename(desk.key)
    ended = desk("reveal", "acc-001", "--as", "p-007", *REASON, "--stdout")
    assert (ended.status, ended.stdout) == (3, b"")
    assert "the secret cannot be opened" in ended.stderr


def test_rewrap(desk: Desk) -> None:
    desk.put()
    (envelope,) = (desk.log / "vault").iterdir()
    before, key = envelope.read_bytes(), desk.key.read_text(encoding="ascii")
    ended = desk("rewrap")
    assert ended.text == "rewrapped 1 secret\n"
    assert envelope.read_bytes() != before
    lines = desk.key.read_text(encoding="ascii").splitlines()
    # The name and the key of the fingerprints stay.
    assert lines[:3] == key.splitlines()[:3]
    assert lines[3] != key.splitlines()[3]
    assert desk("reveal", "acc-001", "--as", "p-007", *REASON, "--stdout").status == 0


def test_the_operating_systems_user_is_on_record(desk: Desk) -> None:
    with patch.dict(os.environ, {"USER": "somebody-else", "LOGNAME": "somebody-else"}):
        desk.put()
    record = json.loads((desk.log / "records.jsonl").read_text(encoding="utf-8"))
    assert record["actor"] == "p-007"
    assert record["payload"]["via"].startswith("os:")
    assert "somebody-else" not in record["payload"]["via"]


def at_terminal(arguments: list[object], answers: list[str]) -> tuple[int, str]:
    """Run a command at a terminal, and answer its questions; return what the screen shows."""
    pid, screen = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", SCRIPT, *map(str, arguments)])  # noqa: S606
    shown, waiting = "", list(answers)
    while True:
        ready, _, _ = select.select([screen], [], [], 30)
        assert ready, f"the command waits for something: {shown!r}"
        try:
            piece = os.read(screen, 4_096)
        except OSError:
            break
        if not piece:
            break
        shown += piece.decode()
        if waiting and shown.endswith(": "):
            os.write(screen, waiting.pop(0).encode() + b"\n")
            shown += "\n"
    _, status = os.waitpid(pid, 0)
    os.close(screen)
    return os.waitstatus_to_exitcode(status), shown


def test_at_a_terminal(desk: Desk) -> None:
    # The head, whose right does not run out: this is another process, with the real clock.
    options = ["--as", "p-001", "--log", desk.log, "--vault-key", desk.key]
    answers = ["comms", "kestrel-Anvil-0-plum", "kestrel-Anvil-0-plum", "", "aa11 bb22", ""]
    status, shown = at_terminal(["vault", "put", desk.registry, "acc-001", *options], answers)
    assert status == 0, shown
    assert "comms" in shown
    # What is typed as a secret does not show.
    assert "kestrel" not in shown
    assert "aa11" not in shown
    reveal = ["vault", "reveal", desk.registry, "acc-001", *REASON, *options]
    status, shown = at_terminal(reveal, [])
    assert status == 0, shown
    assert shown.replace("\r", "").splitlines() == [
        "user name       comms",
        "password        kestrel-Anvil-0-plum",
        "recovery codes  aa11",
        "                bb22",
    ]
    answers = ["", "Heron-Thimble-77", "Heron-Thimble-78"]
    status, shown = at_terminal(["vault", "rotate", desk.registry, "acc-001", *options], answers)
    assert (status, "the two passwords differ; nothing was stored" in shown) == (2, True)


# -- import ------------------------------------------------------------------------------------

EXPORT = """Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes
acc-002/log-003,,me,kestrel-Anvil-0-plum,,false,false,,
Comms,https://instagram.example/ellerwick.diocese,me,Heron-Thimble-77,,false,false,,
Bank,https://bank.example,me,canary-bank,,false,false,,
"""


def test_import(desk: Desk, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT.replace("Comms,", "acc-006/log-007,"), encoding="utf-8")
    dry = desk("import", export, "--as", "p-008", "--dry-run")
    assert dry.text.splitlines() == [
        "  row 2     acc-002/log-003 -> acc-002 (by id)",
        "  row 3     acc-006/log-007 -> acc-006 (by id)",
        "  row 4     Bank: no account has this id or address; "
        "give it the account's id as its title",
        "belonging to an account: 2 of 3 logins (an export of 1Password)",
        "nothing was stored",
    ]
    assert not desk.log.exists()
    ended = desk("import", export, "--as", "p-008", "--yes", "--shred")
    assert "stored 1" in ended.text
    # p-008 has no role on acc-002, and is neither its head nor IT.
    assert (ended.status, "error: row 2: p-008 has no live" in ended.stderr) == (2, True)
    assert "was not shredded: 2 logins of it are not in the vault" in ended.stderr
    assert export.exists()
    assert "canary" not in ended.stderr + ended.text


def test_import_by_address_and_shred(desk: Desk, tmp_path: Path) -> None:
    edit(
        desk.registry / "logins.csv",
        "log-008,acc-006,vault,p-007,2026-08-03,key,3,6d3a0a89,\n",
        "",
    )
    header, _, row, _ = EXPORT.splitlines(keepends=True)
    export = tmp_path / "export.csv"
    export.write_text(header + row, encoding="utf-8")
    with patch("sys.stdin", Given()):
        ended = desk("import", export, "--as", "p-008")
        assert (ended.status, "--yes gives it" in ended.stderr) == (2, True)
        ended = desk("import", export, "--as", "p-008", "--yes")
    assert "Comms -> acc-006 (by address)" in ended.text
    assert "still holds passwords that anybody can read" in ended.stderr
    again = desk("import", export, "--as", "p-008", "--yes", "--shred")
    assert "is in the vault already; rotate changes its password" in again.stderr
    assert export.exists()
    desk("destroy", "acc-006", "--as", "p-008", "--yes")
    held = export.open("rb")
    ended = desk("import", export, "--as", "p-008", "--yes", "--shred")
    assert "shredded" in ended.text
    assert not export.exists()
    # Whoever has the file open still sees what it was overwritten with.
    assert b"Heron" not in held.read()
    held.close()


def test_import_of_other_files(desk: Desk, tmp_path: Path) -> None:
    ended = desk("import", tmp_path / "none.csv", "--as", "p-008")
    assert (ended.status, "cannot read" in ended.stderr) == (2, True)
    (tmp_path / "other.csv").write_text("a,b\n", encoding="utf-8")
    ended = desk("import", tmp_path / "other.csv", "--as", "p-008")
    assert (ended.status, "not an export that is known" in ended.stderr) == (2, True)


LOST = """\
folder,type,name,notes,fields,reprompt,favorite,login_uri,login_username,login_password,login_totp
,login,acc-002/log-003,,"recovery code 1: canary-1111",0,,,me,kestrel-Anvil-0-plum,
"""


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("", None),
        (",note,Backup codes,canary-note,,0,,,,", "row 3     Backup codes: no account has this"),
        (",card,Card,canary-card,,0,,,,", "row 3     Card: left out: a card"),
        (
            ",login,By passkey,,,0,,https://a.example,me,,",
            "row 3     By passkey: left out: it has no",
        ),
        (",login,Elsewhere,,,0,,https://a.example,me,canary-p,", "Elsewhere: no account has"),
        ("Trash,login,acc-006,,,0,,,me,canary-old,", "acc-006: left out: in the bin"),
        (",login,acc-006,,,0,,,me,canary-cut,,x", "acc-006: left out: the vault has no place"),
    ],
)
def test_no_file_is_destroyed_of_which_something_was_not_stored(
    desk: Desk, tmp_path: Path, row: str, told: str | None
) -> None:
    export = tmp_path / "export.csv"
    export.write_text(f"{LOST}{row}\n", encoding="utf-8")
    ended = desk("import", export, "--as", "p-001", "--yes", "--shred")
    assert (ended.status, "stored 1" in ended.text) == (0, True)
    assert "canary" not in ended.text + ended.stderr
    assert export.exists() == (told is not None)
    if told is not None:
        assert told in ended.text
        assert "was not shredded: 1 login of it is not in the vault" in ended.stderr
    why = ("--reason", "to see what was stored", "--stdout")
    shown = desk("reveal", "acc-002", "--login", "log-003", "--as", "p-001", *why)
    assert json.loads(shown.text)["recovery_codes"] == ["canary-1111"]


def test_a_file_of_which_an_entry_was_stored_in_part_is_left(desk: Desk, tmp_path: Path) -> None:
    login = {"username": "me", "password": "kestrel-Anvil-0-plum", "fido2Credentials": [{"a": 1}]}
    item = {"type": 1, "name": "acc-002/log-003", "login": login}
    export = tmp_path / "export.json"
    export.write_text(json.dumps({"encrypted": False, "items": [item]}), encoding="utf-8")
    ended = desk("import", export, "--as", "p-001", "--yes", "--shred")
    assert "stored 1" in ended.text
    assert "not taken, the vault has no place for it: passkey" in ended.text
    assert "only in part" in ended.stderr
    assert export.exists()


def test_a_file_behind_the_limit_is_not_read_at_all(desk: Desk, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_bytes(LOST.encode() + b" " * 50_000_000)
    ended = desk("import", export, "--as", "p-001", "--yes", "--shred")
    assert (ended.status, "is larger than 50,000,000 bytes" in ended.stderr) == (2, True)
    assert export.exists()
