"""The first minutes: the demo, help, colours, and what is said of what is missing."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from rolecall import __version__
from rolecall.cli import requirements, starting
from rolecall.cli.requirements import needs_aws, needs_reports
from rolecall.cli.terminal import shows_colour
from rolecall.errors import UsageError
from rolecall.reports import formats
from rolecall.reports.formats import FORMATS
from tests.functional.command import EXAMPLE, process, rolecall

# -- the demo --------------------------------------------------------------------------------------


def test_the_demo_audits_and_proves(tmp_path: Path) -> None:
    ended = rolecall("demo", tmp_path / "demo")
    assert ended.status == 0, ended.stderr
    # As many as the README shows, which another test holds to the example.
    readme = (EXAMPLE.parents[1] / "README.md").read_text(encoding="utf-8")
    [shown_there] = re.findall(r"^\d+ findings stand$", readme, re.MULTILINE)
    assert shown_there in ended.text
    assert "9 are what is made of the records then, byte for byte" in ended.text
    written = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {"diocese", "log", "signing-key", "verifier-key", "proof.zip", "report.pdf"} <= written
    # What it shows are commands that do the same again.
    shown = [line.split()[2:] for line in ended.text.splitlines() if line.startswith("$ ")]
    assert [words[0] for words in shown] == ["key", "audit", "verify"]
    assert rolecall(*shown[2]).status == 0
    for name in os.listdir(EXAMPLE):  # noqa: PTH208
        assert (tmp_path / "demo/diocese" / name).read_bytes() == (EXAMPLE / name).read_bytes()


def test_the_demo_touches_nothing_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    (tmp_path / "new").mkdir()
    assert rolecall("demo", tmp_path / "new").status == 0
    for taken in (tmp_path, tmp_path / "mine"):
        ended = rolecall("demo", taken)
        assert (ended.status, "exists already" in ended.stderr) == (2, True)
    ended = rolecall("demo", tmp_path / "mine" / "below")
    assert (ended.status, "cannot write" in ended.stderr) == (3, True)


def test_a_demo_without_its_example_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "__file__", str(tmp_path / "a/b/c/d/starting.py"))
    ended = rolecall("demo", tmp_path / "demo")
    assert (ended.status, "the example is not there" in ended.stderr) == (3, True)


# -- help, version, completion ---------------------------------------------------------------------


def test_it_runs_as_a_module() -> None:
    for words in (["--version"], ["-h"], ["audit", "-h"]):
        done = subprocess.run(
            [sys.executable, "-m", "rolecall", *words], capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith(f"rolecall {__version__}" if words == ["--version"] else "Us")
        assert "__main__" not in done.stdout


@pytest.mark.parametrize("words", [[], ["audit"], ["log", "show"], ["vault", "put"], ["controls"]])
def test_h_is_help_everywhere(words: list[str]) -> None:
    short, long = rolecall(*words, "-h"), rolecall(*words, "--help")
    assert short.status == 0
    assert short.text.startswith(f"Usage: {' '.join(['rolecall', *words])} ")
    assert short == long


@pytest.mark.parametrize(("shell", "command"), [("bash", "complete"), ("zsh", "compdef")])
def test_completion(shell: str, command: str) -> None:
    instruction = {"_ROLECALL_COMPLETE": f"source_{shell}"}
    script = process(env={**os.environ, **instruction}).stdout.decode()
    assert command in script
    asked = {"bash": {"COMP_WORDS": "rolecall va", "COMP_CWORD": "1"}}
    asked["zsh"] = {"_TYPER_COMPLETE_ARGS": "rolecall va"}
    instruction = {"_ROLECALL_COMPLETE": f"complete_{shell}", **asked[shell]}
    answer = process(env={**os.environ, **instruction}).stdout.decode()
    assert set(re.findall(r"\bvalidate|\bvault", answer)) == {"validate", "vault"}
    assert "audit" not in answer


# -- colours and signs -----------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A stream that is a terminal, or is none."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(
    ("is_terminal", "environment", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (True, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_when_there_are_colours(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, environment: dict[str, str], expected: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert shows_colour(Terminal(is_terminal)) is expected


def test_an_old_console_shows_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("rich.console.detect_legacy_windows", lambda: True)
    assert not shows_colour(Terminal(True))


def test_colours_are_for_standard_output_and_never_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert b"\x1b[1m" in rolecall("audit", EXAMPLE).stdout
    rolecall("audit", EXAMPLE, "--output", tmp_path / "findings.txt")
    assert b"\x1b" not in (tmp_path / "findings.txt").read_bytes()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_no_sign_is_too_much_for_a_stream(tmp_path: Path, encoding: str) -> None:
    name = f"Łódź-{tmp_path.name}"
    ended = process(
        *("init", tmp_path / name),
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / name / "people.csv").exists()
    # To a stream of ASCII click writes UTF-8 all the same: it is how a locale is unset.
    shown = ended.stdout.decode("cp1252" if encoding == "cp1252" else "utf-8")
    assert "\\u0141" in shown if encoding == "cp1252" else "Łódź" in shown


# -- what is missing -------------------------------------------------------------------------------


def without(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """Let modules be missing."""
    real = find_spec

    def found(name: str, package: str | None = None) -> Any:
        return None if name in modules else real(name, package)

    monkeypatch.setattr(requirements, "find_spec", found)
    monkeypatch.setattr(formats, "find_spec", found)


class Metadata:
    """What Rolecall's own metadata says of where it came from."""

    def __init__(self, origin: dict[str, Any] | None) -> None:
        self.requires = requires("rolecall")
        self._origin = origin

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return None if self._origin is None else json.dumps(self._origin)


