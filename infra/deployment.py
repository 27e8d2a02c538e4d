"""``make deploy``: answers are asked for, kept, and held against what is deployed; then it is done.

Nothing is built and nothing changed before all of it is known to be right: the values, the account,
the hour of the night, and what may not change of a stack that stands (:mod:`.deployment_guard`).
Where nobody sits at a terminal, the answers are those that are kept, and ``WITH`` changes them.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.account import Account, DeploymentError, status_of
from infra.answers import Answers, ask, keep, read
from infra.deployment_guard import NOTHING_YET, Deployed, refusals, would_change
from infra.emulator_gaps import fill_gaps
from infra.remains import left_under_this_name
from infra.schedule_check import objection
from infra.template import read_template

__all__ = ["ROOT", "SETTINGS", "deploy", "main", "region_of"]

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "samconfig.toml"
TOOLS = ROOT / ".local" / "tools"
BUILT = ROOT / ".local" / "sam-aws"
STACK = "rolecall"


def region_of(known: Answers | None) -> str:
    """Return the region to deploy to.

    :raises DeploymentError: nobody says which, or the environment says another one.
    """
    wanted = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""
    kept = known.region if known is not None else ""
    if kept and wanted and kept != wanted:
        raise DeploymentError(
            f"AWS_REGION is {wanted}, and {SETTINGS.name} says {kept}: a stack in another region "
            "is another stack. Take that region, or another environment of the file "
            "(ENVIRONMENT=...)"
        )
    if not (kept or wanted):
        raise DeploymentError("AWS_REGION is not set: it says where to deploy")
    return kept or wanted


def _offered(known: Answers | None, name: str, account: Account) -> tuple[Answers, Deployed | None]:
    """Return what is offered: what was answered, else what is deployed, else the template's."""
    stack = name or (known.stack if known is not None else STACK)
    deployed = account.stack(stack)
    if known is not None and known.stack == stack:
        return replace(known, region=account.region), deployed
    parameters = deployed.parameters if deployed is not None else {}
    return Answers(stack, account.region, "", parameters), deployed


def _complete(answers: Answers, template: Mapping[str, Any]) -> Answers:
    """Fill in what a later template asks more, and leave out what it asks no more."""
    given = {
        name: answers.parameters.get(name, str(parameter["Default"]))
        for name, parameter in template["Parameters"].items()
    }
    return replace(answers, parameters=given)


def _changed(answers: Answers, changes: str, template: Mapping[str, Any]) -> Answers:
    given = dict(answers.parameters)
    for one in shlex.split(changes):
        name, is_given, value = one.partition("=")
        if not is_given or name not in template["Parameters"]:
            raise DeploymentError(f"WITH has {one!r}: give parameters of the template, NAME=VALUE")
        given[name] = value
    return replace(answers, parameters=given)


def _check(
    answers: Answers,
    deployed: Deployed | None,
    template: Mapping[str, Any],
    account: Account,
    named: Sequence[str],
) -> None:
    unknown = set(named) - set(template["Parameters"])
    found = [f"CHANGE names {name}, which is no parameter" for name in sorted(unknown)]
    found += refusals(
        *(answers, deployed, template),
        account=account.number,
        is_aws=account.is_aws,
        named=named,
    )
    given = answers.parameters
    try:
        said = objection(given["Schedule"], given["ScheduleTimezone"], datetime.now(UTC).date())
    except ValueError as error:
        said = str(error)
    found += [] if said is None else [said]
    if deployed is None or deployed.status in NOTHING_YET:
        found += left_under_this_name(SETTINGS.parent, answers, account.number)
    if found:
        raise DeploymentError("\n  ".join(["refused, and nothing was changed:", *found]))


def deploy(environment: str, *, confirm: bool) -> None:
    """Build, and deploy with the answers that are kept."""
    sam = str(TOOLS / "sam" / "bin" / "sam")
    tools = {
        **os.environ,
        "UV": str(TOOLS / "uv" / "bin" / "uv"),
        "ROLECALL_PYTHON": sys.executable,
    }
    steps = (
        (sam, "build", "--build-dir", str(BUILT)),
        (
            *(sam, "deploy", "--template-file", str(BUILT / "template.yaml")),
            *("--config-file", str(SETTINGS), "--config-env", environment),
            *("--no-fail-on-empty-changeset", "--no-progressbar"),
            "--confirm-changeset" if confirm else "--no-confirm-changeset",
        ),
    )
    for step in steps:
        if subprocess.run(step, cwd=ROOT, env=tools, check=False).returncode:
            raise DeploymentError(f"sam {step[1]} failed: see above. The answers are kept")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Deploy to AWS (docs/deploy.md).")
    parser.add_argument("--environment", default="default", help="of samconfig.toml")
    parser.add_argument(
        "--stack", default="", help="the stack, where it is not the one that is kept"
    )
    parser.add_argument(
        "--with", dest="changes", default="", help="NAME=VALUE ..., as a shell has it"
    )
    parser.add_argument("--change", default="", help="parameters that are changed on purpose")
    return parser


def _answered(
    known: Answers | None, given: argparse.Namespace, template: Mapping[str, Any]
) -> tuple[Answers, Deployed | None, Account]:
    """Return the answers, whoever gave them, with the stack that stands and its account."""
    account = Account(region_of(known))
    offered, deployed = _offered(known, given.stack, account)
    is_asked = _is_asked(given)
    if known is None and deployed is None and not (is_asked or given.changes or given.stack):
        raise DeploymentError(
            "there are no answers: sit at a terminal, or give them (STACK=name "
            "WITH='NAME=VALUE ...'; docs/deploy.md has the parameters)"
        )
    answers = _changed(_complete(offered, template), given.changes, template)
    if is_asked:
        answers = ask(answers, template, input, print)
        if (answers.stack, answers.region) != (offered.stack, offered.region):
            account = Account(answers.region)
            deployed = account.stack(answers.stack)
    return answers, deployed, account


def _is_asked(given: argparse.Namespace) -> bool:
    return sys.stdin.isatty() and not given.changes


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


def _deploy(given: argparse.Namespace) -> None:
    template = read_template(ROOT / "template.yaml")
    known = read(SETTINGS, given.environment)
    answers, deployed, account = _answered(known, given, template)
    _check(answers, deployed, template, account, given.change.split())
    for one in would_change(answers, deployed):
        _say(f"  {one}")
    keep(SETTINGS, given.environment, replace(answers, account=account.number))
    _say(f"the answers are kept in {SETTINGS.name}")
    deploy(given.environment, confirm=_is_asked(given))
    if not account.is_aws and (made := account.stack(answers.stack)) is not None:
        fill_gaps(account.client, made.outputs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy; return how the program ends."""
    given = _parser().parse_args(arguments)
    return status_of(lambda: _deploy(given), "make deploy")


if __name__ == "__main__":
    sys.exit(main())
