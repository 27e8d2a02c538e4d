"""Whether a finding went because the organisation set another limit.

The evidence of a finding holds the limits that decided. Where the policy has others today, the same
check is put to the same subject once more, with those of then: if it fails, nobody put anything
right. A limit that the evidence does not hold cannot be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.controls.context import Context
from rolecall.controls.control import Control, Params
from rolecall.controls.judgement import failures
from rolecall.finding import Finding
from rolecall.model import Policy, Subject

__all__ = ["PolicyComparison"]


class _Limits(Struct, frozen=True):
    """What decided, of what a policy may set: of the control, and of the policy as a whole."""

    params: Mapping[str, Any]
    settings: Mapping[str, Any]


class PolicyComparison:
    """Holds findings that do not fail any more against the limits of then."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._items: dict[str, dict[Subject, Any]] = {}
        self._contexts: dict[bytes, Context] = {}

    def decides(self, finding: Finding, control: Control[Any], params: Params) -> bool:
        """Tell whether a finding would still fail by the limits that its evidence holds.

        :param params: those of today, for the entity of its subject.
        """
        then = self._then(finding.evidence, control, params)
        if not (then.params or then.settings):
            return False
        item = self._item(control, finding.subject)
        if item is None:
            return False
        context = self._under(then.settings)
        return bool(failures(control, [item], context, replace(params, **then.params))[0])

    def _then(self, evidence: bytes, control: Control[Any], params: Params) -> _Limits:
        """Return the limits of the evidence that are others today."""
        told = msgspec.json.decode(evidence)
        if not isinstance(told, dict) or control.subjects.kind == "policy":
            # What a policy itself is to be is put right in the policy.
            return _Limits({}, {})
        policy = self._context.policy
        needs = dict.fromkeys(chain(control.needs, *control.needs_one))
        names = [need.partition(".")[2] for need in needs if need.startswith("policy.")]
        return _Limits(
            _others(told, params, [name for name in control.parameters if name in told]),
            _others(told, policy, [name for name in names if name in told]),
        )

    def _item(self, control: Control[Any], subject: Subject) -> Any:
        if control.id not in self._items:
            of = control.subjects.subject
            self._items[control.id] = {
                of(one): one for one in control.subjects.select(self._context)
            }
        return self._items[control.id].get(subject)

    def _under(self, settings: Mapping[str, Any]) -> Context:
        """Return the context under a policy that has other settings."""
        if not settings:
            return self._context
        key = msgspec.json.encode(settings, order="deterministic")
        if key not in self._contexts:
            policy = replace(self._context.policy, **settings)
            self._contexts[key] = Context(self._context.snapshot, policy, self._context.as_of)
        return self._contexts[key]


def _others(told: Mapping[str, Any], now: Params | Policy, names: list[str]) -> dict[str, Any]:
    """Return what evidence has otherwise than a policy has it now, as the policy would."""
    found = {}
    for name in names:
        value = getattr(now, name)
        then = frozenset(told[name]) if isinstance(told[name], list) else told[name]
        folded = value
        if isinstance(value, frozenset) and isinstance(then, frozenset):
            # The evidence has names of platforms and applications as they are compared.
            folded = frozenset(one.casefold() for one in value)
            then = frozenset(one.casefold() for one in then)
        if then != folded:
            found[name] = then
    return found