@pytest.mark.parametrize(
    ("receipt", "tool"),
    [
        ("uv-receipt.toml", "uv tool install "),
        ("pipx_metadata.json", "pipx install --force "),
        ("pyvenv.cfg", f'"{sys.executable}" -m pip install '),
    ],
)
@pytest.mark.parametrize("kind", ["checkout", "wheel", "repository"])
def test_what_is_missing_is_brought_by_what_brought_rolecall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receipt: str, tool: str, kind: str
) -> None:
    (tmp_path / receipt).touch()
    wheel = tmp_path / "rolecall.whl"
    wheel.touch()
    origin, source = {
        "checkout": ({"url": tmp_path.as_uri(), "dir_info": {}}, f"{tmp_path}[aws]"),
        "wheel": ({"url": wheel.as_uri(), "archive_info": {}}, f"rolecall[aws] @ {wheel.as_uri()}"),
        "repository": (
            {"url": "https://git.example/r", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "rolecall[aws] @ git+https://git.example/r@abc",
        ),
    }[kind]
    monkeypatch.setattr(requirements, "distribution", lambda _: Metadata(origin))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    without(monkeypatch, "boto3")
    with pytest.raises(UsageError) as caught:
        needs_aws()
    assert str(caught.value) == (
        f'--stack needs boto3, which is not installed; this brings it: {tool}"{source}"'
    )


@pytest.mark.parametrize("origin", [None, {"url": "file:///gone/since", "dir_info": {}}])
def test_where_the_source_is_gone_the_libraries_are_named(
    monkeypatch: pytest.MonkeyPatch, origin: dict[str, Any] | None
) -> None:
    monkeypatch.setattr(requirements, "distribution", lambda _: Metadata(origin))
    without(monkeypatch, "boto3", "aws_lambda_powertools", "typst")
    with pytest.raises(UsageError) as caught:
        needs_aws()
    [boto] = [one.split(";")[0] for one in requires("rolecall") or [] if one.startswith("boto3")]
    assert str(caught.value).endswith(f'-m pip install "aws-lambda-powertools[tracer]>=3" "{boto}"')
    with pytest.raises(UsageError, match=r'typst, which is not .* "typst>=0.13"$'):
        needs_reports(["report.pdf", "report.md"])
    without(monkeypatch, "boto3", "pip")
    with pytest.raises(UsageError, match=r'uv pip install --python "'):
        needs_aws()

    def unknown(_: str) -> Metadata:
        raise PackageNotFoundError("rolecall")

    monkeypatch.setattr(requirements, "distribution", unknown)
    with pytest.raises(UsageError, match=r' "boto3"$'):
        needs_aws()


def test_the_names_that_are_asked_for_are_those_of_the_libraries() -> None:
    names = packages_distributions()
    needed = {module: module for one in FORMATS.values() for module in one.needs}
    for module, name in (requirements._AWS | needed | requirements._DISTRIBUTIONS).items():
        assert name.lower().replace("_", "-") in {
            one.lower().replace("_", "-") for one in names[module]
        }


@pytest.mark.parametrize(
    "words",
    [
        ["audit", EXAMPLE, "--log", "log", "--report", "made"],
        ["report", EXAMPLE, "--format", "pdf", "--output", "made"],
        ["report", EXAMPLE, "--format", "all", "--output", "made"],
        ["demo", "made"],
    ],
)
def test_nothing_is_begun_that_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    without(monkeypatch, "typst")
    ended = rolecall(*words)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "typst, which is not installed; this brings it: " in ended.stderr
    assert list(tmp_path.iterdir()) == []
    assert rolecall("report", EXAMPLE, "--format", "html", "--output", "made").status == 0


@pytest.mark.parametrize(
    "words",
    [
        ["import", EXAMPLE, "--stack", "s"],
        ["export", "made", "--stack", "s"],
        ["run", "--stack", "s"],
        ["runs", "--stack", "s"],
        ["report", "--stack", "s"],
        ["log", "show", "--stack", "s"],
        ["log", "export", "--stack", "s"],
        ["login", "--stack", "s", "--email", "a@example.org", "--stdin"],
        ["vault", "put", "s", "acc-001", "--as", "p-001", "--stdin"],
        ["vault", "rotate", "s", "acc-001", "--as", "p-001", "--stdin"],
        ["vault", "rewrap", "s"],
    ],
)
def test_no_secret_is_asked_for_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    # Whoever reads it fails.
    monkeypatch.setattr("sys.stdin", None)
    without(monkeypatch, "boto3")
    ended = rolecall(*words)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "needs boto3, which is not installed; this brings it: " in ended.stderr
    assert list(tmp_path.iterdir()) == []
