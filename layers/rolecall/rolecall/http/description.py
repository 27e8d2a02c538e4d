"""The API describes itself: as OpenAPI for programs, and as a page for people."""

from __future__ import annotations

import json
from inspect import getdoc
from typing import Any

from aws_lambda_powertools.event_handler import Response

from rolecall.http.answers import components
from rolecall.http.description_page import PAGE_HEADERS, page_of_the_api, page_part

__all__ = ["describe"]

_TEXT = (
    "Who holds the keys of an organisation's accounts, what is wrong with that, and how to take "
    "them away. What you may not see does not exist for you: the answer is 404."
)


def describe(app: Any) -> None:
    """Add ``/v1/openapi.json`` and ``/v1/docs``: they need no token, and tell of nobody."""

    @app.get("/v1/openapi.json", include_in_schema=False, compress=True)  # type: ignore[untyped-decorator]
    def description() -> Response[Any]:
        """Describe the API."""
        return Response(
            status_code=200,
            content_type="application/json",
            headers={**PAGE_HEADERS, "Cache-Control": "public, max-age=300"},
            body=_schema(app),
        )

    @app.get("/v1/docs", include_in_schema=False)  # type: ignore[untyped-decorator]
    def page() -> Response[Any]:
        """Show the description."""
        return page_of_the_api()

    @app.get("/v1/docs/<name>", include_in_schema=False, compress=True)  # type: ignore[untyped-decorator]
    def part(name: str) -> Response[Any]:
        """Return what the page loads."""
        return page_part(name)


def _schema(app: Any) -> str:
    from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

    text: str = app.get_openapi_json_schema(
        title="Rolecall",
        version="1",
        openapi_version="3.1.0",
        description=_TEXT,
        security_schemes={"token": HTTPBearer(bearerFormat="JWT")},
        security=[{"token": []}],
    )
    found = json.loads(text)
    found["components"].setdefault("schemas", {}).update(components())
    # The words are those of the functions; Powertools has no use for them.
    words = {
        (route.openapi_path, route.method.lower()): getdoc(route.func)
        for route in (*app._static_routes, *app._dynamic_routes)
    }
    found["paths"] = {
        path.replace("{id_}", "{id}"): {
            method: _told(operation, words[path, method] or "")
            for method, operation in methods.items()
        }
        for path, methods in found["paths"].items()
    }
    return json.dumps(found, ensure_ascii=False)


def _told(operation: dict[str, Any], words: str) -> dict[str, Any]:
    """Return an operation as it is shown, without names that are Python's alone."""
    parameters = [
        {**one, "name": "id"} if one["name"] == "id_" else one
        for one in operation.get("parameters", ())
    ]
    told = {**operation, "summary": words}
    return {**told, "parameters": parameters} if parameters else told
