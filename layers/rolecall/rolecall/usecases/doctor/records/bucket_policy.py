"""A bucket without its policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.policy_document import PolicyStatement
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["bucket_policy"]


_SEALED = {"segments/*", "tallies/*", "checkpoints/*", "keys/*"}
"""What the seal alone writes."""


def _seals(one: PolicyStatement, role: str) -> bool:
    named = one.condition.get("ArnNotEquals", {}).get("aws:PrincipalArn")
    sealed = {resource.partition("/")[2] for resource in one.resources}
    return one.covers("s3:PutObject") and sealed >= _SEALED and named in (role, [role])


def _asks_for_tls(one: PolicyStatement) -> bool:
    said = one.condition.get("Bool", {}).get("aws:SecureTransport")
    return (
        str(said).lower() == "false" and one.covers("s3:GetObject") and one.covers("s3:PutObject")
    )


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[PolicyStatement]]]:
    return state.bucket_policies


@doctor_check(
    title=(
        "The buckets refuse what is not encrypted on its way, and whoever writes beside the seal"
    ),
    why=(
        "The policy of the bucket holds against everybody in the account, administrators too: "
        "what is sealed, the seal alone writes."
    ),
    remedy=(
        "Deploy again: the template has the policies. Then look in CloudTrail who took them off."
    ),
    asks=("s3:GetBucketPolicy",),
    subjects=_asked,
    on_emulator=False,
)
def bucket_policy(
    name: str, found: Sequence[PolicyStatement], state: StackState
) -> Iterator[Complaint]:
    """Look for what the template refuses."""
    refusals = [one for one in found if not one.allows and "*" in one.principals]
    if not any(map(_asks_for_tls, refusals)):
        yield Complaint("warning", f"{name} does not refuse requests without TLS.")
    role = state.stack.outputs.get("SealRoleArn", "")
    if name == "ReportBucket" and not any(_seals(one, role) for one in refusals):
        yield Complaint(
            "critical", f"{name} lets others than the seal write beside checkpoints and segments."
        )
