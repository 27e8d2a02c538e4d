"""A TOML document, held to what people write before it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from rolecall.errors import OverLimitError
from rolecall.limits import check_toml
from rolecall.registry.problems import Problems, undecodable

__all__ = ["toml_document"]


def toml_document(file: str, data: bytes, problems: Problems) -> Mapping[str, Any] | None:
    """Return what a document says, or ``None`` where it cannot be read."""
    try:
        check_toml(data)
        return tomllib.loads(data.decode("utf-8-sig"))
    except (OverLimitError, ValueError, RecursionError) as error:
        problems.add(file, _why(error))
        return None


def _why(error: Exception) -> str:
    """Return what is wrong with a document that cannot be read."""
    if isinstance(error, OverLimitError):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 {undecodable(error)}; save it as UTF-8"
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"is not TOML: {error}"
    # A plain ValueError: Python refuses to read whole numbers of thousands of digits.
    is_deep = isinstance(error, RecursionError)
    return f"is not TOML: {'nested too deeply' if is_deep else 'a number is too long'}"
