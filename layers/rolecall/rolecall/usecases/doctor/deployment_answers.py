"""The answers of a deployment: parameters, name and region, as ``samconfig.toml`` keeps them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from rolecall.errors import OverLimitError, UsageError
from rolecall.limits import check_toml

__all__ = ["DeploymentAnswers", "number_of", "read_answers"]

_GIVEN = re.compile(r"([A-Za-z0-9]+)=(?:\"((?:[^\"\\]|\\.)*)\"|(\S*))")


class DeploymentAnswers(Struct, frozen=True):
    """What was answered; ``stack`` and ``region`` are empty where nothing was."""

    stack: str = ""
    region: str = ""
    parameters: Mapping[str, str] = {}

    def number(self, name: str, otherwise: int) -> int:
        """Return a parameter that is a number; what is none, another check tells of."""
        return number_of(self.parameters, name, otherwise)

    def get(self, name: str, otherwise: str = "") -> str:
        """Return a parameter."""
        return self.parameters.get(name, otherwise)


def number_of(parameters: Mapping[str, str], name: str, otherwise: int) -> int:
    """Return a parameter that is a number, or what there is instead of one."""
    text = parameters.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else otherwise


def read_answers(data: bytes, where: str) -> DeploymentAnswers:
    """Read a file of the AWS SAM CLI.

    :param where: it lies, for the message.
    :raises UsageError: it cannot be read.
    """
    try:
        check_toml(data)
        document = tomllib.loads(data.decode())
    except (OverLimitError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{where}: {error}") from error
    given: dict[str, Any] = {}
    for section in ("global", "deploy"):
        part = _table(_table(document.get("default")).get(section))
        given |= _table(part.get("parameters"))
    overrides = given.get("parameter_overrides", "")
    parts = overrides if isinstance(overrides, str) else " ".join(map(str, overrides))
    return DeploymentAnswers(
        stack=str(given.get("stack_name", "")),
        region=str(given.get("region", "")),
        parameters={
            name: re.sub(r"\\(.)", r"\1", quoted) or plain
            for name, quoted, plain in _GIVEN.findall(parts)
        },
    )


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
