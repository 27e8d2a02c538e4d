"""A call to moto without what it spends beside its work: the same answers, in half the time.

Most of a call goes into finding out, for each member of each item, by which of a dozen names an
object might hold it; into making up a name of the client for a header, letter by letter; into
asking a class for its methods; and into looking through the addresses of all of AWS for a table's.
All of it gives the same each time, and is remembered here. A call to DynamoDB is not signed, which
moto does not look at, and goes to moto's own handler as it is, without being made into a request of
a web server first. ``test_backends.py`` holds every answer to the one that moto gives by itself.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from unittest import mock

import moto.core.responses
import moto.utilities.aws_headers
from botocore.awsrequest import AWSPreparedRequest
from botocore.hooks import EventAliaser
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto import backend_index
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.serialize import (
    AttributePickerContext,
    ResponseSerializer,
    XFormedAttributePicker,
)
from moto.core.utils import get_service_model, method_names_from_class, utcnow
from moto.dynamodb.responses import DynamoHandler
from moto.utilities.utils import get_partition
from requests.structures import CaseInsensitiveDict
from werkzeug.http import http_date

__all__ = ["quick_calls"]

_MISSING = object()
_TABLES = re.compile(r"https://(?:dynamodb|\d+\.ddb)\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/$")
_get_value = ResponseSerializer.get_value
_process_request = BotocoreStubber.process_request
_signed = RequestSigner.sign
_alias_event_name = EventAliaser._alias_event_name
_method_names = cache(method_names_from_class)

# By the member of a shape, which is kept so that no other can have its number.
_names: dict[tuple[int, str], tuple[Any, tuple[str, ...]]] = {}
_events: dict[str, str] = {}


def _value_of(self: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
    """Return what a dictionary has for a member of a shape."""
    picker: Any = self._value_picker
    if (
        type(value) is not dict
        or type(picker) is not XFormedAttributePicker
        or picker.response_transformers
    ):
        return _get_value(self, value, key, shape)
    for name in _names_of(self, value, key, shape):
        found = value.get(name, _MISSING)
        if found is not _MISSING:
            return found
    return None


def _names_of(self: ResponseSerializer, value: Any, key: str, shape: Any) -> tuple[str, ...]:
    """Return the names that a dictionary may have for a member; none is a path."""
    known = _names.get((id(shape), key))
    if known is None:
        context = AttributePickerContext(
            obj=value,
            key=key,
            shape=shape,
            operation_model=self.operation_model,
            service_model=self.operation_model.service_model,
            key_path="",
        )
        picker: Any = self._value_picker
        names = tuple(dict.fromkeys(picker.get_possible_keys(context)))
        assert not any("." in name for name in names), names
        known = _names[id(shape), key] = (shape, names)
    return known[1]


def _request_id(headers: MutableMapping[str, Any] | None = None) -> str:
    """Return the number of a request, and put it among the headers."""
    number = secrets.token_hex(26).upper()
    if headers is not None:
        headers["x-amzn-requestid"] = number
    return number


def _name_of_event(self: EventAliaser, event_name: str) -> str:
    """Return the name by which an event goes today, the same for every client."""
    if event_name not in _events:
        _events[event_name] = _alias_event_name(self, event_name)
    return _events[event_name]


def _addresses() -> list[tuple[str, re.Pattern[str]]]:
    """Return the addresses of services, those first whom most calls go to and nobody else has."""
    found = backend_index.backend_url_patterns
    first = [one for one in found if one[0] in ("dynamodb", "kms")]
    return [*first, *(one for one in found if one not in first)]


_ADDRESSES = _addresses()


def _process(self: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """Answer a request; one to DynamoDB is what its handler reads, and no more."""
    found = _TABLES.match(request.url)
    if found is None or not isinstance(request.body, bytes):
        return _process_request(self, request)
    handler: Any = DynamoHandler()
    handler.headers = CaseInsensitiveDict(
        (name, value.decode() if isinstance(value, bytes) else value)
        for name, value in request.headers.items()
    )
    handler.querystring = {}
    handler.region = found["region"]
    handler.partition = get_partition(handler.region)
    handler.current_account = handler.get_current_account()
    handler.response_headers = {"server": "amazon.com", "date": http_date(utcnow())}
    operation = get_service_model("dynamodb").operation_model(handler._get_action())
    asked: Any = {"body": request.body, "headers": handler.headers, "values": {}, "url_params": {}}
    parser = PROTOCOL_PARSERS["json"](operation, map_type=handler.PROTOCOL_PARSER_MAP_TYPE)
    handler.params = parser.parse(asked)
    return handler.call_action()


def _sign(self: RequestSigner, operation_name: str, request: Any, *rest: Any, **named: Any) -> None:
    """Sign a request, unless moto answers it for DynamoDB: another engine looks at that."""
    if self._service_id != "DynamoDB" or not _TABLES.match(request.url):
        _signed(self, operation_name, request, *rest, **named)


@contextmanager
def quick_calls() -> Iterator[None]:
    """Have a call cost what it does."""
    replaced: list[tuple[Any, str, Any]] = [
        (BotocoreStubber, "process_request", _process),
        (RequestSigner, "sign", _sign),
        (ResponseSerializer, "get_value", _value_of),
        (EventAliaser, "_alias_event_name", _name_of_event),
        (moto.core.responses, "method_names_from_class", _method_names),
        (moto.core.responses, "gen_amzn_requestid_long", _request_id),
        (moto.utilities.aws_headers, "gen_amzn_requestid_long", _request_id),
        (backend_index, "backend_url_patterns", _ADDRESSES),
        (UserAgentString, "to_string", lambda _: "Boto3"),
    ]
    with ExitStack() as stack:
        for where, name, what in replaced:
            stack.enter_context(mock.patch.object(where, name, what))
        yield
