"""The page that shows the description of the API, and the parts that it loads.

No script stands in the page: its policy allows those of this API alone. The parts are large and
never change within a release, so they are compressed, named by their digests, and kept by whoever
asked for them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from rolecall.errors import NotFoundError

__all__ = ["PAGE_HEADERS", "page_of_the_api", "page_part"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}
_START = """\
window.onload = function () {
  window.ui = SwaggerUIBundle({
    url: "/v1/openapi.json",
    dom_id: "#swagger-ui",
    docExpansion: "list",
    deepLinking: true,
    filter: true,
    presets: [SwaggerUIBundle.presets.apis],
  });
};
"""
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Rolecall API</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<div id="swagger-ui">Loading...</div>
<script src="{script}"></script>
<script src="{start}"></script>
</body>
</html>
"""
_PARTS = {
    "swagger-ui.js": ("swagger-ui-bundle.min.js", "text/javascript; charset=utf-8"),
    "swagger-ui.css": ("swagger-ui.min.css", "text/css; charset=utf-8"),
    "start.js": (None, "text/javascript; charset=utf-8"),
}


def page_of_the_api() -> Response[str]:
    """Return the page; it names its parts by what is in them."""
    named = {name: f"/v1/docs/{name}?{_digest(name)}" for name in _PARTS}
    return Response(
        status_code=200,
        content_type="text/html; charset=utf-8",
        headers={**PAGE_HEADERS, "Cache-Control": "public, max-age=300"},
        body=_PAGE.format(
            script=named["swagger-ui.js"], style=named["swagger-ui.css"], start=named["start.js"]
        ),
    )


def page_part(name: str) -> Response[str]:
    """Return a part of the page, compressed for whoever can read that.

    :raises NotFoundError: there is none of that name.
    """
    if name not in _PARTS:
        raise NotFoundError("the page has no such part")
    return Response(
        status_code=200,
        content_type=_PARTS[name][1],
        headers={
            **PAGE_HEADERS,
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        },
        body=_content(name),
    )


@cache
def _content(name: str) -> str:
    from aws_lambda_powertools.event_handler.openapi import swagger_ui

    file, _ = _PARTS[name]
    if file is None:
        return _START
    return (Path(swagger_ui.__file__).parent / file).read_text(encoding="utf-8")


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_content(name).encode()).hexdigest()[:16]
