"""The routes under /v1. Each parses, calls one use case and answers; nothing is decided here."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import AwareDatetime

from rolecall.http import models
from rolecall.http.answers import LiftedAnswer, documented
from rolecall.http.api import Api
from rolecall.http.idempotency import kept_answers
from rolecall.http.officer_routes import add_officer_routes
from rolecall.http.parameters import CursorQuery, DryRunQuery, EntityQuery, IdPath, LimitQuery
from rolecall.http.problems import answer
from rolecall.http.registrar_routes import add_registrar_routes
from rolecall.http.vault_routes import add_vault_routes
from rolecall.model import Account, Entity, Grant, Person, Severity
from rolecall.status import FindingStanding
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.queries.findings import FindingQueries, FindingView, place_of
from rolecall.usecases.queries.registry import Me, RegistryQueries
from rolecall.usecases.queries.revocations import RevocationQueries
from rolecall.usecases.revoking.confirmation import confirm
from rolecall.usecases.revoking.offboarding import Offboarded, Outcome, offboard
from rolecall.usecases.revoking.rate_limit import lift_brake
from rolecall.usecases.revoking.revocations import Revocation, request
from rolecall.usecases.revoking.taking_back import cancel

__all__ = ["make_router"]


def make_router(api: Api) -> Router:
    """Return the routes."""
    router = Router()  # type: ignore[no-untyped-call]
    _read(router, api)
    _read_findings(router, api)
    _read_revocations(router, api)
    _revoke(router, api)
    _cancel(router, api)
    _offboard(router, api)
    add_officer_routes(router, api)
    add_registrar_routes(router, api)
    add_vault_routes(router, api)
    return router


def _read(router: Router, api: Api) -> None:
    def registry() -> RegistryQueries:
        return RegistryQueries(api.reader(), api.caller())

    @router.get("/v1/me", responses=documented(Me), tags=["you"])
    def me(cursor: CursorQuery = None, limit: LimitQuery = 100) -> Response[Any]:
        """Who you are, what you hold, and a page of the entities that you head or help."""
        return answer(registry().me(cursor, limit))

    @router.get("/v1/entities", responses=documented(Entity, many=True), tags=["registry"])
    def entities(cursor: CursorQuery = None, limit: LimitQuery = 100) -> Response[Any]:
        """The entities that you may see."""
        return answer(registry().entities(cursor, limit))

    @router.get("/v1/entities/<id_>", responses=documented(Entity), tags=["registry"])
    def entity(id_: IdPath) -> Response[Any]:
        """An entity."""
        found = registry().entity(id_)
        return answer(found, headers={"ETag": etag(found)})

    @router.get("/v1/accounts", responses=documented(Account, many=True), tags=["registry"])
    def accounts(
        entity: EntityQuery = None, cursor: CursorQuery = None, limit: LimitQuery = 100
    ) -> Response[Any]:
        """The accounts that you may see."""
        return answer(registry().accounts(entity, cursor, limit))

    @router.get("/v1/accounts/<id_>", responses=documented(Account), tags=["registry"])
    def account(id_: IdPath) -> Response[Any]:
        """An account."""
        found = registry().account(id_).account
        return answer(found, headers={"ETag": etag(found)})

    @router.get(
        "/v1/accounts/<id_>/grants", responses=documented(Grant, many=True), tags=["registry"]
    )
    def grants(id_: IdPath) -> Response[Any]:
        """Who has which role on an account."""
        return answer({"items": registry().grants(id_)})

    @router.get(
        "/v1/accounts/<id_>/grants/<person>",
        responses=documented(Grant),
        tags=["registry"],
    )
    def grant(id_: IdPath, person: IdPath) -> Response[Any]:
        """The role that somebody has on an account now."""
        found = registry().grant(id_, person)
        return answer(found, headers={"ETag": etag(found)})

    @router.get("/v1/people/<id_>", responses=documented(Person), tags=["registry"])
    def person(id_: IdPath) -> Response[Any]:
        """A person."""
        found = registry().person(id_)
        return answer(found, headers={"ETag": etag(found)})


def _read_findings(router: Router, api: Api) -> None:
    def queries() -> FindingQueries:
        return FindingQueries(api.reader(), api.caller())

    @router.get("/v1/findings", responses=documented(FindingView, many=True), tags=["findings"])
    def findings(
        entity: EntityQuery = None,
        severity: Annotated[Severity | None, Query(description="Of this severity")] = None,
        status: Annotated[FindingStanding, Query(description="How they stand")] = "open",
        control: Annotated[
            str | None, Query(description="Of this control", min_length=1, max_length=100)
        ] = None,
        since: Annotated[
            AwareDatetime | None, Query(description="First seen at this instant or later")
        ] = None,
        cursor: CursorQuery = None,
        limit: LimitQuery = 100,
    ) -> Response[Any]:
        """Findings that you may see, by entity, the worst first."""
        page = queries().findings(entity, status, severity, control, since, cursor, limit)
        return answer(page)

    @router.get("/v1/findings/<href>", responses=documented(FindingView), tags=["findings"])
    def finding(
        href: Annotated[str, Path(max_length=100, description="The end of a finding's href")],
    ) -> Response[Any]:
        """A finding."""
        found = queries().finding(*place_of(href))
        return answer(found, headers={"ETag": found.etag})


def _read_revocations(router: Router, api: Api) -> None:
    def queries() -> RevocationQueries:
        return RevocationQueries(api.reader(), api.caller())

    @router.get(
        "/v1/revocations", responses=documented(Revocation, many=True), tags=["revocations"]
    )
    def revocations(
        entity: EntityQuery = None, cursor: CursorQuery = None, limit: LimitQuery = 100
    ) -> Response[Any]:
        """The revocations that you may see, by entity, the latest first."""
        return answer(
            RevocationQueries(api.reader(), api.caller()).revocations(entity, cursor, limit)
        )

    @router.get("/v1/revocations/<id_>", responses=documented(Revocation), tags=["revocations"])
    def one(id_: IdPath) -> Response[Any]:
        """A revocation: how far it is, and what people must do."""
        return answer(queries().revocation(id_))


def _revoke(router: Router, api: Api) -> None:
    @router.post(
        "/v1/accounts/<id_>/grants/<person>/revocation",
        responses={**documented(Outcome), **documented(Outcome, 201)},
        tags=["revocations"],
    )
    @kept_answers
    def revocation(
        id_: IdPath, person: IdPath, body: models.RevocationRequest, dry_run: DryRunQuery = False
    ) -> Response[Any]:
        """Take a person's access to an account away; asking again gives what there is."""
        caller = api.caller()
        made, effects = request(
            api.revocations(),
            caller,
            api.clock(),
            id_,
            person,
            body.reason,
            override=body.override,
            dry_run=dry_run,
        )
        where = {} if made is None else {"Location": f"/v1/revocations/{made.id}"}
        status = 200 if dry_run else 201
        return answer(Outcome(made, effects), status, where)

    @router.post(
        "/v1/revocations/<id_>/confirmation",
        responses=documented(Revocation),
        tags=["revocations"],
    )
    @kept_answers
    def confirmation(id_: IdPath, body: models.Confirmation) -> Response[Any]:
        """Say that the access is removed; whose it was cannot."""
        caller = api.caller()
        made = confirm(
            api.revocations(),
            caller,
            api.clock(),
            id_,
            removed_by=body.removed_by,
            removed_on=body.removed_on,
            note=body.note,
        )
        return answer(made)


