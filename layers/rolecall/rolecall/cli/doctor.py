"""``rolecall doctor``: what a deployed stack ails from, or what a deployment would."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from rolecall.bounded_reading import content_of
from rolecall.cli.arguments import TextFormat
from rolecall.cli.clock import now
from rolecall.cli.output import write
from rolecall.cli.requirements import needs_aws
from rolecall.errors import UsageError
from rolecall.limits import MOST_TOML
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, Unanswered
from rolecall.usecases.doctor.catalogue import BEFORE, STACK_GROUPS, doctor_checks
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers, read_answers
from rolecall.usecases.doctor.examination import Diagnosis, Examination, Unchecked, examine

__all__ = ["doctor"]

_WIDTH = 80
_INDENT = " " * 10
_DEFAULT = "rolecall"
_ANSWERS = Path("samconfig.toml")


def doctor(
    stack: Annotated[
        str | None,
        typer.Option(
            "--stack",
            help="The name of the stack; with --before by default the one that was answered.",
            envvar="ROLECALL_STACK",
        ),
    ] = None,
    before: Annotated[
        bool, typer.Option("--before", help="Look at the account and the answers, not at a stack.")
    ] = False,
    answers: Annotated[
        Path, typer.Option(help="With --before: where the answers of make deploy are.")
    ] = _ANSWERS,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="Sentences, or one JSON document.")
    ] = TextFormat.text,
) -> None:
    """Say what is wrong with a deployed stack, or will be, and what to do. Changes nothing.

    Exit status: 0 nothing; 1 something is wrong, or will be; 4 nothing is, but not all could be
    checked; 2 there is no such stack; 3 AWS could not be reached.
    """
    if before:
        found, about = _before(stack, answers)
    elif stack is None:
        raise UsageError("name a stack (--stack), or look before there is one (--before)")
    else:
        found, about = _deployed(stack)
    if format_ is TextFormat.json:
        write([_as_json(found, about)], None)
    else:
        write((f"{line}\n".encode() for line in _sentences(found, about)), None)
    if found.is_wrong or found.unchecked:
        raise typer.Exit(1 if found.is_wrong else 4)


def _deployed(stack: str) -> tuple[Examination, dict[str, Any]]:
    needs_aws("rolecall doctor")
    from rolecall.aws.doctor.stack_survey import survey_stack

    state = survey_stack(stack, now)
    emulated = state.emulated and state.stack.is_local
    found = examine(doctor_checks(STACK_GROUPS).values(), state, emulated=emulated)
    about = {"stack": stack, "region": state.region, "release": state.stack.release}
    return found, {**about, "at": state.now}


def _before(stack: str | None, path: Path) -> tuple[Examination, dict[str, Any]]:
    needs_aws("rolecall doctor")
    from rolecall.aws.doctor.deployment_survey import survey_deployment
    from rolecall.aws.doctor.stack_survey import is_emulated

    given: Answer[DeploymentAnswers] = Unanswered(f"there is no {path} yet")
    if path.is_file():
        given = read_answers(content_of(path, MOST_TOML), str(path))
    answered = "" if isinstance(given, Unanswered) else given.stack
    if not isinstance(given, Unanswered) and given.region:
        # That is where make deploy goes, whatever the environment says.
        os.environ.setdefault("AWS_REGION", given.region)
    state = survey_deployment(stack or answered or _DEFAULT, given, now)
    found = examine(doctor_checks(BEFORE).values(), state, emulated=is_emulated())
    return found, {"stack": state.name, "region": state.region, "at": state.now}


def _sentences(found: Examination, about: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong, the worst first, then what was not checked, at most 80 columns wide."""
    yield f"{about['stack']} in {about['region']}: {_summary(found)}"
    # What one check says in a row, and what mends it at once, is told together.
    for (gravity, check, remedy), told in groupby(found.diagnoses, _alike):
        yield ""
        yield f"{gravity:<10}{check}"
        for one in told:
            yield from _wrapped(one.what, _INDENT, _INDENT)
        yield from _wrapped(f"-> {remedy}", _INDENT, f"{_INDENT}   ")
    if found.unchecked:
        yield ""
        yield "not checked"
        for why, names in _by_reason(found.unchecked).items():
            yield from _wrapped(f"{why}: {', '.join(names)}", "  ", "    ")


def _summary(found: Examination) -> str:
    parts = [
        f"{found.count('critical')} critical",
        counted(found.count("warning"), "warning"),
        counted(found.count("note"), "note"),
    ]
    return f"{', '.join(parts)}; {found.made} checked, {len(found.unchecked)} not"


def _alike(one: Diagnosis) -> tuple[str, str, str]:
    return one.gravity, one.check, one.remedy


def _by_reason(unchecked: tuple[Unchecked, ...]) -> dict[str, list[str]]:
    """Return the checks that could not be made, by why; each once, with its subjects."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for one in unchecked:
        subjects = reasons.setdefault(one.why, {}).setdefault(one.check, [])
        subjects += [one.subject] if one.subject else []
    return {
        why: [_named(check, subjects) for check, subjects in checks.items()]
        for why, checks in reasons.items()
    }


def _named(check: str, subjects: list[str]) -> str:
    return f"{check} ({', '.join(subjects)})" if subjects else check


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        printable(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _as_json(found: Examination, about: dict[str, Any]) -> bytes:
    import msgspec

    document = {
        **about,
        "wrong": found.is_wrong,
        "checked": found.made,
        "diagnoses": found.diagnoses,
        "not_checked": found.unchecked,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
