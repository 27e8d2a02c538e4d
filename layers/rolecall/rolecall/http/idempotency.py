"""``Idempotency-Key``: a POST that is sent again gets the answer that it had.

The key is the caller's own: another's is another key. What is kept is an answer that succeeded, for
a day; what failed has done nothing, and is tried anew.

Which answers are kept, the route says that was matched (:func:`kept_answers`), and nobody reads the
path a second time: two readings of one text differ somewhere. A route that says nothing keeps
nothing. The routes of the vault are such: there the key is the id of the request to the vault,
which records it once and opens the secret again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec
from aws_lambda_powertools.event_handler import Response

from rolecall.errors import InvalidRecordError
from rolecall.http.api import Api

__all__ = ["Served", "keeps_answers", "kept_answers", "request_id", "served_once"]

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_MARK = "_keeps_answers"
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


def kept_answers(endpoint: _Endpoint) -> _Endpoint:
    """Mark an endpoint whose answers may be kept: they hold nothing that is a secret."""
    setattr(endpoint, _MARK, True)
    return endpoint


def keeps_answers(route: Any) -> bool:
    """Tell whether the answers of a route may be kept; ``None`` stands for no route at all."""
    return getattr(getattr(route, "func", None), _MARK, False) is True


class Served(Protocol):
    """What Powertools calls next."""

    def __call__(self, app: Any) -> Response[Any]:
        """Serve the request."""
        ...


def request_id(api: Api, event: Any) -> str | None:
    """Return what names a request, if it brings a key: whoever sends it, where to, and the key.

    :raises InvalidRecordError: the key is none.
    """
    key = event.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidRecordError({"Idempotency-Key": "1 to 255 signs of ASCII, without spaces"})
    caller = api.caller()
    parts = [caller.person, caller.via, event.http_method, event.path, key]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def served_once(api: Api) -> Any:
    """Return the middleware."""

    def middleware(app: Any, next_middleware: Served) -> Response[Any]:
        event = app.current_event
        # The route that the router matched, and that serves this request.
        if event.http_method != "POST" or not keeps_answers(app.context.get("_route")):
            return next_middleware(app)
        # Whoever may not sign in any more gets no kept answer either.
        key = request_id(api, event)
        if key is None:
            return next_middleware(app)
        request = [event.body or "", sorted((event.query_string_parameters or {}).items())]
        kept = api.idempotency().run(
            key,
            hashlib.sha256(msgspec.json.encode(request)).hexdigest(),
            lambda: _plain(next_middleware(app)),
            app.lambda_context,
        )
        return Response(
            status_code=kept["status"],
            content_type=kept["headers"].get("Content-Type", "application/json"),
            headers=kept["headers"],
            body=kept["body"],
        )

    return middleware


def _plain(response: Response[Any]) -> dict[str, Any]:
    return {
        "status": response.status_code,
        "headers": dict(response.headers),
        "body": response.body,
    }
