"""``rolecall verify``, ``log`` and ``key``, and the seal of an audit, from the outside."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.functional.command import EXAMPLE, Ended, audit, copy_example, rolecall

ENTITY = "ellerwick-herald"


class Sealed:
    """A sealed log of the example over three nights, and who may verify it."""

    def __init__(self, directory: Path) -> None:
        self.log = directory / "log"
        self.secret = directory / "keys" / "signing-key"
        self.registry = copy_example(directory)
        new = self.run("key", "new", "--name", "diocese.example/audit")
        assert new.status == 0, new.stderr
        self.key = new.text.strip()
        self.kept: list[Path] = []
        for as_of in ("2026-11-02", "2026-11-03", "2027-02-01"):
            self.audit(as_of)

    def run(self, *arguments: object) -> Ended:
        """Run a command with the signing key of this log."""
        return rolecall(*arguments, "--signing-key", self.secret)

    def audit(self, as_of: str) -> Ended:
        """Audit and keep the checkpoint, as an officer would."""
        extra = ("--log", self.log, "--signing-key", self.secret)
        ended = audit(self.registry, *extra, as_of=as_of)
        assert ended.status == 0, ended.stderr
        sizes = sorted(int(path.name) for path in (self.log / "checkpoints").iterdir())
        kept = self.log.parent / f"kept-{sizes[-1]}"
        kept.write_bytes((self.log / "checkpoints" / str(sizes[-1])).read_bytes())
        self.kept.append(kept)
        return ended

    def verify(self, what: Path | None = None, *arguments: object) -> Ended:
        """Verify the log or a bundle."""
        return rolecall("verify", what or self.log, "--key", self.key, *arguments)

    def lines(self) -> list[bytes]:
        """Return the lines of the records."""
        return (self.log / "records.jsonl").read_bytes().splitlines(keepends=True)

    def export(self, *arguments: object) -> Path:
        """Export a bundle."""
        bundle = self.log.parent / "proof.zip"
        ended = rolecall("log", "export", self.log, "--output", bundle, *arguments)
        assert ended.status == 0, ended.stderr
        return bundle


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """Return a sealed log that tests only read."""
    return Sealed(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    """Return a sealed log of a test's own."""
    return Sealed(tmp_path)


# -- keys ------------------------------------------------------------------------------------------


def test_a_new_key_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "here" / "signing-key"
    made = rolecall("key", "new", "--name", "example.org/log", "--signing-key", path)
    assert made.status == 0
    assert made.text.startswith("example.org/log+")
    assert f"wrote {path}: keep it private" in made.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = path.read_text()
    assert secret.startswith("PRIVATE+KEY+example.org/log+")
    # Base64 may have a plus of its own.
    assert secret.strip().split("+", 4)[4] not in made.text + made.stderr
    again = rolecall("key", "new", "--signing-key", path)
    assert (again.status, again.text) == (2, "")
    assert "never overwritten" in again.stderr
    assert path.read_text() == secret
    shown = rolecall("key", "show", "--signing-key", path)
    assert (shown.status, shown.text) == (0, made.text)


@pytest.mark.parametrize("name", ["two words", "a+b", "", "x" * 201])
def test_a_name_that_a_key_cannot_have(tmp_path: Path, name: str) -> None:
    ended = rolecall("key", "new", "--name", name, "--signing-key", tmp_path / "key")
    if name:
        assert ended.status == 2
        assert "cannot be the name of a key" in ended.stderr
        assert not (tmp_path / "key").exists()
    else:
        assert ended.text.startswith("rolecall/")


def test_no_key_to_show(tmp_path: Path) -> None:
    ended = rolecall("key", "show", "--signing-key", tmp_path / "none")
    assert ended.status == 2
    assert "rolecall key new makes one" in ended.stderr


def test_a_key_that_others_may_read_is_not_used(sealed: Sealed) -> None:
    sealed.secret.chmod(0o640)
    ended = audit(EXAMPLE, "--log", sealed.log, "--signing-key", sealed.secret)
    assert ended.status == 2
    assert "chmod 600" in ended.stderr


