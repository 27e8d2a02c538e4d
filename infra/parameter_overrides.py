"""Parameters of a template in the forms in which the SAM CLI keeps them."""

from __future__ import annotations

import re
import shlex

__all__ = ["UnreadableAnswersError", "overrides"]

_LONG_FORM = re.compile(r"ParameterKey=(\w+),ParameterValue=")


class UnreadableAnswersError(Exception):
    """What was answered cannot be looked at; the message says why."""


def overrides(given: object) -> dict[str, str]:
    """Return parameters as the SAM CLI reads them: a text, a table, or a list of both."""
    if isinstance(given, dict):
        return {str(name): str(value) for name, value in given.items()}
    if isinstance(given, list):
        return {name: value for one in given for name, value in overrides(one).items()}
    try:
        words = shlex.split(_LONG_FORM.sub(r"\1=", str(given)))
    except ValueError as error:
        raise UnreadableAnswersError(f"parameter_overrides: {error}") from error
    if any(word.startswith("file://") for word in words):
        raise UnreadableAnswersError("parameters that lie in another file (file://) are not read")
    return {
        name: value for name, is_given, value in (one.partition("=") for one in words) if is_given
    }
