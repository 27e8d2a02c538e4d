"""An issuer of which half was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["issuer_whole"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.answers)


@doctor_check(
    title="An issuer of your own has its audience",
    why="With an empty audience the API refuses every token.",
    remedy="Answer with OidcIssuer and OidcAudience both, or with neither.",
    asks=(),
    subjects=_asked,
)
def issuer_whole(_: str, found: DeploymentAnswers, __: DeploymentState) -> Iterator[Complaint]:
    """Look at the issuer and its audience."""
    issuer, audience = found.get("OidcIssuer"), found.get("OidcAudience")
    if bool(issuer) != bool(audience):
        yield Complaint(
            "critical", "One of OidcIssuer and OidcAudience is answered, and not the other."
        )
    elif issuer and not issuer.startswith("https://"):
        yield Complaint("critical", f"OidcIssuer is {issuer}: an https address is needed.")
