"""The routes of registrars: records are put, and what gives power waits for a second officer."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from rolecall.http import models, records
from rolecall.http.answers import EditAnswer, documented
from rolecall.http.api import Api
from rolecall.http.idempotency import kept_answers
from rolecall.http.parameters import IdPath, IfMatch, IfNoneMatch
from rolecall.http.problems import answer
from rolecall.model import Account, Entity, Grant, Person, RegistryRecord
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.record_validation import EditableTable
from rolecall.usecases.governance.recorded_changes import RegistryChange
from rolecall.usecases.governance.registry_changes import (
    approve_change,
    change_of,
    changes_for,
    put_record,
    refuse_change,
)
from rolecall.usecases.governance.sign_in_list_decisions import (
    WantedSignIn,
    approve_sign_in_list,
    ask_sign_ins,
    refuse_sign_in_list,
)
from rolecall.usecases.governance.sign_in_lists import (
    DescribedSignInList,
    SignInList,
    described_sign_ins,
    sign_in_list_of,
)
from rolecall.usecases.governance.sign_in_requests import (
    SignInRequest,
    approve_sign_in,
    ask_sign_in,
    refuse_sign_in,
    sign_in_request_of,
)

__all__ = ["add_registrar_routes"]


def add_registrar_routes(router: Router, api: Api) -> None:
    """Add the routes."""
    _records(router, api)
    _changes(router, api)
    _sign_ins(router, api)
    _sign_in_lists(router, api)


def _records(router: Router, api: Api) -> None:
    def put(
        table: EditableTable,
        key: tuple[str, ...],
        given: RegistryRecord,
        match: str | None,
        none: str | None,
    ) -> Response[Any]:
        caller, at = api.caller(), api.clock()
        record, waits, is_new = put_record(
            api.registrar(), caller, at, table, key, given, match=match, none_match=none
        )
        if waits is not None:
            where = {"Location": f"/v1/changes/{waits.id}"}
            return answer(EditAnswer(record, waits), 202, where)
        tag = {"ETag": etag(record)}
        return answer(EditAnswer(record), 201 if is_new else 200, tag)

    answers = {
        **documented(EditAnswer),
        **documented(EditAnswer, 201),
        **documented(EditAnswer, 202),
    }

    @router.put("/v1/entities/<id_>", responses=answers, tags=["registry"])
    def put_entity(
        id_: IdPath, body: records.EntityBody, match: IfMatch = None, none: IfNoneMatch = None
    ) -> Response[Any]:
        """Put an entity on record; its head, IT delegates and parent wait for a second officer."""
        return put("entities", (id_,), records.made(Entity, body, id=id_), match, none)

    @router.put("/v1/people/<id_>", responses=answers, tags=["registry"])
    def put_person(
        id_: IdPath, body: records.PersonBody, match: IfMatch = None, none: IfNoneMatch = None
    ) -> Response[Any]:
        """Put a person on record; what lets them do more, or longer, waits for a second officer."""
        return put("people", (id_,), records.made(Person, body, id=id_), match, none)

    @router.put("/v1/accounts/<id_>", responses=answers, tags=["registry"])
    def put_account(
        id_: IdPath, body: records.AccountBody, match: IfMatch = None, none: IfNoneMatch = None
    ) -> Response[Any]:
        """Put an account on record."""
        return put("accounts", (id_,), records.made(Account, body, id=id_), match, none)

    @router.put("/v1/accounts/<id_>/grants/<person>", responses=answers, tags=["registry"])
    def put_grant(
        id_: IdPath,
        person: IdPath,
        body: records.GrantBody,
        match: IfMatch = None,
        none: IfNoneMatch = None,
    ) -> Response[Any]:
        """Put a person's role on record; more power waits for a second officer."""
        given = records.made(Grant, body, account_id=id_, person_id=person)
        return put("grants", (id_, person), given, match, none)


