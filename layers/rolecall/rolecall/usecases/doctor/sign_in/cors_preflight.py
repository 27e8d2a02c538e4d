"""Pages of other origins that are let in and cannot come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import ApiFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["cors_preflight"]


def _asked(state: StackState) -> Mapping[str, Answer[ApiFacts]]:
    return only(state.api)


@doctor_check(
    title="Pages of the origins that may ask are answered",
    why=(
        "A browser asks with OPTIONS and without a token before it asks; a route for ANY with "
        "a token refuses that."
    ),
    remedy="Deploy this release, or without CorsOrigins.",
    asks=("apigateway:GET",),
    subjects=_asked,
)
def cors_preflight(_: str, found: ApiFacts, __: StackState) -> Iterator[Complaint]:
    """Look who answers a browser's first question."""
    closed = [
        route for route, kind in found.routes.items() if route.startswith("ANY ") and kind == "JWT"
    ]
    open_ = [route for route in found.routes if route.startswith("OPTIONS ")]
    if found.cors and closed and not open_:
        yield Complaint(
            "warning", f"CorsOrigins has no effect: {closed[0]} asks for a token first."
        )
