"""Where output goes: standard output or a file, problems on standard error.

Standard output carries the report and nothing else, so that it can be piped.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO

from rolecall.cli.progress import Spinner, ended
from rolecall.durable import whole
from rolecall.errors import (
    AuditError,
    InputError,
    PolicyError,
    Problem,
    RegistryError,
    UsageError,
)
from rolecall.printable import printable
from rolecall.reports.told_problems import told_problem
from rolecall.texts import texts_of
from rolecall.vocabulary import Language

__all__ = [
    "ask_to_proceed",
    "confirmed",
    "doubt",
    "problems_as_json",
    "replace",
    "say",
    "show_problems",
    "show_refusal",
    "write",
]


def say(message: str) -> None:
    """Print a line for the person at the terminal, on standard error."""
    # Each line on its own: a message may have several, and none may steer the terminal.
    for line in message.splitlines():
        sys.stderr.write(f"{printable(line)}\n")


def doubt(unknown: int, language: Language) -> None:
    """Warn where the log holds records that nobody here knows: some formats cannot say it.

    :param unknown: how many.
    """
    if unknown:
        from rolecall.reports.words import incomplete

        texts = texts_of(language)
        say(f"{texts.words('validation')['warning']}: {incomplete(texts, unknown)}")


def show_problems(
    kind: str, problems: Sequence[Problem], count: int, language: Language = "en"
) -> None:
    """Print problems as ``file:row:column: what is wrong (value)``, and their exact count.

    :param kind: ``error`` or ``warning``.
    """
    if not count:
        return
    texts = texts_of(language)
    words = texts.words("validation")
    for problem in problems:
        say(f"{words[kind]}: {told_problem(texts, problem)}")
    if count > len(problems):
        say(texts.filled(words["more"], more=count - len(problems), count=count))


def show_refusal(error: InputError) -> None:
    """Print what is wrong with an input, and with each of its rows that it was refused for."""
    if isinstance(error, RegistryError | PolicyError):
        show_problems("error", error.problems, error.count, error.language)
        texts = texts_of(error.language)
        key = "registry_errors" if isinstance(error, RegistryError) else "policy_errors"
        say(texts.filled(texts.words("validation")[key], count=error.count))
    else:
        say(f"error: {error}")


def problems_as_json(
    problems: Sequence[Problem],
    count: int,
    warnings: Sequence[Problem],
    warning_count: int,
    language: Language = "en",
) -> bytes:
    """Return problems as data, their messages in a language."""
    texts = texts_of(language)
    document = {
        "valid": not count,
        "error_count": count,
        "errors": [_as_dict(told_problem(texts, problem)) for problem in problems],
        "warning_count": warning_count,
        "warnings": [_as_dict(told_problem(texts, problem)) for problem in warnings],
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _as_dict(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in problem.__struct_fields__}


def write(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write a report to a file, whole or not at all, or to standard output.

    :raises AuditError: it cannot be written.
    """
    ended(Spinner.running)
    try:
        if output is None:
            _copy(pieces, sys.stdout.buffer)
        else:
            _replace(output, lambda file: _copy(pieces, file))
    except OSError as error:
        # Windows calls a pipe that nobody reads an invalid argument.
        if isinstance(error, BrokenPipeError) or (output is None and error.errno == errno.EINVAL):
            # Whoever read our output has seen enough (``| head``): that is not an error. Standard
            # output is pointed elsewhere, as the interpreter would flush it once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        where = output or "standard output"
        raise AuditError(f"{where}: cannot write the report: {error.strerror}") from error


def replace(output: Path, fill: Callable[[IO[bytes]], None]) -> None:
    """Write a file, whole or not at all.

    :param fill: writes into it.
    :raises AuditError: it cannot be written.
    """
    try:
        _replace(output, fill)
    except OSError as error:
        raise AuditError(f"{output}: cannot write: {error.strerror}") from error


def _replace(output: Path, fill: Callable[[IO[bytes]], None]) -> None:
    if output.exists() and not output.is_file():
        # A device or a pipe is written to as it is; a directory refuses.
        with output.open("wb") as file:
            fill(file)
        return
    # The owner alone may read it, which suits what is in a report; it can be made again.
    with whole(output, lasting=False) as file:
        fill(file)


def _copy(pieces: Iterable[bytes], file: IO[bytes]) -> None:
    buffered: list[bytes] = []
    for piece in pieces:
        buffered.append(piece)
        if len(buffered) >= 1_000:
            file.write(b"".join(buffered))
            buffered.clear()
    file.write(b"".join(buffered))
    file.flush()


def ask_to_proceed(question: str, *, yes: bool) -> None:
    """Ask before something is changed, and end with status 2 where the answer is no.

    :param yes: the answer was given with the command.
    :raises UsageError: nobody is there.
    """
    import typer

    if not yes and not confirmed(question):
        typer.echo("nothing was changed")
        raise typer.Exit(2)


def confirmed(question: str) -> bool:
    """Ask a yes or no question of the person at the terminal.

    :raises UsageError: nobody is there.
    """
    if not sys.stdin.isatty():
        raise UsageError("this needs an answer; --yes gives it where nobody is there to ask")
    import typer

    return typer.confirm(question, default=False, err=True)