def test_the_first_sealed_run_makes_a_key_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    ended = audit(EXAMPLE, "--log", tmp_path / "log")
    path = tmp_path / "config" / "rolecall" / "signing-key"
    assert str(path) in ended.stderr
    key = rolecall("key", "show").text.strip()
    assert key in ended.stderr
    assert rolecall("verify", tmp_path / "log", "--key", key).status == 0
    again = audit(EXAMPLE, "--log", tmp_path / "log", as_of="2026-11-03")
    assert (again.status, again.stderr) == (0, "")
    # Where the log was sealed with a key that is gone, no other takes its place in silence.
    path.unlink()
    lost = audit(EXAMPLE, "--log", tmp_path / "log", as_of="2026-11-04")
    assert lost.status == 2
    assert "restore it" in lost.stderr
    assert not path.exists()


def test_the_key_file_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_SIGNING_KEY", str(tmp_path / "mine"))
    assert audit(EXAMPLE, "--log", tmp_path / "log").status == 0
    assert (tmp_path / "mine").exists()


def test_a_key_inside_of_the_log_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "log" / "key"
    ended = audit(EXAMPLE, "--log", tmp_path / "log", "--signing-key", key)
    assert ended.status == 2
    assert "inside of the log" in ended.stderr
    assert not (tmp_path / "log").exists()


# -- verify ----------------------------------------------------------------------------------------


def test_what_an_audit_wrote_is_valid(shared: Sealed) -> None:
    ended = shared.verify()
    assert (ended.status, ended.stderr) == (0, "")
    assert ended.text.splitlines()[0] == "valid"
    assert "diocese.example/audit/" in ended.text
    for kept in shared.kept:
        assert "continues your checkpoint" in shared.verify(None, "--since", kept).text


def test_a_verdict_as_data(shared: Sealed) -> None:
    document = shared.verify(None, "--since", shared.kept[0], "--format", "json").json
    lines = shared.lines()
    assert document == {
        "valid": True,
        "log": document["log"],
        "size": len(lines),
        "root": document["root"],
        "key": shared.key,
        "start": 0,
        "records": len(lines) - 3,
        "entity": None,
        "since": int(shared.kept[0].name.removeprefix("kept-")),
        "unsealed": 0,
        "unused_checkpoints": 0,
        "unknown_records": 0,
        "unknown_parts": {},
        "run": None,
        "seal": None,
        "reports": [],
        "reports_not_made_again": [],
        "not_compared": {},
    }


