"""A region that was not chosen, or of another partition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, both, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["region_named"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[tuple[str, DeploymentAnswers]]]:
    return only(both(state.caller, state.answers))


@doctor_check(
    title="The region is named, and one that the template is for",
    why=(
        "What is sealed and locked in a region stays there; the template was not tried in the "
        "partitions of China and of the government."
    ),
    remedy="Set AWS_REGION, and answer with the same region.",
    asks=("sts:GetCallerIdentity",),
    subjects=_asked,
)
def region_named(
    _: str, found: tuple[str, DeploymentAnswers], state: DeploymentState
) -> Iterator[Complaint]:
    """Look at the region and the partition."""
    caller, answers = found
    partition = caller.split(":")[1] if caller.count(":") > 1 else ""
    if partition != "aws":
        yield Complaint(
            "warning",
            f"The credentials are of the partition {partition}, in which the template was "
            "never tried.",
            "Deploy in a region of the partition aws, or try it with "
            "CheckpointRetentionDays=1 first.",
        )
    if answers.region and answers.region != state.region:
        yield Complaint(
            "warning", f"The answers are for {answers.region}, and AWS is asked in {state.region}."
        )
