"""Registries with what fails in them and the actions that end it, for the tests of actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from rolecall.actions.action import Action
from rolecall.actions.checking import Checked, checked
from rolecall.actions.drafts import Standing
from rolecall.actions.folding import Fold, fold
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.finding import Finding
from rolecall.model import Policy, Snapshot
from tests.registries import AS_OF, RegistryFiles

__all__ = ["Plan", "plan_of", "planned"]


class Plan(NamedTuple):
    """A registry, what fails in it, and what ends that."""

    snapshot: Snapshot
    policy: Policy
    as_of: datetime
    findings: Sequence[Finding]
    folded: Fold

    @property
    def actions(self) -> Sequence[Action]:
        """The actions, in order of key."""
        return self.folded.actions

    def one(self, *key: str) -> Action:
        """Return the action of a key, which may leave out what is empty."""
        [found] = [one for one in self.actions if one.key[: len(key)] == key]
        return found

    def check(self) -> Checked:
        """Carry all out, and evaluate again."""
        return checked(self.actions, self.findings, self.snapshot, self.policy, self.as_of)


def planned(snapshot: Snapshot, policy: Policy, as_of: datetime = AS_OF) -> Plan:
    """Return what fails in a registry, and what ends it."""
    context = Context(snapshot, policy, as_of)
    findings = evaluate(context, catalogue().values()).findings
    standing = [Standing(one, as_of) for one in findings]
    return Plan(snapshot, policy, as_of, findings, fold(standing, context))


def plan_of(files: RegistryFiles) -> Plan:
    """Return what fails in a registry of a test, and what ends it."""
    return planned(*files.read())
