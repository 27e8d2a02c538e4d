"""Proves who calls a function: a question to AWS that only the caller could have signed.

Lambda does not tell a function who invoked it. So the caller signs a ``GetCallerIdentity`` for STS
with its own credentials, for this stack and this request, and does not send it. The function sends
it, and AWS answers with the ARN of whoever signed.

It is good for a minute, and it is the function that says so: STS takes what was signed for a
quarter of an hour, whatever ``X-Amz-Expires`` asks for. The date is what the signature is over, so
nobody makes an old proof young; every field stands in it once, so that the function reads what STS
reads.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from rolecall.aws.clients import client, storage
from rolecall.errors import DeniedError, StorageError

__all__ = ["caller_of", "prove_caller", "this_caller"]

_HEADER = "x-rolecall-request"
_SECONDS = 60
_SKEW = timedelta(seconds=30)
"""How far the clocks of two machines may be apart."""
_MOST = 8_192
_FIELDS = frozenset(
    {
        *("Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"),
        *("X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"),
    }
)
"""What stands in the query of a proof, each once; of credentials for a session a token as well."""
_SESSION_FIELD = "X-Amz-Security-Token"


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


def caller_of(proof: str, stack: str, request: str, at: datetime) -> str:
    """Return the ARN of whoever made a proof.

    :param at: this instant; the proof is a minute old at most.
    :raises DeniedError: it proves nothing, or something else, or it is too old.
    :raises StorageError: STS could not be reached.
    """
    _check(proof, at)
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


def _check(proof: str, at: datetime) -> None:
    """Hold a proof to its form, a question to our own STS and no other, and to its minute."""
    given = _fields(proof)
    signed = given["X-Amz-SignedHeaders"].split(";")
    if given["Action"] != "GetCallerIdentity" or _HEADER not in signed:
        raise DeniedError("the proof of who calls is none")
    try:
        made = datetime.strptime(given["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise DeniedError("the proof of who calls is none") from None
    if not -_SKEW <= at - made <= timedelta(seconds=_SECONDS) + _SKEW:
        raise DeniedError(
            f"the proof of who calls was made at {made:%Y-%m-%dT%H:%M:%SZ}, and here it is "
            f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}: it is good for a minute. Ask again; if that "
            "does not help, set the clock of the machine that asks"
        )


def _fields(proof: str) -> dict[str, str]:
    """Return the fields of a proof's query.

    :raises DeniedError: it is no question to our own STS, or a field is missing, another one, or
        there twice.
    """
    ours = urlsplit(client("sts").meta.endpoint_url)
    try:
        url = urlsplit(proof)
        pairs = parse_qsl(url.query, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise DeniedError("the proof of who calls is none") from None
    given = dict(pairs)
    is_whole = given.keys() - {_SESSION_FIELD} == _FIELDS and len(given) == len(pairs)
    if not is_whole or url.path not in ("", "/") or url.fragment:
        raise DeniedError("the proof of who calls is none")
    if (url.scheme, url.netloc) != (ours.scheme, ours.netloc):
        raise DeniedError(
            f"the proof of who calls asks another STS than {ours.netloc}. What makes it so, on the "
            "machine that asks: another region than the stack's (AWS_REGION), "
            "sts_regional_endpoints = legacy (AWS_STS_REGIONAL_ENDPOINTS=regional helps), "
            "use_fips_endpoint or use_dualstack_endpoint (AWS_USE_FIPS_ENDPOINT=false, "
            "AWS_USE_DUALSTACK_ENDPOINT=false), or an endpoint of its own"
        )
    return given


def _bound(stack: str, request: str) -> str:
    return f"{stack}/{request}"
