"""What comes in through the API, as its description has it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rolecall.usecases.governance.capacities import Capacity
from rolecall.usecases.governance.sign_in_list_decisions import MOST_LISTED
from rolecall.usecases.identity.offices import OfficeName
from rolecall.usecases.identity.sign_in import MARK

__all__ = [
    "Confirmation",
    "Explanation",
    "Incoming",
    "NewSecret",
    "ReasonText",
    "RevocationRequest",
    "RunRequest",
    "SignInBody",
    "SignInListBody",
    "SignatureRequest",
    "WaiverProposal",
]

ReasonText = Annotated[
    str,
    Field(min_length=10, max_length=500, description="Why; it stays in the audit log for good"),
]


class Incoming(BaseModel):
    """What comes in: nothing that is not known, and no spaces around texts."""

    # Built when they are first needed: a cold start waits for none.
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, defer_build=True)


class Explanation(Incoming):
    """Why something is done."""

    reason: ReasonText


class NewSecret(Incoming):
    """A secret to store; a password in place of one that there is makes it a rotation."""

    username: Annotated[str, Field(max_length=1_000)] = ""
    password: Annotated[str, Field(max_length=10_000)] = ""
    totp: Annotated[str, Field(max_length=1_000)] = ""
    recovery_codes: Annotated[list[str], Field(max_length=100)] = []
    notes: Annotated[str, Field(max_length=50_000)] = ""
    rotate: bool = False

    def __repr__(self) -> str:
        return "NewSecret([secure])"

    __str__ = __repr__


class RevocationRequest(Incoming):
    """Why access is taken away."""

    reason: ReasonText
    override: ReasonText | None = Field(
        None, description="As the head: why to go on although it leaves no administrator"
    )


class Confirmation(Incoming):
    """Who removed the access, when, and how that is known."""

    removed_by: Annotated[str, Field(min_length=1, max_length=1_000)]
    removed_on: date
    note: Annotated[str, Field(min_length=1, max_length=500)]


class RunRequest(Incoming):
    """What to audit now."""

    entity: Annotated[str | None, Field(min_length=1, max_length=1_000)] = Field(
        None, description="An entity, with all below it; nothing for all there is"
    )


class SignatureRequest(Incoming):
    """What an officer signs."""

    digest: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")] = Field(
        description="SHA-256 of the report that you read, in hex"
    )
    capacity: Capacity = Field(description="As what you sign; it stays in the audit log for good")


class SignInBody(Incoming):
    """Which sign-in or which office is to be somebody's, and why."""

    mark: Annotated[str | None, Field(pattern=f"^{MARK}$")] = Field(
        None,
        description="The mark that whoever was refused was told; nothing to let go of the sign-in "
        "that they have, so that the next one with their verified address is theirs",
    )
    office: OfficeName | None = Field(
        None, description="The office that is to be theirs; the operator of the stack gives it"
    )
    reason: ReasonText


class _WantedSignIn(Incoming):
    """Whose sign-in is to be which."""

    person: Annotated[str, Field(min_length=1, max_length=1_000)]
    mark: Annotated[str | None, Field(pattern=f"^{MARK}$")] = Field(
        None, description="As for one person; nothing to let go of the sign-in that they have"
    )


class SignInListBody(Incoming):
    """Which sign-ins are to be whose, and why."""

    people: Annotated[list[_WantedSignIn], Field(min_length=1, max_length=MOST_LISTED)]
    reason: ReasonText


class WaiverProposal(Incoming):
    """Why a finding is accepted, and until when."""

    reason: ReasonText
    expires: date = Field(description="The last day; at most a year away")
