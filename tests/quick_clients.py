"""A client of AWS without what every other of its kind was made of already.

To make one takes as long as three calls, and a test makes a dozen: each function that is started,
each look at the stack. Its class, its rules for addresses and its parsers are the same for all that
were asked for alike; what a client changes is its own: who listens to it, and how it tries again.
``test_backends.py`` holds that one hears nothing of another.
"""

from __future__ import annotations

import copy
import inspect
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import botocore.hooks
from botocore.client import ClientCreator
from botocore.hooks import _MIDDLE, EventAliaser, _PrefixTrie

__all__ = ["quick_clients"]

_arguments = ClientCreator._get_client_args
_class = ClientCreator._create_client_class
_accepts_kwargs = botocore.hooks.accepts_kwargs
_append_item = _PrefixTrie.append_item
_remove_item = _PrefixTrie.remove_item

# Who asked is kept beside what was made, so that no other can have its number.
_made: dict[Any, tuple[Any, dict[str, Any]]] = {}
_classes: dict[Any, tuple[Any, type[Any]]] = {}


def _class_once(self: ClientCreator, service_name: str, service_model: Any) -> type[Any]:
    """Return the class of a service's clients."""
    key = (id(self._event_emitter), service_name, service_model.api_version)
    if key not in _classes:
        _classes[key] = (self._event_emitter, _class(self, service_name, service_model))
    return _classes[key][1]


def _arguments_once(
    self: ClientCreator,
    service_model: Any,
    region_name: str | None,
    is_secure: bool,
    endpoint_url: str | None,
    verify: Any,
    credentials: Any,
    scoped_config: Any,
    client_config: Any,
    *rest: Any,
) -> dict[str, Any]:
    """Return what a client is made of, with listeners of its own."""
    asked = (service_model, region_name, is_secure, endpoint_url, verify, credentials)
    frozen = credentials and tuple(credentials.get_frozen_credentials())
    settings = sorted(one for one in os.environ.items() if one[0].startswith("AWS_"))
    key = (
        id(self._event_emitter),
        *(service_model.service_name, service_model.api_version),
        *(region_name, is_secure, endpoint_url, verify, frozen),
        repr(client_config and sorted(client_config._user_provided_options.items())),
        *settings,
    )
    if key not in _made:
        made = _arguments(self, *asked, scoped_config, client_config, *rest)
        _made[key] = (self._event_emitter, made)
    return _with_listeners(_made[key][1], copy.copy(self._event_emitter))


def _with_listeners(made: dict[str, Any], emitter: EventAliaser) -> dict[str, Any]:
    changed: dict[str, Any] = {"event_emitter": emitter}
    for name in ("endpoint", "request_signer", "endpoint_ruleset_resolver"):
        changed[name] = copy.copy(made[name])
        assert "_event_emitter" in vars(changed[name]), name
        changed[name]._event_emitter = emitter
    # As it does itself, so that no client holds itself.
    changed["request_signer"]._event_emitter = weakref.proxy(emitter)
    changed["user_agent_creator"] = copy.copy(made["user_agent_creator"])
    return {**made, **changed}


def _shared(self: _PrefixTrie) -> _PrefixTrie:
    """Return a tree of listeners with the same branches: whoever adds to one copies that."""
    made = _PrefixTrie()
    made._root = self._root
    return made


def _append(self: _PrefixTrie, key: str, value: Any, section: Any = _MIDDLE) -> None:
    """Add a listener to this tree alone."""
    _own(self, key)
    _append_item(self, key, value, section)


def _remove(self: _PrefixTrie, key: str, value: Any) -> None:
    """Take a listener out of this tree alone."""
    _own(self, key)
    _remove_item(self, key, value)


def _own(tree: _PrefixTrie, key: str) -> None:
    """Copy what lies on the way to a key."""
    node = tree._root = _node(tree._root)
    for part in key.split("."):
        if part not in node["children"]:
            return
        node["children"][part] = node = _node(node["children"][part])


def _node(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "children": {**node["children"]}, "values": copy.copy(node["values"])}


def _takes_all(listener: Any) -> bool:
    """Return whether a function takes whatever it is told by name, without its whole signature."""
    code = getattr(getattr(listener, "__func__", listener), "__code__", None)
    if code is None:
        return bool(_accepts_kwargs(listener))
    return bool(code.co_flags & inspect.CO_VARKEYWORDS)


@contextmanager
def quick_clients() -> Iterator[None]:
    """Have a client cost what is its own."""
    with (
        mock.patch.object(ClientCreator, "_get_client_args", _arguments_once),
        mock.patch.object(ClientCreator, "_create_client_class", _class_once),
        mock.patch.object(_PrefixTrie, "__copy__", _shared),
        mock.patch.object(botocore.hooks, "accepts_kwargs", _takes_all),
        mock.patch.object(_PrefixTrie, "append_item", _append),
        mock.patch.object(_PrefixTrie, "remove_item", _remove),
    ):
        yield
