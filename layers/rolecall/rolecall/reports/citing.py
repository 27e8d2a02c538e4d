"""What a control cites: requirements of frameworks, practice, the organisation's own policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rolecall.controls.control import Control
from rolecall.frameworks.known import FRAMEWORKS

__all__ = ["OWN_POLICY", "REFERENCE_NAMES", "REQUIREMENT_NAMES", "cited_by"]

OWN_POLICY = "policy"
"""The field of references in which a clause of the organisation's own policy stands."""

REQUIREMENT_NAMES: Mapping[str, str] = {
    **{key: framework.name for key, framework in FRAMEWORKS.items()},
    OWN_POLICY: "The organisation's own policy",
}
"""What sets requirements, by the field of the references."""

REFERENCE_NAMES: Mapping[str, str] = {**REQUIREMENT_NAMES, "practice": "General practice"}
"""All that a control may cite: what others advise is no requirement."""


def cited_by(control: Control[Any], clause: str | None) -> Mapping[str, Sequence[str]]:
    """Return what a control cites, by field.

    :param clause: of the organisation's own policy, where it names one.
    """
    cited: dict[str, Sequence[str]] = msgspec.to_builtins(control.references)
    return cited if clause is None else {**cited, OWN_POLICY: (clause,)}
