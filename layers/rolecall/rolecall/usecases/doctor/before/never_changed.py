"""An answer that would change what never changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, both, only
from rolecall.usecases.doctor.check import Complaint, Gravity, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState
from rolecall.usecases.doctor.stack_state import DeployedStack

__all__ = ["never_changed"]


_NAMES = ("LogName", "Organisation", "SigningKeyArn", "LoginDomain")
_DAYS = {"CheckpointRetentionDays": 3_650, "ReportRetentionDays": 2_555}


def _asked(
    state: DeploymentState,
) -> Mapping[str, Answer[tuple[DeployedStack | None, DeploymentAnswers]]]:
    return only(both(state.deployed, state.answers))


@doctor_check(
    title="What must never change stays as it is deployed",
    why=(
        "Under another organisation no secret opens, under another name verifiers no longer "
        "fit, and a shorter lock breaks what was promised."
    ),
    remedy="Answer as before: the parameters of the stack are in CloudFormation.",
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def never_changed(
    name: str, found: tuple[DeployedStack | None, DeploymentAnswers], __: DeploymentState
) -> Iterator[Complaint]:
    """Hold the answers against the deployed stack."""
    deployed, answers = found
    if deployed is None:
        return
    for name in _NAMES:
        was, will = deployed.parameter(name, ""), answers.get(name)
        if was != will:
            gravity: Gravity = "warning" if name == "SigningKeyArn" else "critical"
            yield Complaint(gravity, f"{name} is {was or 'empty'}, and would be {will or 'empty'}.")
    for name, default in _DAYS.items():
        before, after = deployed.number(name, default), answers.number(name, default)
        if after < before:
            yield Complaint(
                "critical", f"{name} is {before:,}, and what is written from now on gets {after:,}."
            )
