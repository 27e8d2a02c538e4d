"""Revocations that nobody carries out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import StreamMapping
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["revocation_stream"]


def _asked(state: StackState) -> Mapping[str, Answer[StreamMapping]]:
    return only(state.stream)


@doctor_check(
    title="What people revoke is handed on",
    why=(
        "A revocation that is asked for goes by the stream of the desk to the function that "
        "carries it out."
    ),
    remedy=(
        "aws lambda update-event-source-mapping --enabled --uuid MAPPING, or deploy again; "
        "then look at what waits: rolecall revocations."
    ),
    asks=("cloudformation:ListStackResources", "lambda:GetEventSourceMapping"),
    subjects=_asked,
)
def revocation_stream(_: str, found: StreamMapping, __: StackState) -> Iterator[Complaint]:
    """Look whether the stream is handed on."""
    if found.state not in ("Enabled", "Enabling", "Creating", "Updating"):
        yield Complaint(
            "critical", f"Revocations are not carried out: the stream is {found.state}."
        )
    elif "PROBLEM" in found.last_processing_result.upper():
        yield Complaint(
            "warning", f"The stream of revocations is in trouble: {found.last_processing_result}."
        )
