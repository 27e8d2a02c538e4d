"""A call to moto without what it spends beside its work: the same answers, in half the time.

Most of a call goes into finding out, for each member of each item, by which of a dozen names an
object might hold it; into making the name of the client fit for a header, letter by letter; into
asking a class for its methods; and into looking through the addresses of all of AWS for a table's.
All of it gives the same each time, and is remembered here. ``test_backends.py`` holds every answer
to the one that moto gives by itself.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from unittest import mock

import botocore.useragent
import moto.core.responses
import moto.utilities.aws_headers
from botocore.hooks import EventAliaser
from moto import backend_index
from moto.core.serialize import (
    AttributePickerContext,
    ResponseSerializer,
    XFormedAttributePicker,
)
from moto.core.utils import method_names_from_class

__all__ = ["quick_calls"]

_MISSING = object()
_get_value = ResponseSerializer.get_value
_alias_event_name = EventAliaser._alias_event_name
_method_names = cache(method_names_from_class)
_fit_for_a_header = cache(botocore.useragent.sanitize_user_agent_string_component)

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


@contextmanager
def quick_calls() -> Iterator[None]:
    """Have a call cost what it does."""
    replaced: list[tuple[Any, str, Any]] = [
        (ResponseSerializer, "get_value", _value_of),
        (EventAliaser, "_alias_event_name", _name_of_event),
        (moto.core.responses, "method_names_from_class", _method_names),
        (moto.core.responses, "gen_amzn_requestid_long", _request_id),
        (moto.utilities.aws_headers, "gen_amzn_requestid_long", _request_id),
        (backend_index, "backend_url_patterns", _ADDRESSES),
        (botocore.useragent, "sanitize_user_agent_string_component", _fit_for_a_header),
    ]
    with ExitStack() as stack:
        for where, name, what in replaced:
            stack.enter_context(mock.patch.object(where, name, what))
        yield
