"""What goes in and out of the API, as its description has it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Account",
    "Accounts",
    "Cancellation",
    "Code",
    "Confirmation",
    "Effects",
    "Entities",
    "Entity",
    "Finding",
    "Findings",
    "GatewayMessage",
    "Grant",
    "Grants",
    "Incoming",
    "Lifted",
    "Login",
    "Logins",
    "Me",
    "NewSecret",
    "Offboarding",
    "OffboardingResult",
    "Outgoing",
    "Person",
    "Problem",
    "Reason",
    "RevealRequest",
    "Revocation",
    "RevocationRequest",
    "RevocationResult",
    "Revocations",
    "Secret",
    "SecretHistory",
    "StoredSecret",
]

Reason = Annotated[
    str,
    Field(min_length=10, max_length=500, description="Why; it stays in the audit log for good"),
]


class Incoming(BaseModel):
    """What comes in: nothing that is not known, and no spaces around texts."""

    # Built when they are first needed: a cold start waits for none.
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, defer_build=True)


class Outgoing(BaseModel):
    """What goes out: at least this."""

    model_config = ConfigDict(extra="allow", defer_build=True)


class Problem(Outgoing):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str


class GatewayMessage(Outgoing):
    """What the gateway says before a request gets here."""

    message: str | None = None


class Entity(Outgoing):
    """A unit of the organisation."""

    id: str
    name: str
    parent_id: str | None = None
    head_id: str | None = None
    it_delegate_ids: list[str] = []


class Entities(Outgoing):
    """Entities that the caller may see."""

    items: list[Entity]
    next: str | None = None


class Person(Outgoing):
    """Somebody on the roster."""

    id: str
    name: str
    status: str
    email: str | None = None
    entity_id: str | None = None
    clearance_level: str | None = None
    clearance_expires: date | None = None


class Grant(Outgoing):
    """One person's role on one account."""

    account_id: str
    person_id: str
    role: str
    granted_on: date | None = None
    revoke_requested_at: datetime | None = None
    revoked_on: date | None = None


class Grants(Outgoing):
    """The grants of an account."""

    items: list[Grant]


class Account(Outgoing):
    """A social account or website."""

    id: str
    entity_id: str
    platform: str
    handle: str
    status: str


class Accounts(Outgoing):
    """Some accounts, and the cursor of the next."""

    items: list[Account]
    next: str | None = None


class Me(Outgoing):
    """Who calls."""

    person: Person
    groups: list[str]
    entities: list[str]
    grants: list[Grant]


class Finding(Outgoing):
    """One control failing on one subject."""

    id: str
    href: str
    control: str
    severity: Literal["critical", "high", "medium", "low"]
    status: Literal["open", "waived", "resolved"]
    entity: str | None
    subject: dict[str, str]
    evidence: dict[str, Any]
    first_seen: datetime


class Findings(Outgoing):
    """Some findings, and the cursor of the next."""

    items: list[Finding]
    next: str | None = None


class Effects(Outgoing):
    """What a revocation does, or would do."""

    account: str
    person: str
    role: str
    logins: list[str] = Field(description="Logins that the person knows, which must be rotated")
    administrators: list[str] = Field(description="Who has full control when it is done")


class Revocation(Outgoing):
    """One removal of one person's access to one account."""

    id: str
    account: str
    person: str
    entity: str
    role: str
    state: Literal["requested", "executing", "needs_human", "confirmed", "failed", "cancelled"]
    requested_by: str
    requested_at: datetime
    reason: str
    steps: list[str] = []
    removed_by: str | None = None
    removed_on: date | None = None


class Revocations(Outgoing):
    """Revocations, the latest first."""

    items: list[Revocation]
    next: str | None = None


class RevocationResult(Outgoing):
    """A revocation, and its effects; of a dry run the effects alone."""

    revocation: Revocation | None
    effects: Effects


class Lifted(Outgoing):
    """Until when somebody may go on."""

    person: str
    until: datetime


class Login(Outgoing):
    """What is known of a login; never its secret."""

    id: str
    account_id: str
    storage: str | None = None
    holder_ids: list[str] = []
    rotated_on: date | None = None
    mfa: str | None = None
    strength: int | None = None


class Logins(Outgoing):
    """The logins of an account."""

    items: list[Login]


class Secret(Outgoing):
    """What opens an account; of nobody but whoever asked for it."""

    username: str = ""
    password: str = ""
    recovery_codes: list[str] = []
    notes: str = ""


class Code(Outgoing):
    """A one-time code, and for how many seconds more it is good."""

    digits: str
    seconds: int


class StoredSecret(Outgoing):
    """What is known of a secret that was stored."""

    login: str


class SecretHistory(Outgoing):
    """Every version of a secret, and who has known it."""

    account: str
    login: str
    versions: list[dict[str, Any]]


class RevealRequest(Incoming):
    """Why a secret is read."""

    reason: Reason


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

    reason: Reason
    override: Reason | None = Field(
        None, description="As the head: why to go on although it leaves no administrator"
    )


class Confirmation(Incoming):
    """Who removed the access, when, and how that is known."""

    removed_by: Annotated[str, Field(min_length=1, max_length=200)]
    removed_on: date
    note: Annotated[str, Field(min_length=1, max_length=500)]


class Cancellation(Incoming):
    """Why the access stays."""

    reason: Reason


class Offboarding(Incoming):
    """Why all access of a person is taken away."""

    reason: Reason


class Refusal(Outgoing):
    """An account on which a guard is against it."""

    account: str
    type: str
    detail: str


class OffboardingResult(Outgoing):
    """What was asked for, and what a guard is against."""

    revocations: list[RevocationResult]
    refused: list[Refusal]
