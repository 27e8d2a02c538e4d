"""The routes of officers: runs, reports and their signatures, the log, and what is accepted."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from rolecall.http import models
from rolecall.http.answers import CheckpointAnswer, documented
from rolecall.http.api import Api
from rolecall.http.idempotency import kept_answers
from rolecall.http.parameters import (
    CursorQuery,
    EntityQuery,
    HrefPath,
    IdPath,
    IfMatch,
    LimitQuery,
    RunQuery,
    SinceQuery,
)
from rolecall.http.problems import answer, archive_answer
from rolecall.ledger.record import Record
from rolecall.usecases.governance.decisions import WaiverDecision
from rolecall.usecases.governance.log_proofs import LogProofs
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.run_control import Asked, RunControl, RunView
from rolecall.usecases.governance.sign_off import (
    Download,
    ReportView,
    Signature,
    SignedReport,
    SignOff,
)
from rolecall.usecases.governance.waivers import (
    approve,
    propose,
    waiver_decision_of,
    waiver_decisions,
    withdraw,
)
from rolecall.usecases.queries.findings import place_of
from rolecall.usecases.queries.log import LogQueries

__all__ = ["add_officer_routes"]


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
        return answer({"items": RunControl(api.archive(), api.caller()).runs()})

    @router.post("/v1/runs", responses=documented(Asked, 202), tags=["officers"])
    @kept_answers
    def audit_now(body: models.RunRequest) -> Response[Any]:
        """Audit now: an entity and all below it, or all there is."""
        asked = RunControl(api.archive(), api.caller()).audit(body.entity, api.clock())
        return answer(asked, 202, {"Location": "/v1/runs"})


def _reports(router: Router, api: Api) -> None:
    def sign_off() -> SignOff:
        return SignOff(api.archive(), api.caller())

    @router.get("/v1/reports", responses=documented(ReportView, many=True), tags=["officers"])
    def reports(
        run: RunQuery = None,
        entity: EntityQuery = None,
        cursor: CursorQuery = None,
        limit: LimitQuery = 100,
    ) -> Response[Any]:
        """Reports of whole runs or of one entity, the latest run first, never torn apart."""
        return answer(sign_off().reports(run, cursor, limit, entity))

    @router.get("/v1/reports/<id_>", responses=documented(SignedReport), tags=["officers"])
    def report(id_: IdPath) -> Response[Any]:
        """A report, its digest, and who signed it."""
        return answer(sign_off().report(id_))

    @router.get(
        "/v1/reports/<id_>/download",
        responses=documented(Download),
        tags=["officers"],
    )
    def download(id_: IdPath) -> Response[Any]:
        """Where a report can be had for a minute; that it was asked for is on record."""
        return answer(sign_off().download(id_, api.clock()))

    @router.post(
        "/v1/reports/<id_>/signature",
        responses=documented(Signature, 201),
        tags=["officers"],
    )
    @kept_answers
    def signature(id_: IdPath, body: models.SignatureRequest) -> Response[Any]:
        """Sign a report off, by the digest of what you read."""
        signed = sign_off().sign(id_, api.clock(), body.digest, body.capacity)
        return answer(signed, 201)


def _log(router: Router, api: Api) -> None:
    @router.get("/v1/log", responses=documented(Record, many=True), tags=["log"])
    def log(
        entity: EntityQuery = None,
        since: SinceQuery = None,
        cursor: CursorQuery = None,
        limit: LimitQuery = 100,
    ) -> Response[Any]:
        """Records of the audit log, by entity and then as they happened."""
        return answer(LogQueries(api.reader(), api.caller()).log(entity, since, cursor, limit))

    @router.get("/v1/log/checkpoint", responses=documented(CheckpointAnswer), tags=["log"])
    def checkpoint() -> Response[Any]:
        """The latest signed checkpoint of the audit log: keep it."""
        found = LogProofs(api.archive(), api.caller()).checkpoint()
        return answer(CheckpointAnswer(found.decode()))

    @router.get("/v1/log/proof", responses=documented(None), tags=["log"])
    def proof(entity: EntityQuery = None) -> Response[Any]:
        """A proof bundle, which rolecall verify checks: of an entity it is complete by proof."""
        return archive_answer(LogProofs(api.archive(), api.caller()).proof(entity), "proof.zip")


def _waivers(router: Router, api: Api) -> None:
    @router.get(
        "/v1/waivers", responses=documented(WaiverDecision, decisions=True), tags=["findings"]
    )
    def waivers() -> Response[Any]:
        """What was decided of findings: proposed, approved and withdrawn waivers."""
        found = waiver_decisions(api.waivers(), api.caller())
        return answer({"items": found.readable, "unreadable": found.unreadable})

    here = "/v1/findings/<href>/waiver"

    @router.get(here, responses=documented(WaiverDecision), tags=["findings"])
    def waiver(href: HrefPath) -> Response[Any]:
        """What was decided of a finding."""
        found = waiver_decision_of(api.waivers(), api.caller(), *place_of(href))
        return answer(found, headers={"ETag": etag(found)})

    @router.post(here, responses=documented(WaiverDecision, 201), tags=["findings"])
    @kept_answers
    def proposal(
        href: HrefPath, body: models.WaiverProposal, match: IfMatch = None
    ) -> Response[Any]:
        """Accept a finding, as you saw it, until a day; a critical one takes a second officer."""
        caller, at, place = api.caller(), api.clock(), place_of(href)
        made = propose(api.waivers(), caller, at, *place, body.reason, body.expires, match)
        return answer(made, 201, {"ETag": etag(made)})

    @router.post(f"{here}/approval", responses=documented(WaiverDecision), tags=["findings"])
    @kept_answers
    def approval(href: HrefPath, match: IfMatch = None) -> Response[Any]:
        """Approve the waiver that you read and another officer proposed."""
        caller, at, place = api.caller(), api.clock(), place_of(href)
        return answer(approve(api.waivers(), caller, at, *place, match))

    @router.post(f"{here}/withdrawal", responses=documented(WaiverDecision), tags=["findings"])
    @kept_answers
    def withdrawal(href: HrefPath, body: models.Explanation) -> Response[Any]:
        """Take a waiver back: the next run does not apply it."""
        caller, at, place = api.caller(), api.clock(), place_of(href)
        return answer(withdraw(api.waivers(), caller, at, *place, body.reason))
