"""A gateway that takes no token, or another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import ApiFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["token_audience"]


def _asked(state: StackState) -> Mapping[str, Answer[ApiFacts]]:
    return only(state.api)


@doctor_check(
    title="The API takes the tokens of the issuer that the stack names",
    why=(
        "With an empty audience no token is taken; with another issuer, whoever has that one "
        "decides who is an officer."
    ),
    remedy="Deploy with OidcIssuer and OidcAudience both, or with neither.",
    asks=("apigateway:GET",),
    subjects=_asked,
)
def token_audience(_: str, found: ApiFacts, state: StackState) -> Iterator[Complaint]:
    """Hold the authorizer of the API against who signs people in."""
    if not any(found.audiences):
        yield Complaint("critical", "The API has no audience: it refuses every token.")
    issuer = state.stack.outputs.get("Issuer", "")
    strange = sorted(one for one in found.issuers if one != issuer)
    if strange:
        yield Complaint(
            "critical",
            f"The API takes the tokens of {strange[0]}, and the issuer is {issuer}.",
            "Deploy again, and look in CloudTrail who changed the authorizer.",
        )