def _cancel(router: Router, api: Api) -> None:
    @router.post(
        "/v1/revocations/<id_>/cancellation",
        responses={**documented(Revocation), **documented(Revocation, 202)},
        tags=["revocations"],
    )
    @kept_answers
    def cancellation(id_: IdPath, body: models.Explanation) -> Response[Any]:
        """Take a revocation back while nothing was removed; another's takes two (202)."""
        made = cancel(api.revocations(), api.caller(), api.clock(), id_, body.reason)
        return answer(made, 200 if made.state == "cancelled" else 202)


def _offboard(router: Router, api: Api) -> None:
    @router.post(
        "/v1/people/<id_>/offboarding",
        responses=documented(Offboarded),
        tags=["revocations"],
    )
    @kept_answers
    def offboarding(
        id_: IdPath, body: models.Explanation, dry_run: DryRunQuery = False
    ) -> Response[Any]:
        """Take all access of a person away, as far as you reach; it counts once for the brake."""
        result = offboard(
            api.revocations(),
            api.rate_limit(),
            api.reader().held(id_),
            api.caller(),
            api.clock(),
            id_,
            body.reason,
            dry_run,
        )
        return answer(result)

    @router.post(
        "/v1/people/<id_>/brake-lift", responses=documented(LiftedAnswer), tags=["revocations"]
    )
    @kept_answers
    def brake_lift(id_: IdPath) -> Response[Any]:
        """Let another head or IT delegate revoke more than the brake allows, for an hour."""
        until = lift_brake(api.rate_limit(), api.reader(), api.caller(), api.clock(), id_)
        return answer(LiftedAnswer(id_, until))
