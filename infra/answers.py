"""The answers of a deployment, in ``samconfig.toml`` of the root: asked once, kept, offered again.

The file is that of the SAM CLI, and what else somebody wrote into it stays. Which account the
answers are of stands beside them, in a table that is our own: the same answers in another account
would be another stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from infra.parameter_overrides import UnreadableAnswersError, overrides
from infra.template import fault_of

__all__ = ["Answers", "ask", "keep", "read"]

VERSION = 0.1


@dataclass(frozen=True)
class Answers:
    """What is deployed where.

    :ivar account: in which it was deployed before; empty where it never was.
    :ivar parameters: of the template, as text.
    """

    stack: str
    region: str
    account: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


def read(path: Path, environment: str) -> Answers | None:
    """Return the answers of an environment of ``samconfig.toml``; ``None`` where there are none.

    :raises UnreadableAnswersError: they are in no form that is read.
    """
    if not path.exists():
        return None
    try:
        whole: Mapping[str, Any] = tomlkit.parse(path.read_text(encoding="utf-8")).unwrap()
    except TOMLKitError as error:
        raise UnreadableAnswersError(f"{path.name}: no TOML: {error}") from error
    ours = whole.get(environment, {})
    # What holds for all commands of the SAM CLI holds for this one, unless it says otherwise.
    given = {**_of_command(ours, "global"), **_of_command(ours, "deploy")}
    if "stack_name" not in given:
        return None
    parameters: dict[str, str] = {}
    for command in ("global", "deploy"):
        parameters |= overrides(_of_command(ours, command).get("parameter_overrides", ""))
    account = _of_command(ours, "rolecall").get("account", "")
    return Answers(given["stack_name"], given.get("region", ""), account, parameters)


def _of_command(environment: Mapping[str, Any], command: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = environment.get(command, {}).get("parameters", {})
    return found


def keep(path: Path, environment: str, answers: Answers) -> None:
    """Write the answers of an environment; whatever else the file has, stays."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = tomlkit.parse(text)
    whole.setdefault("version", VERSION)
    deploy = _table(whole, environment, "deploy", "parameters")
    deploy["stack_name"] = answers.stack
    deploy["region"] = answers.region
    deploy["capabilities"] = "CAPABILITY_IAM"
    if "s3_bucket" not in deploy:
        deploy["resolve_s3"] = True
    deploy["parameter_overrides"] = " ".join(
        f'{name}="{_escaped(value)}"' for name, value in answers.parameters.items()
    )
    _table(whole, environment, "rolecall", "parameters")["account"] = answers.account
    path.write_text(tomlkit.dumps(whole), encoding="utf-8")


def _escaped(value: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", value)


def _table(whole: Any, *names: str) -> Any:
    for name in names[:-1]:
        whole = whole.setdefault(name, tomlkit.table(is_super_table=True))
    return whole.setdefault(names[-1], tomlkit.table())


def ask(
    answers: Answers,
    template: Mapping[str, Any],
    question: Callable[[str], str],
    say: Callable[[str], None],
) -> Answers:
    """Ask for the stack, the region and each parameter; an empty answer keeps what is shown.

    :param question: shows a text and returns what was answered.
    """
    stack = question(f"Stack [{answers.stack}]: ").strip() or answers.stack
    region = question(f"Region [{answers.region}]: ").strip() or answers.region
    given = dict(answers.parameters)
    known = template["Parameters"]
    for group in template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]:
        say(f"\n{group['Label']['default']}")
        for name in group["Parameters"]:
            if name != "Local":
                say(f"  {known[name]['Description']}")
                given[name] = _answer(name, known[name], given[name], question, say)
    return replace(answers, stack=stack, region=region, parameters=given)


def _answer(
    name: str,
    parameter: Mapping[str, Any],
    before: str,
    question: Callable[[str], str],
    say: Callable[[str], None],
) -> str:
    while True:
        # Nothing keeps what is offered; a blank takes it away.
        value = question(f"  {name} [{before}]: ")
        value = value.strip() if value else before
        fault = fault_of(parameter, value)
        if fault is None:
            return value
        say(f"  {name} is {fault}")
