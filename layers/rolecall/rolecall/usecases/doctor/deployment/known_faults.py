"""Faults in the code of an earlier release, which no setting of a stack mends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import DeployedStack, StackState

__all__ = ["known_faults"]


_FAULTS = {
    "0.1.0": (
        "A proof of who calls the vault is good for fifteen minutes, not for one.",
        "Whoever is in a group with the word compliance or registrar in its name is an officer.",
        "A page of findings asked for with the cursor of another filter ends in an error 503, "
        "and in an alarm.",
    )
}
_DOWNLOADS = (
    "Reports cannot be downloaded through the API here: their addresses are those of us-east-1."
)


def _asked(state: StackState) -> Mapping[str, Answer[DeployedStack]]:
    return only(state.stack)


@doctor_check(
    title="The deployed release has no known faults",
    why=(
        "What is wrong in a function's code is not to be seen in a stack; it is known of its "
        "release."
    ),
    remedy="Deploy this release (make deploy), then rolecall upgrade (docs/upgrade.md).",
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def known_faults(_: str, found: DeployedStack, state: StackState) -> Iterator[Complaint]:
    """Name what a release is known to do wrong."""
    for what in _FAULTS.get(found.release, ()):
        yield Complaint("warning", f"Release {found.release}: {what[0].lower()}{what[1:]}")
    if found.release == "0.1.0" and state.region != "us-east-1":
        yield Complaint("warning", f"Release 0.1.0: {_DOWNLOADS[0].lower()}{_DOWNLOADS[1:]}")
