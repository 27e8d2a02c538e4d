"""The page that shows the API: no script in it, and its parts packed and kept."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from types import ModuleType

from tests.api import event_of
from tests.cloud import Invocation


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
