"""What stands between the vault and who calls it from outside: STS and Lambda, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import boto3
import msgspec
from botocore.awsrequest import AWSResponse

from tests.cloud import Invocation
from tests.permissions.recording import acting, role

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
    """Invokes the function in this process, for a client that asks as it would ask AWS."""

    def __init__(self, function: ModuleType) -> None:
        self.function = function
        self.broken = False
        self._client = boto3.client("lambda")
        self.serve(self._client.meta.events)

    def invoke(self, **asked: Any) -> Any:
        """Invoke it; who is no function asks as an operator."""
        with acting(role() or "OperatorRole"):
            return self._client.invoke(**asked)

    def serve(self, events: Any) -> None:
        """Answer clients, those of a session or one: by what they would have sent to AWS."""
        events.register("before-call.lambda.Invoke", self._answer)

    def _answer(self, params: Mapping[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        assert params["url_path"].endswith("/functions/credential/invocations")
        answer = self.function.handler(msgspec.json.decode(params["body"]), Invocation())
        body = mock.Mock(read=lambda: msgspec.json.encode(answer))
        failed = {"FunctionError": "Unhandled"} if self.broken else {}
        return AWSResponse(params["url"], 200, {}, None), {"Payload": body, **failed}
