"""What the pages tell people to type is there: commands, their options, targets of make."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from rolecall.cli.app import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# What a page shows of formats and of what is printed begins with the name as well.
NO_COMMANDS = ("rolecall vault 1", "rolecall wrap 1", "rolecall password 1")


def typed(text: str, word: str) -> Iterator[str]:
    """Yield the commands of a page that begin with a word: lines of blocks, and code in prose."""
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.S | re.M)
    blocks = re.findall(r"^ *```(?:sh|shell|bash|console)?\n(.*?)^ *```", text, re.M | re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    for one in [*lines, *re.findall(r"`([^`]+)`", prose)]:
        command = " ".join(one.split()).removeprefix("$ ")
        if command.startswith(f"{word} ") and not command.startswith(NO_COMMANDS):
            yield command


def unknown(command: str) -> str | None:
    """Return the first word of a command of ours that the program does not have."""
    words = shlex.split(command.replace("...", ""), comments=True)[1:]
    here: Any = typer.main.get_command(app)
    while words and words[0] in getattr(here, "commands", {}):
        here = here.commands[words.pop(0)]
    if hasattr(here, "commands") and words and not words[0].startswith("-"):
        return words[0]
    known = {name for one in here.params for name in (*one.opts, *one.secondary_opts)}
    for word in words:
        if word in ("|", "||", "&&", ">", ";"):
            break
        if word.startswith("-") and word != "-" and word not in known | {"-h", "--help"}:
            return word
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_and_options_are_those_of_the_program(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert {one: unknown(one) for one in typed(text, "rolecall") if unknown(one)} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_targets_and_variables_are_those_of_the_makefile(page: Path) -> None:
    for command in typed(page.read_text(encoding="utf-8"), "make"):
        for word in shlex.split(command, comments=True)[1:]:
            name, is_given, _ = word.partition("=")
            if is_given:
                # Port and tier are read by what is made.
                assert name.startswith("ROLECALL_") or re.search(rf"\b{name}\b", MAKEFILE), command
            elif re.fullmatch(r"[a-z][a-z-]*", name):
                assert re.search(rf"^{name}:", MAKEFILE, re.M), command


def test_a_command_that_is_not_there_is_noticed() -> None:
    page = "`rolecall runn --stack s`\n```sh\nrolecall run --await\nrolecall users add p-1\n```\n"
    assert [unknown(one) for one in typed(page, "rolecall")] == ["--await", None, "runn"]
