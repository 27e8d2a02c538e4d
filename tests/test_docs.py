"""Generated pages are fresh, and the README's commands and its picture are true."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.registry.schema import REQUIRED_TABLES
from tests.functional.command import EXAMPLE, process, rolecall
from tests.tiers import CASES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_generated_pages_are_fresh() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for name, text in generate.pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, "run: make docs"


def test_every_block_is_in_a_language_that_is_coloured() -> None:
    """What builds the site takes another for a mistake."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    texts = "".join(page.read_text(encoding="utf-8") for page in pages)
    found = set(re.findall(r"^```([a-z]\S*)$", texts, re.MULTILINE))
    assert {"console", "sh"} <= found
    for language in found:
        importlib.import_module("pygments.lexers").get_lexer_by_name(language)


def test_readme_commands_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLE.parent, tmp_path / "examples")
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("rolecall ")]
    assert len(commands) >= 8
    assert {line.split("#")[0].strip() for line in lines} - set(commands) == {
        "make demo",
        "make test",
        "cp log/checkpoints/149 kept-checkpoint",
        'echo \'{"username": "diocese", "password": "only-for-this-example"}\' > secret.json',
    }
    follow([line for line in lines if not line.startswith("make ")], tmp_path)


@pytest.mark.parametrize("name", ["ledger", "vault", "reports", "pipelines", "start"])
def test_the_commands_of_a_page_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    shutil.copytree(EXAMPLE.parent, tmp_path / "examples")
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) >= {"pipelines": 6, "start": 5}.get(name, 8)
    follow(commands, tmp_path)
    if name == "vault":
        shown = json.loads((tmp_path / "shown.json").read_text(encoding="utf-8"))
        assert set(shown) == {"username", "password"}


def follow(commands: list[str], directory: Path) -> None:
    """Run commands of a page, one after the other, in a directory that is the current one."""
    for command in commands:
        # What needs no shell runs in this process, which has everything loaded.
        if command.startswith("rolecall ") and not set(command) & set("|<>$&;`\\"):
            ended = rolecall(*shlex.split(command, comments=True)[1:])
            assert ended.status == 0, (command, ended)
        else:
            run([command], directory)


def run(commands: list[str], directory: Path) -> None:
    """Run commands as a person would, one after the other."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for command in commands:
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=directory,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)


def test_the_first_hour_is_true(tmp_path: Path) -> None:
    """Its blocks run one after the other, and what it shows of them is what they print."""
    page = (ROOT / "docs" / "first-hour.md").read_text(encoding="utf-8")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    printed: list[str] = []
    for kind, block in re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        if kind == "text":
            assert set(block.splitlines()) <= set(printed), block
            continue
        command, _, shown = block.removeprefix("$ ").partition("\n")
        done = subprocess.run(
            ["bash", "-euc", block if kind == "sh" else command],
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "XDG_CONFIG_HOME": str(tmp_path / "configuration")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) == (kind == "sh"), (block, done.stdout)
        printed = done.stdout.splitlines()
        if kind == "console":
            assert done.stdout == shown
    assert (tmp_path / "report.html").is_file()


def test_readme_shows_what_the_demo_prints(tmp_path: Path) -> None:
    options = ("--as-of", "2026-11-02", "--log", tmp_path / "log")
    printed = process("audit", EXAMPLE, *options).stdout.decode().splitlines()
    picture = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert picture is not None
    for line in picture[1].splitlines():
        assert line.strip() == "..." or line in printed, line


def test_readme_options_are_those_of_the_program() -> None:
    shown = process("audit", "--help").stdout.decode()
    assert set(re.findall(r"^\| `(--[a-z-]+)", README, re.MULTILINE)) == set(
        re.findall(r"(?m)^\s*(--[a-z-]+)", shown)
    ) - {"--help"}


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/adr/0*.md")), ids=lambda p: p.stem)
def test_decisions_are_indexed(page: Path) -> None:
    assert f"({page.name})" in (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")


_COUNTED = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_NUMBERED = [
    "-",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
WORDS = {word: number for words in (_COUNTED, _NUMBERED) for number, word in enumerate(words)}


def counted(kind: str) -> int:
    """Return how many resources of a kind the template has."""
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    return len(re.findall(rf"^    Type: {kind}$", template, re.MULTILINE))


TABLES, FUNCTIONS = counted("AWS::DynamoDB::Table"), counted("AWS::Serverless::Function")
# Where, after what and before what a number stands that somebody typed, and what it is.
TYPED = [
    ("README.md", r"\[(\w+) controls\]\(docs/controls", len(catalogue())),
    ("README.md", r"Only (\w+) tables are required", len(REQUIRED_TABLES)),
    ("docs/deploy.md", r"and a (\w+) serve the \[API\]", FUNCTIONS),
    ("docs/deploy.md", r"and a (\w+), for a day, answers", TABLES),
    # The table of answers is for a day, and may go.
    ("docs/deploy.md", r"; (\w+) tables hold the", TABLES - 1),
    ("docs/deploy.md", r"\| the (\w+) tables, the user pool", TABLES - 1),
    ("docs/deploy.md", r"\| the (\w+) keys \|", counted("AWS::KMS::Key")),
    ("docs/upgrade.md", r"read and write all (\w+) tables", TABLES),
    ("docs/template-checks.md", r"CKV_AWS_1(?:16|17|73), [^|]* \| all (\w+) ", FUNCTIONS),
    ("docs/template-checks.md", r"log groups \| all (\w+) ", counted("AWS::Logs::LogGroup")),
]


@pytest.mark.parametrize(("page", "where", "number"), TYPED, ids=lambda value: str(value)[:40])
def test_numbers_that_somebody_typed_are_right(page: str, where: str, number: int) -> None:
    """A count in a sentence is no measurement: what it counts is there to be counted."""
    found = re.findall(where, (ROOT / page).read_text(encoding="utf-8"))
    assert found, "the sentence is another one by now"
    assert {int(one) if one.isdigit() else WORDS[one] for one in found} == {number}


def test_no_page_counts_the_controls_otherwise() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for number in re.findall(r"(\d+) controls", page.read_text(encoding="utf-8")):
            assert int(number) == len(catalogue()), page.name


@pytest.mark.parametrize("what", CASES)
def test_the_table_of_tests_has_the_numbers_of_the_tiers(what: str) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [row.split("|") for row in page.splitlines() if row.startswith("|")]
    found = [row[4:7] for row in rows if re.search(rf"\b{re.escape(what)}\b", row[3])]
    assert found == [[f" {number:,} " for number in CASES[what]]]
