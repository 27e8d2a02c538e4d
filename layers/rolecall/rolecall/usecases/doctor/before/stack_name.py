"""A name that some resource of a stack cannot have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["stack_name"]


_RESERVED = ("aws", "amazon", "cognito")
_MOST = 63
_ACCOUNT = 13
"""A hyphen and the number of the account."""
_MACHINE = 80 - len("-nightly")


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.given)


@doctor_check(
    title="The name of the stack fits into the names that are made of it",
    why=(
        "The page of sign-in, the state machine and the groups of logs have the name of the "
        "stack in theirs; where it does not fit, the deployment fails halfway."
    ),
    remedy="Answer with another name, or with a LoginDomain of your own.",
    asks=(),
    subjects=_asked,
)
def stack_name(_: str, found: DeploymentAnswers, state: DeploymentState) -> Iterator[Complaint]:
    """Look at the names that are made of the stack's."""
    domain = found.get("LoginDomain") or state.name
    room = _MOST if found.get("LoginDomain") else _MOST - _ACCOUNT
    what = "LoginDomain" if found.get("LoginDomain") else "The name of the stack"
    if not re.fullmatch("[A-Za-z][A-Za-z0-9-]*", state.name) or len(state.name) > _MACHINE:
        yield Complaint(
            "critical",
            f"{state.name} cannot be the name of a stack: a letter, then letters, digits and "
            f"hyphens, "
            f"{_MACHINE} at most.",
        )
    if not re.fullmatch("[a-z0-9]([a-z0-9-]*[a-z0-9])?", domain):
        yield Complaint("critical", f"{what} has more than small letters, digits and hyphens.")
    if len(domain) > room:
        yield Complaint(
            "critical", f"{what} is longer than {room}, and the page of sign-in has it."
        )
    for word in _RESERVED:
        if word in domain:
            yield Complaint("critical", f"{what} has {word} in it, which Cognito refuses.")
