"""Proves who calls a function: a question to AWS that only the caller could have signed.

Lambda does not tell a function who invoked it. So the caller signs a ``GetCallerIdentity`` for STS
with its own credentials, for this stack and this request and for a minute, and does not send it.
The function sends it, and AWS answers with the ARN of whoever signed.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from rolecall.aws.clients import client, storage
from rolecall.errors import DeniedError, StorageError

__all__ = ["caller_of", "prove_caller", "this_caller"]

_HEADER = "x-rolecall-request"
_SECONDS = 60
_MOST = 8_192


def prove_caller(stack: str, request: str) -> str:
    """Return a proof of who this is, good for one request to one stack, for a minute.

    :raises StorageError: there are no credentials.
    """
    sts = client("sts")

    def bind(request: Any, **_: Any) -> None:
        request.headers[_HEADER] = _bound(stack, request_id)

    request_id = request
    sts.meta.events.register("before-sign.sts.GetCallerIdentity", bind)
    with storage("proving who this is"):
        url: str = sts.generate_presigned_url(
            "get_caller_identity", ExpiresIn=_SECONDS, HttpMethod="GET"
        )
    return url


def this_caller() -> str:
    """Return the ARN of whoever runs this process.

    :raises StorageError: there are no credentials, or STS could not be reached.
    """
    with storage("asking who this is"):
        found: str = client("sts").get_caller_identity()["Arn"]
    return found


def caller_of(proof: str, stack: str, request: str) -> str:
    """Return the ARN of whoever made a proof.

    :raises DeniedError: it proves nothing, or something else.
    :raises StorageError: STS could not be reached.
    """
    _check(proof)
    asked = AWSRequest("GET", proof, {_HEADER: _bound(stack, request)})
    try:
        answer = URLLib3Session(timeout=5).send(asked.prepare())
    except BotoCoreError as error:
        # The message would quote the address, which is a proof.
        raise StorageError(f"asking who calls: {type(error).__name__}") from None
    found = re.search(rb"<Arn>([^<>]{1,2048})</Arn>", answer.content[:_MOST])
    if answer.status_code != 200 or found is None:
        raise DeniedError("AWS does not know who calls: the proof is too old, or for another call")
    return found[1].decode()


def _check(proof: str) -> None:
    """Hold a proof to its form: a question to our own STS, and no other."""
    ours = urlsplit(client("sts").meta.endpoint_url)
    try:
        url = urlsplit(proof)
        given = parse_qs(url.query, strict_parsing=True)
    except ValueError:
        raise DeniedError("the proof of who calls is none") from None
    signed = given.get("X-Amz-SignedHeaders", [""])[0].split(";")
    if (
        (url.scheme, url.netloc) != (ours.scheme, ours.netloc)
        or url.path not in ("", "/")
        or given.get("Action") != ["GetCallerIdentity"]
        or _HEADER not in signed
        or url.fragment
    ):
        raise DeniedError("the proof of who calls is none")


def _bound(stack: str, request: str) -> str:
    return f"{stack}/{request}"
