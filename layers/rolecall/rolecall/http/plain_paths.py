"""Paths that have signs nobody sees are refused before anything reads them.

A gateway hands a path on decoded, or not: a line break at its end is part of an id for one reader,
and nothing at all for a regular expression that ends in a dollar sign.
"""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response

from rolecall.errors import NotFoundError
from rolecall.http.idempotency import Served

__all__ = ["is_plain", "plain_paths"]

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def is_plain(path: str) -> bool:
    """Tell whether all of a path can be seen, as it stands there and decoded."""
    return not any(unicodedata.category(sign) in _UNSEEN for sign in path + unquote(path))


def plain_paths(app: Any, next_middleware: Served) -> Response[Any]:
    """Refuse other paths; a middleware, the first of all.

    :raises NotFoundError: there is no such route.
    """
    if not is_plain(app.current_event.path):
        raise NotFoundError("there is no such route: its path has control characters")
    return next_middleware(app)
