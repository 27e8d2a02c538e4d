"""What goes in and out of the routes of officers and registrars."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from rolecall.http.models import Incoming, Outgoing, Reason

__all__ = [
    "Change",
    "ChangeRefusal",
    "Changes",
    "Checkpoint",
    "Download",
    "LogRecords",
    "PutResult",
    "Report",
    "Reports",
    "RunAsked",
    "RunRequest",
    "Runs",
    "Signature",
    "SignatureRequest",
    "SignedReport",
    "Waiver",
    "WaiverProposal",
    "Waivers",
    "Withdrawal",
]


class Runs(Outgoing):
    """Runs, the latest first."""

    items: list[dict[str, Any]]


class RunRequest(Incoming):
    """What to audit now."""

    entity: Annotated[str | None, Field(min_length=1, max_length=200)] = Field(
        None, description="An entity, with all below it; nothing for all there is"
    )


class RunAsked(Outgoing):
    """An audit that was asked for."""

    execution: str
    entity: str | None


class Report(Outgoing):
    """A report of a run."""

    id: str
    day: date
    run: str
    name: str


class Reports(Outgoing):
    """Reports, the latest day first."""

    items: list[Report]


class Download(Outgoing):
    """Where a report can be had for some seconds."""

    url: str
    seconds: int


class SignatureRequest(Incoming):
    """What an officer signs."""

    digest: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")] = Field(
        description="SHA-256 of the report that you read, in hex"
    )
    capacity: Annotated[str, Field(min_length=3, max_length=200)] = Field(
        description="As what you sign, such as: compliance officer of the diocese"
    )


class Signature(Outgoing):
    """That an officer signed off a report."""

    report: str
    person: str
    capacity: str
    digest: str
    at: datetime


class SignedReport(Report):
    """A report, its digest, and who signed it."""

    digest: str
    signatures: list[Signature]


class Checkpoint(Outgoing):
    """A signed checkpoint of the audit log, to keep."""

    checkpoint: str


class LogRecords(Outgoing):
    """Records of the audit log, and the cursor of the next."""

    items: list[dict[str, Any]]
    next: str | None = None


class WaiverProposal(Incoming):
    """Why a finding is accepted, and until when."""

    reason: Reason
    expires: date = Field(description="The last day; at most a year away")


class Withdrawal(Incoming):
    """Why a finding is accepted no more."""

    reason: Reason


class Waiver(Outgoing):
    """What was decided of a finding."""

    finding: str
    control: str
    severity: Literal["critical", "high", "medium", "low"]
    reason: str
    expires: date
    state: Literal["proposed", "approved", "withdrawn"]
    approved_by: list[str]


class Waivers(Outgoing):
    """What was decided of findings."""

    items: list[Waiver]


class Change(Outgoing):
    """An edit that gives power: it waits for a second officer, or did."""

    id: str
    table: Literal["entities", "people", "accounts", "grants"]
    key: list[str]
    fields: list[str]
    state: Literal["waiting", "approved", "refused"]
    record: dict[str, Any] | None
    requested_by: str
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None


class Changes(Outgoing):
    """Changes that wait, the oldest first."""

    items: list[Change]


class PutResult(Outgoing):
    """A record as it is on record, or as it would be once the change is approved."""

    record: dict[str, Any]
    change: Change | None


class ChangeRefusal(Incoming):
    """Why a change is not made."""

    reason: Reason
