"""A region that makes no keys of the kind that signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["signing_spec"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[bool]]:
    return only(state.spec)


@doctor_check(
    title="The region makes keys of Ed25519",
    why=(
        "Checkpoints are Ed25519 signatures; where KMS makes no such keys the deployment "
        "fails at the signing key."
    ),
    remedy="Take another region.",
    asks=("kms:ListAliases", "kms:DescribeKey"),
    subjects=_asked,
)
def signing_spec(_: str, found: bool, state: DeploymentState) -> Iterator[Complaint]:
    """Look whether the region makes such keys."""
    if not found:
        yield Complaint("critical", f"KMS makes no keys of Ed25519 in {state.region}.")
