"""The API describes itself: as OpenAPI for programs, and as a page for people."""

from __future__ import annotations

import json
from inspect import getdoc
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from rolecall.http.answers import components

__all__ = ["describe"]

_TEXT = (
    "Who holds the keys of an organisation's accounts, what is wrong with that, and how to take "
    "them away. What you may not see does not exist for you: the answer is 404."
)
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page has its script and style in it, asks this API, and nobody else for anything."""


def describe(app: Any) -> None:
    """Add ``/v1/openapi.json`` and ``/v1/docs``: they need no token, and tell of nobody."""

    @app.get("/v1/openapi.json", include_in_schema=False)  # type: ignore[untyped-decorator]
    def description() -> Response[Any]:
        """Describe the API."""
        return Response(status_code=200, content_type="application/json", body=_schema(app))

    @app.get("/v1/docs", include_in_schema=False, compress=True)  # type: ignore[untyped-decorator]
    def page() -> Response[Any]:
        """Show the description."""
        from aws_lambda_powertools.event_handler.openapi import swagger_ui

        here = Path(swagger_ui.__file__).parent
        script, style = (
            (here / name).read_text(encoding="utf-8")
            for name in ("swagger-ui-bundle.min.js", "swagger-ui.min.css")
        )
        # What is in a script may not end it.
        schema = _schema(app).replace("</", "<\\/")
        html = swagger_ui.generate_swagger_html(schema, script, style, "", None)
        titled = html.replace("<title>Swagger UI</title>", "<title>Rolecall API</title>")
        return Response(
            status_code=200,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"},
            body=titled.replace("<html>", '<html lang="en">', 1),
        )


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