def test_the_key_from_a_file(shared: Sealed, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{shared.key}\n")
    assert rolecall("verify", shared.log, "--key", tmp_path / "keys").status == 0


def test_a_changed_byte_is_invalid_and_says_where(sealed: Sealed) -> None:
    path = sealed.log / "records.jsonl"
    path.write_bytes(
        path.read_bytes().replace(b'"severity":"critical"', b'"severity":"criticaI"', 1)
    )
    ended = sealed.verify()
    assert ended.status == 1
    assert ended.text.startswith("invalid: record ")
    document = sealed.verify(None, "--format", "json")
    assert (document.status, document.json["valid"]) == (1, False)
    assert "record" in document.json["why"]


TAMPERINGS: dict[str, tuple[Any, str]] = {
    "last record dropped": (lambda s: s.lines()[:-1], "missing"),
    "a night dropped": (lambda s: s.lines()[:140], "missing"),
    "all dropped": (lambda _: [], "missing"),
    "cut inside the last line": (lambda s: [*s.lines()[:-1], s.lines()[-1][:-1]], "missing"),
    "an endless line": (lambda s: [*s.lines(), b"x" * 70_000 + b"\n"], "longer than a record"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_records_that_were_tampered_with(sealed: Sealed, name: str) -> None:
    change, why = TAMPERINGS[name]
    (sealed.log / "records.jsonl").write_bytes(b"".join(change(sealed)))
    ended = sealed.verify()
    assert ended.status == 1
    assert why in ended.text


def test_a_log_that_was_rolled_back_fools_only_who_kept_nothing(sealed: Sealed) -> None:
    latest = sealed.kept[-1]
    size = int(latest.name.removeprefix("kept-"))
    (sealed.log / "checkpoints" / str(size)).unlink()
    first = int(sealed.kept[1].name.removeprefix("kept-"))
    (sealed.log / "records.jsonl").write_bytes(b"".join(sealed.lines()[:first]))
    assert sealed.verify().status == 0
    assert sealed.verify(None, "--since", sealed.kept[0]).status == 0
    ended = sealed.verify(None, "--since", latest)
    assert ended.status == 1
    assert "withheld" in ended.text


def test_records_that_are_gone_altogether(sealed: Sealed) -> None:
    (sealed.log / "records.jsonl").unlink()
    ended = sealed.verify()
    assert (ended.status, ended.text) == (1, "invalid: records.jsonl is missing\n")


def test_a_log_whose_checkpoints_are_gone(sealed: Sealed) -> None:
    for path in (sealed.log / "checkpoints").iterdir():
        path.unlink()
    ended = sealed.verify()
    assert ended.status == 1
    assert "no checkpoint" in ended.text


def test_another_key_with_the_log_written_anew(sealed: Sealed, tmp_path: Path) -> None:
    """Whoever can write the log can sign it, but not with the key that was pinned."""
    forged = tmp_path / "forged"
    forged.mkdir()
    other = Sealed(forged)
    ended = sealed.verify(other.log)
    assert ended.status == 1
    assert "not by a key that was given" in ended.text


def test_an_unsealed_tail_is_valid_with_a_note(sealed: Sealed) -> None:
    lines = sealed.lines()
    size = int(sealed.kept[-1].name.removeprefix("kept-"))
    (sealed.log / "checkpoints" / str(size)).unlink()
    ended = sealed.verify()
    assert ended.status == 0
    assert f"note: {size - int(sealed.kept[1].name.removeprefix('kept-'))}" in ended.text
    # The next audit publishes what was missing, byte for byte.
    sealed.audit("2027-02-02")
    assert (sealed.log / "checkpoints" / str(size)).read_bytes() == sealed.kept[2].read_bytes()
    assert sealed.lines()[: len(lines)] == lines


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nowhere"], "cannot read"),
        ([EXAMPLE], "not an audit log"),
        ([EXAMPLE / "people.csv"], "not a proof bundle"),
    ],
    ids=str,
)
def test_what_cannot_be_read_at_all(shared: Sealed, arguments: list[Any], why: str) -> None:
    ended = shared.verify(*arguments)
    assert (ended.status, ended.text) == (2, "")
    assert why in ended.stderr


@pytest.mark.parametrize(
    "key", ["nonsense", "a+b+c", "sum.golang.org+00000000+Ac4zctda0e5eza+H", "/"]
)
def test_a_key_that_is_none(shared: Sealed, key: str) -> None:
    ended = rolecall("verify", shared.log, "--key", key)
    assert ended.status == 2
    assert "--key" in ended.stderr


def test_a_key_is_required(shared: Sealed) -> None:
    assert rolecall("verify", shared.log).status == 2


def test_a_kept_checkpoint_that_is_not_there(shared: Sealed, tmp_path: Path) -> None:
    assert shared.verify(None, "--since", tmp_path / "none").status == 2


def test_keys_are_changed(sealed: Sealed, tmp_path: Path) -> None:
    old = sealed.key
    sealed.secret = tmp_path / "new" / "signing-key"
    sealed.key = sealed.run("key", "new", "--name", "diocese.example/audit").text.strip()
    sealed.audit("2027-02-02")
    assert (sealed.log / "key.pub").read_text() == f"{old}\n{sealed.key}\n"
    assert "3 earlier checkpoints signed by other keys" in sealed.verify().text
    both = sealed.verify(None, "--key", old, "--since", sealed.kept[0])
    assert both.status == 0
    assert "note" not in both.text
    assert rolecall("verify", sealed.log, "--key", old).status == 1


def test_a_clock_set_back_a_year(sealed: Sealed) -> None:
    extra = ("--log", sealed.log, "--signing-key", sealed.secret)
    assert audit(sealed.registry, *extra, as_of="2025-11-02").status == 2
    ended = audit(sealed.registry, *extra, "--after-wrong-clock", as_of="2025-11-02")
    assert ended.status == 0, ended.stderr
    ended = sealed.verify(None, "--since", sealed.kept[-1])
    assert ended.status == 0, ended.text


# -- log show and export ---------------------------------------------------------------------------


def test_the_log_is_shown(shared: Sealed) -> None:
    shown = rolecall("log", "show", shared.log).text.splitlines()
    assert len(shown) == len(shared.lines())
    assert shown[0].split()[:3] == ["1", "2026-11-02T00:00:00Z", "finding.opened"]
    assert shown[-1].split()[1:] == ["2027-02-01T00:00:00Z", "log.sealed", "epoch", "3"]
    assert rolecall("log", "show", shared.log, "--format", "json").stdout == b"".join(
        shared.lines()
    )


def test_part_of_the_log_is_shown(shared: Sealed) -> None:
    def shown(*arguments: object) -> list[Any]:
        ended = rolecall("log", "show", shared.log, "--format", "json", *arguments)
        return [json.loads(line) for line in ended.text.splitlines()]

    everything = shown()
    assert shown("--entity", ENTITY) == [r for r in everything if r["entity"] == ENTITY]
    assert shown("--since", "2026-11-03") == [
        r for r in everything if r["at"] >= "2026-11-03T00:00:00Z"
    ]
    assert shown("--at", "2026-11-03") == [
        r for r in everything if r["at"] <= "2026-11-03T00:00:00Z"
    ]
    assert shown("--entity", "nobody") == []


EXPORTS: list[list[str]] = [
    [],
    ["--entity", ENTITY],
    ["--entity", "nobody"],
    ["--since", "2026-11-03"],
    ["--since", "2026-11-03", "--entity", ENTITY],
    ["--at", "2026-11-03"],
    ["--at", "2026-11-03", "--since", "2026-11-03", "--entity", ENTITY],
    ["--since", "2030-01-01"],
]


@pytest.mark.parametrize("arguments", EXPORTS, ids=" ".join)
def test_a_bundle_proves_itself(sealed: Sealed, arguments: list[str]) -> None:
    bundle = sealed.export(*arguments)
    ended = sealed.verify(bundle, "--since", sealed.kept[0])
    assert ended.status == 0, ended.text
    document = sealed.verify(bundle, "--format", "json").json
    at_end = json.loads(sealed.lines()[document["size"] - 1])
    assert at_end["action"] == "log.sealed"
    expected = [
        r
        for r in map(json.loads, sealed.lines()[document["start"] : document["size"]])
        if r["action"] != "log.sealed" and document["entity"] in (None, r["entity"])
    ]
    assert document["records"] == len(expected)
    assert document["entity"] == (arguments[-1] if "--entity" in arguments else None)
    if "--at" in arguments:
        assert document["size"] == int(sealed.kept[1].name.removeprefix("kept-"))
    if "2026-11-03" in arguments and "--since" in arguments:
        assert document["start"] == int(sealed.kept[0].name.removeprefix("kept-"))
    # Equal logs give equal bundles.
    first = bundle.read_bytes()
    assert sealed.export(*arguments).read_bytes() == first
    assert rolecall("verify", bundle, "--key", "x").status == 2


def test_a_bundle_that_leaves_a_record_out(sealed: Sealed, tmp_path: Path) -> None:
    bundle = sealed.export("--entity", ENTITY)
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(bundle) as whole, zipfile.ZipFile(forged, "w") as less:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "records.jsonl":
                data = b"".join(data.splitlines(keepends=True)[1:])
            if name == "proofs.json":
                document = json.loads(data)
                del document["records"][0]
                data = json.dumps(document, separators=(",", ":")).encode()
            less.writestr(name, data)
    ended = sealed.verify(forged)
    assert ended.status == 1
    assert f"not all records of {ENTITY}" in ended.text


def test_nothing_was_sealed_by_then(shared: Sealed, tmp_path: Path) -> None:
    ended = rolecall(
        *("log", "export", shared.log, "--at", "2020-01-01", "--output", tmp_path / "x.zip")
    )
    assert ended.status == 2
    assert "nothing in the log was sealed by 2020-01-01" in ended.stderr
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("option", ["--since", "--at"])
def test_a_date_that_is_none(shared: Sealed, option: str) -> None:
    for command in ("show", "export"):
        ended = rolecall("log", command, shared.log, option, "yesterday")
        assert ended.status == 2
        assert f"{option}: 'yesterday' is not a date" in ended.stderr


@pytest.mark.parametrize("command", ["show", "export"])
def test_a_log_that_is_none(tmp_path: Path, command: str) -> None:
    ended = rolecall("log", command, tmp_path)
    assert ended.status == 2
    assert "not an audit log" in ended.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_an_output_that_cannot_be_written(shared: Sealed, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ended = rolecall("log", "export", shared.log, "--output", tmp_path / "proof.zip")
    assert ended.status == 3


def test_an_output_in_a_folder_that_is_not_there(shared: Sealed, tmp_path: Path) -> None:
    ended = rolecall("log", "export", shared.log, "--output", tmp_path / "none" / "proof.zip")
    assert ended.status == 3
    assert "cannot write" in ended.stderr


def test_what_a_record_says_cannot_steer_a_terminal(sealed: Sealed) -> None:
    path = sealed.log / "records.jsonl"
    record = json.loads(sealed.lines()[0])
    record |= {"entity": "a\x1b[31mb", "seq": 10_000}
    with path.open("ab") as file:
        file.write(json.dumps(record).encode() + b"\n")
    shown = rolecall("log", "show", sealed.log)
    assert "\x1b" not in shown.text
    assert "\x1b" not in sealed.verify().text


# -- logs that are broken, hostile, or just being written ------------------------------------------


def test_a_line_that_is_being_written_is_a_note(sealed: Sealed) -> None:
    with (sealed.log / "records.jsonl").open("ab") as file:
        file.write(b'{"v":1')
    ended = sealed.verify()
    assert (ended.status, ended.text.splitlines()[0]) == (0, "valid")
    assert "note: the last line is not finished" in ended.stderr


BROKEN_LINES = {
    "no JSON": b"nonsense\n",
    "no zone": b'{"at":"2026-11-02T00:00:00"}\n',
    "not UTF-8": b'{"at":"\xff"}\n',
    "no instant": b'{"at":1}\n',
}


@pytest.mark.parametrize("name", BROKEN_LINES)
def test_a_broken_line_is_named_by_every_command(sealed: Sealed, name: str) -> None:
    number = len(sealed.lines()) + 1
    with (sealed.log / "records.jsonl").open("ab") as file:
        file.write(BROKEN_LINES[name])
    for command in ("show", "export"):
        ended = rolecall("log", command, sealed.log, *_output(command, sealed))
        assert ended.status == 3
        assert f"record {number}: not a record" in ended.stderr
        assert "Traceback" not in ended.stderr
    assert sealed.verify().text.startswith(f"invalid: record {number}: not a record")
    audited = audit(EXAMPLE, "--log", sealed.log, "--signing-key", sealed.secret)
    assert audited.status == 3
    assert f"records.jsonl:{number}: not a record" in audited.stderr


def _output(command: str, sealed: Sealed) -> list[object]:
    return ["--output", sealed.log.parent / "x.zip"] if command == "export" else []


def test_a_key_of_another_name_is_refused_before_the_audit(sealed: Sealed, tmp_path: Path) -> None:
    key = tmp_path / "other-key"
    rolecall("key", "new", "--name", "other", "--signing-key", key)
    lines = sealed.lines()
    ended = audit(EXAMPLE, "--log", sealed.log, "--signing-key", key)
    assert ended.status == 2
    assert "the log was sealed by diocese.example/audit" in ended.stderr
    assert sealed.lines() == lines


def test_a_file_of_keys_with_a_broken_one(shared: Sealed, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{shared.key}\nnonsense\n")
    ended = rolecall("verify", shared.log, "--key", tmp_path / "keys")
    assert ended.status == 2
    assert f"--key: {tmp_path / 'keys'}: not a verifier key" in ended.stderr
    (tmp_path / "keys").write_text("\n")
    assert "is empty" in rolecall("verify", shared.log, "--key", tmp_path / "keys").stderr


def test_a_name_that_no_checkpoint_has(sealed: Sealed) -> None:
    (sealed.log / "checkpoints" / "0000999999").touch()
    ended = sealed.verify()
    assert (ended.status, "no checkpoint has such a name" in ended.text) == (1, True)
    audited = audit(
        EXAMPLE, "--log", sealed.log, "--signing-key", sealed.secret, as_of="2027-02-02"
    )
    assert (audited.status, "no checkpoint has such a name" in audited.stderr) == (3, True)


def test_checkpoints_that_cannot_be_read(sealed: Sealed) -> None:
    size = max(int(path.name) for path in (sealed.log / "checkpoints").iterdir())
    path = sealed.log / "checkpoints" / str(size)
    path.write_bytes(path.read_bytes() + bytes(3 << 20))
    assert sealed.verify().status == 1
    path.unlink()
    path.mkdir()
    ended = sealed.verify()
    assert (ended.status, ended.text) == (2, "")
    assert "cannot read a checkpoint" in ended.stderr
