"""Every kind of request of the suites, made in five regions: its parameters, and whom it asks.

Nothing is sent. botocore holds the parameters to the model of the service, and its rules of
endpoints say whom it would ask: a host of that region, in the domain of its partition.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError

__all__ = ["PLACES", "Place", "Shape", "Trial", "refusals"]


class Place(NamedTuple):
    """Where a stack is deployed."""

    region: str = "eu-central-1"
    partition: str = "aws"
    suffix: str = "amazonaws.com"


PLACES = (
    # The oldest, whose global hosts are its own; one in which most of Europe is.
    Place("us-east-1"),
    Place("eu-central-1"),
    # Of 2021: no global host knows it. Then two that are no part of the others at all.
    Place("ap-southeast-3"),
    Place("us-gov-west-1", "aws-us-gov"),
    Place("cn-north-1", "aws-cn", "amazonaws.com.cn"),
)
_EVERYWHERE = ("iam",)
"""Services that have one host for a partition."""
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}

Shape = tuple[str, str, tuple[str, ...], bool]
"""Requests of one are tried once: service, operation, parameters, and whether it is presigned."""


class Trial(NamedTuple):
    """A request as the suites made it.

    :ivar presigned: its address is given away, and nothing is sent by us.
    """

    service: str
    operation: str
    params: Mapping[str, Any]
    presigned: bool

    @property
    def shape(self) -> Shape:
        """What it has in common with others of its kind."""
        return self.service, self.operation, tuple(sorted(self.params)), self.presigned


def refusals(trial: Trial) -> list[str]:
    """Return in which regions a request could not be made, and why."""
    found = []
    for place in PLACES:
        about = f"{trial.service}:{trial.operation} in {place.region}"
        try:
            host = _host(trial, place)
        except BotoCoreError as error:
            found.append(f"{about}: {error}")
            continue
        region = "" if trial.service in _EVERYWHERE else rf"{place.region}\."
        if not re.search(rf"(^|\.){region}{re.escape(place.suffix)}$", host):
            found.append(f"{about} asks {host}, which is no host of that region")
    return found


def _host(trial: Trial, place: Place) -> str:
    """Make a request, and return whom it would ask."""
    client = _client(trial.service, place)
    params = _moved(trial.params, place)
    if trial.presigned:
        name = next(
            method
            for method, one in client.meta.method_to_api_mapping.items()
            if one == trial.operation
        )
        url = client.generate_presigned_url(name, Params=params, HttpMethod="GET")
        return urlsplit(url).hostname or ""
    asked: list[str] = []

    def keep(request: Any, **_: Any) -> AWSResponse:
        asked.append(request.url)
        return AWSResponse(request.url, 200, {}, mock.Mock(stream=lambda **_: iter((b"",))))

    client.meta.events.register_first("before-send", keep, unique_id="host")
    try:
        client._make_api_call(trial.operation, params)
    except Exception:
        # It is asked already: what an empty answer means to a service is nothing here.
        if not asked:
            raise
    finally:
        client.meta.events.unregister("before-send", unique_id="host")
    return urlsplit(asked[0]).hostname or ""


def _moved(value: Any, place: Place) -> Any:
    """Put the ARNs of where the tests are where the request is made."""
    if isinstance(value, Mapping):
        return {name: _moved(one, place) for name, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, place) for one in value]
    if isinstance(value, str) and value.startswith("arn:aws:"):
        moved = value.replace("arn:aws:", f"arn:{place.partition}:", 1)
        return moved.replace(":us-east-1:", f":{place.region}:", 1)
    return value


@cache
def _client(service: str, place: Place) -> Any:
    """Return a client as the package makes it, with the settings of a function in that region."""
    from rolecall.aws import clients

    settings = {**_CREDENTIALS, "AWS_REGION": place.region, "AWS_DEFAULT_REGION": place.region}
    kept = {name: one for name, one in os.environ.items() if not name.startswith("AWS_")}
    with (
        mock.patch.dict(os.environ, {**kept, **settings}, clear=True),
        mock.patch.object(boto3, "DEFAULT_SESSION", _session()),
    ):
        return clients.client(service)


@cache
def _session() -> boto3.Session:
    from tests.cloud import LOADER

    session = botocore.session.get_session()
    session.register_component("data_loader", LOADER)
    return boto3.Session(botocore_session=session)
