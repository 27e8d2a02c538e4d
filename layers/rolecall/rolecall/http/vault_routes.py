"""The routes of the vault: the credential function does the work, and decides who may."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from rolecall.http import models
from rolecall.http.answers import documented
from rolecall.http.api import Api
from rolecall.http.idempotency import request_id
from rolecall.http.parameters import IdPath
from rolecall.http.problems import answer
from rolecall.model import Login
from rolecall.usecases.queries.registry import RegistryQueries
from rolecall.vault.secret import Secret

if TYPE_CHECKING:
    from rolecall.usecases.vault.admission import SecretRequest

__all__ = ["add_vault_routes"]

_HERE = "/v1/accounts/<id_>/logins/<login>"


def add_vault_routes(router: Router, api: Api) -> None:
    """Add the routes."""

    def ask(account: str, login: str) -> SecretRequest:
        # Nobody else waits for what a request to the vault takes.
        from rolecall.usecases.vault.admission import SecretRequest

        # Whoever may not see the logins learns nothing of them, whatever the vault would say.
        RegistryQueries(api.reader(), api.caller()).logins(account)
        caller = api.caller()
        return SecretRequest(
            id=request_id(api, router.current_event) or secrets.token_hex(16),
            at=api.clock(),
            account=account,
            person=caller.person,
            login=login,
            via=caller.via,
        )

    @router.get("/v1/accounts/<id_>/logins", responses=documented(Login, many=True), tags=["vault"])
    def logins(id_: IdPath) -> Response[Any]:
        """What is known of the logins of an account; never a secret."""
        return answer({"items": RegistryQueries(api.reader(), api.caller()).logins(id_)})

    @router.post(f"{_HERE}/reveal", responses=documented(Secret), tags=["vault"])
    def reveal(id_: IdPath, login: IdPath, body: models.Explanation) -> Response[Any]:
        """Read a secret: the reason stays on record, and you count as knowing it."""
        return answer(api.vault().reveal(ask(id_, login), body.reason))

    @router.post(
        f"{_HERE}/code", responses=documented("rolecall.vault.one_time:Code"), tags=["vault"]
    )
    def code(id_: IdPath, login: IdPath) -> Response[Any]:
        """The one-time code of this moment; the seed stays in the vault."""
        return answer(api.vault().code(ask(id_, login)))

    @router.put(
        f"{_HERE}/secret",
        responses=documented("rolecall.usecases.vault.credentials:Stored"),
        tags=["vault"],
    )
    def put(id_: IdPath, login: IdPath, body: models.NewSecret) -> Response[Any]:
        """Store a secret, or rotate it: then you are the only one to know it."""
        given = Secret(
            body.username, body.password, body.totp, tuple(body.recovery_codes), body.notes
        )
        asked = ask(id_, login)
        vault = api.vault()
        return answer(vault.rotate(asked, given) if body.rotate else vault.store(asked, given))

    @router.get(
        f"{_HERE}/history", responses=documented("rolecall.vault.life:Life"), tags=["vault"]
    )
    def history(id_: IdPath, login: IdPath) -> Response[Any]:
        """Every version of a secret, and who has known it."""
        return answer(api.vault().history(ask(id_, login)))

    @router.delete(
        f"{_HERE}/secret", responses=documented("rolecall.vault.life:Life"), tags=["vault"]
    )
    def destroy(id_: IdPath, login: IdPath) -> Response[Any]:
        """Delete every version of a secret; its history stays."""
        return answer(api.vault().destroy(ask(id_, login)))
