"""Clients of AWS services, and what their failures are called here.

boto3 finds the account, the region and the endpoint as it always does (``AWS_PROFILE``,
``AWS_REGION``, ``AWS_ENDPOINT_URL``). Calls are retried by botocore in its adaptive mode, which
also slows down where a service asks for it.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rolecall.errors import StorageError

__all__ = ["CONNECTIONS", "Meter", "client", "code_of", "is_aws", "pause", "storage"]

CONNECTIONS = 32

_REGIONAL = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
"""How S3 is addressed. Otherwise botocore signs addresses for the one global host, which sends on
to a new bucket's region for hours, where the signature is that of another host, and which does not
know regions that came after 2019 at all."""

# Those of the partitions, for either generation of IP: all regions, China, and the isolated ones.
_DOMAINS = (
    *(".amazonaws.com", ".api.aws", ".amazonaws.com.cn", ".api.amazonwebservices.com.cn"),
    *(".c2s.ic.gov", ".sc2s.sgov.gov", ".amazonaws.eu"),
)

# At DEBUG, botocore logs the bodies of requests and answers, and urllib3 the signed address of each
# request: people, keys, secrets and proofs. With LogLevel DEBUG, Lambda lets all of it through.
for _name in ("botocore", "boto3", "s3transfer", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def client(service: str) -> Any:
    """Return a client of a service."""
    made = _client(service, _REGIONAL if service == "s3" else None)
    if service == "s3" and not is_aws(made.meta.endpoint_url):
        # An emulator has one host, and the bucket in the path.
        return _client(service, None)
    return made


def _client(service: str, s3: Mapping[str, str] | None) -> Any:
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return boto3.client(
        service,
        region_name=region,
        config=Config(
            retries={"mode": "adaptive", "max_attempts": 8},
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=CONNECTIONS,
            signature_version="s3v4" if service == "s3" else None,
            s3=s3,
        ),
    )


def is_aws(endpoint: str) -> bool:
    """Tell whether an endpoint is one of AWS itself, and no emulator's."""
    host = urlsplit(endpoint).hostname or ""
    return host.endswith(_DOMAINS)


def code_of(error: ClientError) -> str:
    """Return the code that a service gave an error."""
    code: str = error.response.get("Error", {}).get("Code", "")
    return code


@contextmanager
def storage(what: str) -> Iterator[None]:
    """Call failures of AWS by one name.

    :param what: was being done, for the message; never holds data.
    :raises StorageError: AWS refused, or could not be reached.
    """
    try:
        yield
    except ClientError as error:
        raise StorageError(f"{what}: AWS answered {code_of(error) or 'an error'}") from error
    except BotoCoreError as error:
        raise StorageError(f"{what}: {error}") from error


def pause(attempt: int) -> None:
    """Wait before another attempt, longer each time and never as long as others that wait."""
    time.sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))  # noqa: S311 - no secret.


class Meter:
    """Adds up the request units that DynamoDB says it took.

    :ivar units: of reading and writing together.
    :ivar items: written.
    """

    def __init__(self) -> None:
        self.units = 0.0
        self.items = 0
        # Pages are read ahead by threads.
        self._lock = threading.Lock()

    def on(self, client: Any) -> Any:
        """Return a client of DynamoDB whose calls are counted."""
        events = client.meta.events
        for operation in ("Query", "GetItem", "BatchGetItem", "TransactWriteItems"):
            events.register(f"provide-client-params.dynamodb.{operation}", self._ask)
            events.register(f"after-call.dynamodb.{operation}", self._count)
        return client

    def _ask(self, params: dict[str, Any], **_: Any) -> dict[str, Any]:
        with self._lock:
            self.items += len(params.get("TransactItems", ()))
        return {**params, "ReturnConsumedCapacity": "TOTAL"}

    def _count(self, parsed: Any, **_: Any) -> None:
        taken = parsed.get("ConsumedCapacity") or []
        units = [one.get("CapacityUnits", 0.0) for one in _listed(taken)]
        with self._lock:
            self.units += sum(units)


def _listed(taken: Any) -> list[Any]:
    return [taken] if isinstance(taken, dict) else taken
