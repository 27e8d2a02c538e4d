"""A key that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import KeyFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["key_state"]


def _asked(state: StackState) -> Mapping[str, Answer[KeyFacts]]:
    return state.keys


@doctor_check(
    title="Every key is enabled, and none waits for its deletion",
    why=(
        "Without the data key tables and buckets are noise, without the vault's no secret "
        "opens, without the signing key no night ends; a deleted key never comes back."
    ),
    remedy="aws kms enable-key --key-id KEY",
    asks=("kms:DescribeKey",),
    subjects=_asked,
)
def key_state(name: str, found: KeyFacts, __: StackState) -> Iterator[Complaint]:
    """Look at the state of a key."""
    if found.state in ("PendingDeletion", "PendingReplicaDeletion"):
        when = "" if found.deletion is None else f" on {found.deletion:%Y-%m-%d}"
        yield Complaint(
            "critical",
            f"{name} will be deleted{when}, for good.",
            "aws kms cancel-key-deletion --key-id KEY, then enable-key; find out who asked for it.",
        )
    elif found.state != "Enabled":
        yield Complaint("critical", f"{name} is in the state {found.state}: it cannot be used.")