def _changes(router: Router, api: Api) -> None:
    @router.get(
        "/v1/changes", responses=documented(RegistryChange, decisions=True), tags=["registry"]
    )
    def changes() -> Response[Any]:
        """The changes that wait for a second officer, the oldest first."""
        found = changes_for(api.registrar(), api.caller())
        return answer({"items": found.readable, "unreadable": found.unreadable})

    @router.get("/v1/changes/<id_>", responses=documented(RegistryChange), tags=["registry"])
    def change(id_: IdPath) -> Response[Any]:
        """A change: what is asked for, and what became of it."""
        return answer(change_of(api.registrar(), api.caller(), id_))

    @router.post(
        "/v1/changes/<id_>/approval", responses=documented(RegistryChange), tags=["registry"]
    )
    @kept_answers
    def approval(id_: IdPath) -> Response[Any]:
        """Put on record what another asked for."""
        caller, at = api.caller(), api.clock()
        return answer(approve_change(api.registrar(), caller, at, id_))

    @router.post(
        "/v1/changes/<id_>/refusal", responses=documented(RegistryChange), tags=["registry"]
    )
    @kept_answers
    def refusal(id_: IdPath, body: models.Explanation) -> Response[Any]:
        """Refuse what is asked for, or take back what you asked for."""
        caller, at = api.caller(), api.clock()
        made = refuse_change(api.registrar(), caller, at, id_, body.reason)
        return answer(made)


def _sign_ins(router: Router, api: Api) -> None:
    here = "/v1/people/<id_>/sign-in"

    @router.get(here, responses=documented(SignInRequest), tags=["registry"])
    def request(id_: IdPath) -> Response[Any]:
        """What is asked for of a person's sign-in, or was."""
        found = sign_in_request_of(api.registrar().sign_ins, api.caller(), id_)
        return answer(found, headers={"ETag": etag(found)})

    @router.post(here, responses=documented(SignInRequest, 202), tags=["registry"])
    @kept_answers
    def ask(id_: IdPath, body: models.SignInBody) -> Response[Any]:
        """Ask for another sign-in of a person who is locked out, or for an office; it takes two."""
        caller, at, store = api.caller(), api.clock(), api.registrar().sign_ins
        made = ask_sign_in(store, caller, at, id_, body.mark, body.reason, body.office)
        return answer(made, 202, {"ETag": etag(made)})

    @router.post(f"{here}/approval", responses=documented(SignInRequest), tags=["registry"])
    @kept_answers
    def approval(id_: IdPath, match: IfMatch = None) -> Response[Any]:
        """Approve the sign-in that you read and another asked for."""
        caller, at, store = api.caller(), api.clock(), api.registrar().sign_ins
        return answer(approve_sign_in(store, caller, at, id_, match))

    @router.post(f"{here}/refusal", responses=documented(SignInRequest), tags=["registry"])
    @kept_answers
    def refusal(id_: IdPath, body: models.Explanation) -> Response[Any]:
        """Refuse what is asked for, or take back what you asked for."""
        caller, at, store = api.caller(), api.clock(), api.registrar().sign_ins
        return answer(refuse_sign_in(store, caller, at, id_, body.reason))


def _sign_in_lists(router: Router, api: Api) -> None:
    here, answers = "/v1/sign-ins/<id_>", documented(DescribedSignInList)

    def described(known: SignInList, status: int = 200) -> Response[Any]:
        store, at = api.registrar().sign_ins, api.clock()
        found = described_sign_ins(store, known, at)
        return answer(found, status, {"ETag": etag(known), "Location": f"/v1/sign-ins/{known.id}"})

    @router.get(here, responses=answers, tags=["registry"])
    def listed(id_: IdPath) -> Response[Any]:
        """What is asked for of the sign-ins of many, with their names and how far it is."""
        return described(sign_in_list_of(api.registrar().sign_ins, api.caller(), id_))

    @router.post("/v1/sign-ins", responses=documented(DescribedSignInList, 202), tags=["registry"])
    @kept_answers
    def ask(body: models.SignInListBody) -> Response[Any]:
        """Ask for other sign-ins of many at once; who cannot be let in so is left out and named."""
        caller, at, store = api.caller(), api.clock(), api.registrar().sign_ins
        wanted = [WantedSignIn(one.person, one.mark) for one in body.people]
        return described(ask_sign_ins(store, caller, at, wanted, body.reason), 202)

    # It is sent again until nobody is left, and so its answers are not kept.
    @router.post(f"{here}/approval", responses=answers, tags=["registry"])
    def approval(id_: IdPath, match: IfMatch = None) -> Response[Any]:
        """Approve the list that you read and another asked for; again while anybody is left."""
        caller, at, store = api.caller(), api.clock(), api.registrar().sign_ins
        return described(approve_sign_in_list(store, caller, at, id_, match))

    @router.post(f"{here}/refusal", responses=answers, tags=["registry"])
    @kept_answers
    def refusal(id_: IdPath, body: models.Explanation) -> Response[Any]:
        """Refuse a list of sign-ins, or take back what you asked for."""
        caller, at, store = api.caller(), api.clock(), api.registrar().sign_ins
        return described(refuse_sign_in_list(store, caller, at, id_, body.reason))
