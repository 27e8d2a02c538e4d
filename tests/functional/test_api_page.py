"""The page that shows the API: no script in it, and its parts packed and kept."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from types import ModuleType

from tests.api import description, event_of
from tests.cloud import ROOT, Invocation, resources, template


def test_the_page_of_the_api_has_no_script_in_it_and_its_parts_are_packed_and_kept(
    function: ModuleType,
) -> None:
    page = function.handler(event_of("GET", "/v1/docs", None), Invocation())
    assert page["statusCode"] == 200
    assert "unsafe-inline" not in page["headers"]["Content-Security-Policy"]
    assert "max-age" in page["headers"]["Strict-Transport-Security"]
    assert re.findall(r"<script(?![^>]* src=)", page["body"]) == []
    parts = re.findall(r'(?:src|href)="([^"]+)"', page["body"])
    assert len(parts) == 3
    for part in parts:
        path = part.partition("?")[0]
        sizes = []
        for accepted in ("gzip, br", "identity"):
            event = event_of("GET", path, None, headers={"accept-encoding": accepted})
            answer = function.handler(event, Invocation())
            assert answer["statusCode"] == 200
            assert "immutable" in answer["headers"]["Cache-Control"]
            is_packed = accepted != "identity"
            assert answer["isBase64Encoded"] == is_packed
            data = base64.b64decode(answer["body"]) if is_packed else answer["body"].encode()
            sizes.append(len(data))
            plain = zlib.decompress(data, 47) if is_packed else data
            assert answer["headers"].get("Content-Encoding") == ("gzip" if is_packed else None)
            assert part.endswith(hashlib.sha256(plain).hexdigest()[:16])
        assert sizes[0] < 600_000
    assert function.handler(event_of("GET", "/v1/docs/x", None), Invocation())["statusCode"] == 404
    event = event_of("GET", "/v1/openapi.json", None, headers={"accept-encoding": "gzip"})
    assert function.handler(event, Invocation())["headers"]["Content-Encoding"] == "gzip"


def test_the_gateway_lets_through_what_the_description_says(function: ModuleType) -> None:
    """Hold methods, and headers for pages of other origins, to the routes and to what they answer.

    A header that is not exposed is there, and a page cannot read it.
    """
    operations = [
        (method.upper(), operation)
        for methods in description(function)["paths"].values()
        for method, operation in methods.items()
    ]
    keys = [one["Properties"]["RouteKey"] for one in resources("AWS::ApiGatewayV2::Route").values()]
    by_proxy = {key.partition(" ")[0] for key in keys if key.endswith(" /v1/{proxy+}")}
    assert by_proxy == {method for method, _ in operations}
    cors = template()["Resources"]["Gateway"]["Properties"]["CorsConfiguration"]["Fn::If"][1]
    asked = {
        parameter["name"].lower()
        for _, operation in operations
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header"
    }
    assert asked == {"if-match", "if-none-match"}
    # The key of a request goes with every one that writes, and is described once for all.
    every = {"authorization", "content-type", "idempotency-key"}
    assert asked | every == set(cors["AllowHeaders"])
    written = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "layers/rolecall/rolecall/http").glob("*.py")
    )
    answered = set(re.findall(r'"((?:[A-Z][a-z]+-)*[A-Z][A-Za-z]+)":', written))
    told = {"ETag", "Location", "Retry-After", "Content-Disposition"}
    assert told <= answered
    assert {name.lower() for name in told} == set(cors["ExposeHeaders"])
