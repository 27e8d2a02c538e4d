"""A log under another name than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.errors import ProofError
from rolecall.ledger.checkpoint import read_checkpoint
from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import SealFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["log_name"]


def _asked(state: StackState) -> Mapping[str, Answer[SealFacts | None]]:
    return only(state.seal)


@doctor_check(
    title="The log has the name that its checkpoints have",
    why=(
        "The name of the key is in every checkpoint; under another one, verifiers that people "
        "keep no longer fit."
    ),
    remedy="Deploy with LogName as the checkpoints have it, before the next night seals.",
    asks=("dynamodb:GetItem", "s3:GetObject", "s3:ListBucket"),
    subjects=_asked,
)
def log_name(name: str, found: SealFacts | None, state: StackState) -> Iterator[Complaint]:
    """Hold the name of the last checkpoint against the parameter."""
    if found is None or not found.note:
        return
    name = state.stack.outputs.get("LogName", "")
    try:
        origin = read_checkpoint(found.note).origin
    except ProofError as error:
        yield Complaint("critical", f"The last checkpoint cannot be read: {error}.")
        return
    if origin != name and not origin.startswith(f"{name}/"):
        yield Complaint(
            "critical",
            f"The checkpoints are of {origin.rpartition('/')[0]}, and LogName is {name}.",
        )
