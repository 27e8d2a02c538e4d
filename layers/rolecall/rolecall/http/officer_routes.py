"""The routes of officers: runs, reports and their signatures, the log, and what is accepted."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import AwareDatetime

from rolecall.http import models
from rolecall.http.answers import CheckpointAnswer, documented
from rolecall.http.api import Api
from rolecall.http.problems import answer, archive_answer
from rolecall.ledger.record import Record
from rolecall.usecases.governance.officers import (
    Asked,
    Download,
    Officers,
    ReportView,
    RunView,
    Signature,
    SignedReport,
)
from rolecall.usecases.governance.waivers import (
    WaiverDecision,
    approve,
    propose,
    waiver_decision_of,
    waiver_decisions,
    withdraw,
)
from rolecall.usecases.queries.findings import place_of
from rolecall.usecases.queries.log import LogQueries

__all__ = ["add_officer_routes"]

Id = Annotated[str, Path(min_length=1, max_length=200, description="An id of the list")]
Href = Annotated[str, Path(max_length=100, description="The end of a finding's href")]
EntityQuery = Annotated[
    str | None, Query(description="Of this entity alone", min_length=1, max_length=200)
]
RunQuery = Annotated[
    str | None, Query(description="Of this run alone", min_length=1, max_length=100)
]
Since = Annotated[
    AwareDatetime | None, Query(description="From this instant on, with its time zone")
]
Cursor = Annotated[str | None, Query(description="Where the last page ended", max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]


def add_officer_routes(router: Router, api: Api) -> None:
    """Add the routes."""
    _runs(router, api)
    _reports(router, api)
    _log(router, api)
    _waivers(router, api)


def _runs(router: Router, api: Api) -> None:
    @router.get("/v1/runs", responses=documented(RunView, many=True), tags=["officers"])
    def runs() -> Response[Any]:
        """The latest runs of the audit."""
        return answer({"items": Officers(api.archive(), api.caller()).runs()})

    @router.post("/v1/runs", responses=documented(Asked, 202), tags=["officers"])
    def audit_now(body: models.RunRequest) -> Response[Any]:
        """Audit now: an entity and all below it, or all there is."""
        asked = Officers(api.archive(), api.caller()).audit(body.entity, api.clock())
        return answer(asked, 202, {"Location": "/v1/runs"})


def _reports(router: Router, api: Api) -> None:
    def officers() -> Officers:
        return Officers(api.archive(), api.caller())

    @router.get("/v1/reports", responses=documented(ReportView, many=True), tags=["officers"])
    def reports(
        run: RunQuery = None,
        entity: EntityQuery = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response[Any]:
        """Reports of whole runs or of one entity, the latest run first, never torn apart."""
        return answer(officers().reports(run, cursor, limit, entity))

    @router.get("/v1/reports/<id_>", responses=documented(SignedReport), tags=["officers"])
    def report(id_: Id) -> Response[Any]:
        """A report, its digest, and who signed it."""
        return answer(officers().report(id_))

    @router.get(
        "/v1/reports/<id_>/download",
        responses=documented(Download),
        tags=["officers"],
    )
    def download(id_: Id) -> Response[Any]:
        """Where a report can be had for a minute; that it was asked for is on record."""
        return answer(officers().download(id_, api.clock()))

    @router.post(
        "/v1/reports/<id_>/signature",
        responses=documented(Signature, 201),
        tags=["officers"],
    )
    def signature(id_: Id, body: models.SignatureRequest) -> Response[Any]:
        """Sign a report off, by the digest of what you read."""
        signed = officers().sign(id_, api.clock(), body.digest, body.capacity.strip())
        return answer(signed, 201)


def _log(router: Router, api: Api) -> None:
    @router.get("/v1/log", responses=documented(Record, many=True), tags=["log"])
    def log(
        entity: EntityQuery = None,
        since: Since = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response[Any]:
        """Records of the audit log, by entity and then as they happened."""
        return answer(LogQueries(api.reader(), api.caller()).log(entity, since, cursor, limit))

    @router.get("/v1/log/checkpoint", responses=documented(CheckpointAnswer), tags=["log"])
    def checkpoint() -> Response[Any]:
        """The latest signed checkpoint of the audit log: keep it."""
        found = Officers(api.archive(), api.caller()).checkpoint()
        return answer(CheckpointAnswer(found.decode()))

    @router.get("/v1/log/proof", responses=documented(None), tags=["log"])
    def proof(entity: EntityQuery = None) -> Response[Any]:
        """A proof bundle, which rolecall verify checks: of an entity it is complete by proof."""
        return archive_answer(Officers(api.archive(), api.caller()).proof(entity), "proof.zip")


def _waivers(router: Router, api: Api) -> None:
    @router.get("/v1/waivers", responses=documented(WaiverDecision, many=True), tags=["findings"])
    def waivers() -> Response[Any]:
        """What was decided of findings: proposed, approved and withdrawn waivers."""
        return answer({"items": waiver_decisions(api.waivers(), api.caller())})

    here = "/v1/findings/<href>/waiver"

    @router.get(here, responses=documented(WaiverDecision), tags=["findings"])
    def waiver(href: Href) -> Response[Any]:
        """What was decided of a finding."""
        return answer(waiver_decision_of(api.waivers(), api.caller(), *place_of(href)))

    @router.post(here, responses=documented(WaiverDecision, 201), tags=["findings"])
    def proposal(href: Href, body: models.WaiverProposal) -> Response[Any]:
        """Accept a finding until a day; a critical one takes a second officer."""
        caller, at, place = api.caller(), api.clock(), place_of(href)
        made = propose(api.waivers(), caller, at, *place, body.reason, body.expires)
        return answer(made, 201)

    @router.post(f"{here}/approval", responses=documented(WaiverDecision), tags=["findings"])
    def approval(href: Href) -> Response[Any]:
        """Approve a waiver that another officer proposed."""
        caller, at, place = api.caller(), api.clock(), place_of(href)
        return answer(approve(api.waivers(), caller, at, *place))

    @router.post(f"{here}/withdrawal", responses=documented(WaiverDecision), tags=["findings"])
    def withdrawal(href: Href, body: models.Explanation) -> Response[Any]:
        """Take a waiver back: the next run does not apply it."""
        caller, at, place = api.caller(), api.clock(), place_of(href)
        return answer(withdraw(api.waivers(), caller, at, *place, body.reason))
