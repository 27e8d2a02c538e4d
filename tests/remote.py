"""What stands between the vault and who calls it from outside: STS and Lambda, in this process."""

from __future__ import annotations

from types import ModuleType
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import msgspec

from tests.cloud import Invocation

__all__ = ["ARN", "Lambda", "Sts"]

ARN = "arn:aws:sts::123456789012:assumed-role/operator/jane"


class Sts:
    """Answers as STS does to who signed for it."""

    status = 200
    body = f"<Arn>{ARN}</Arn>"
    trouble: Exception | None = None

    def __init__(self, timeout: float) -> None:
        assert timeout <= 10

    def send(self, request: Any) -> Any:
        """Look at the request as STS would."""
        if self.trouble is not None:
            raise self.trouble
        query = parse_qs(urlsplit(request.url).query)
        assert request.method == "GET"
        assert query["X-Amz-Expires"] == ["60"]
        signed = query["X-Amz-SignedHeaders"][0].split(";")
        assert set(signed) <= {"host", *map(str.lower, request.headers)}
        return mock.Mock(status_code=self.status, content=self.body.encode())


class Lambda:
    """Invokes the function in this process."""

    def __init__(self, function: ModuleType) -> None:
        self.function = function
        self.broken = False

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        """Invoke it."""
        assert FunctionName == "credential"
        answer = self.function.handler(msgspec.json.decode(Payload), Invocation())
        body = mock.Mock(read=lambda: msgspec.json.encode(answer))
        return {"Payload": body, **({"FunctionError": "Unhandled"} if self.broken else {})}
