"""Why a known finding does not fail any more: fixed, gone, or by no work of anybody.

*Fixed* is what is certain to be somebody's work. What goes although nothing was put right, for its
rule or a limit of the policy is another one, has a reason of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from rolecall.controls.audience import is_for_officers
from rolecall.controls.context import Context
from rolecall.controls.control import Control
from rolecall.controls.parameters import is_turned_off
from rolecall.controls.populations import CLOSED_ACCOUNTS, Observed
from rolecall.controls.shown_contents import CONTENTS
from rolecall.controls.versions import has_changed
from rolecall.engine import Evaluation, Scope
from rolecall.finding import Finding, finding_id
from rolecall.model import Subject
from rolecall.policy_change import PolicyComparison

__all__ = ["Resolution", "Resolver"]

Resolution: TypeAlias = Literal[
    "fixed", "gone", "closed", "control-disabled", "rule-changed", "policy-changed"
]


class Resolver:
    """Judges findings of earlier runs that one run did not see."""

    def __init__(
        self,
        evaluation: Evaluation,
        context: Context,
        controls: Mapping[str, Control[Any]],
        scope: Scope,
    ) -> None:
        self.evaluation = evaluation
        self.context = context
        self.controls = controls
        self.scope = scope
        self._undecided: dict[str, frozenset[str]] = {}
        self._policies = PolicyComparison(context)

    def verdict(
        self, finding: Finding, since: int
    ) -> Resolution | Literal["outside", "moved", "unevaluated"]:
        """Return why it is resolved, or why this run cannot tell.

        What *moved* is told where the run did not look.

        :param since: the version of the catalogue by which it was last judged to fail.
        """
        control = self.controls.get(finding.control)
        if not self.scope.covers(finding.control, finding.entity):
            return "outside"
        if not self.scope.covers(finding.control, self.told(finding)):
            return "moved"
        if control is None or control.subjects.kind != finding.subject.kind:
            # A later release may drop a control, or have it look at something else; what it found
            # ends with that.
            return "rule-changed"
        if self._is_table_missing(control, finding.subject):
            return "unevaluated"
        if (reason := self._standing(finding.subject, control)) is not None:
            return reason
        base, differing = self.evaluation.parameters[control.id]
        entity = self._entity(finding, control)
        params = differing.get(entity or "", base)
        if not params.enabled:
            is_ours = has_changed(control.id, since) and not is_turned_off(
                control.id, self.context.policy, self.context, entity
            )
            return "rule-changed" if is_ours else "control-disabled"
        if control.id in self.evaluation.missing or finding.id in self._unknown(control):
            return "unevaluated"
        if has_changed(control.id, since):
            return "rule-changed"
        return "policy-changed" if self._policies.decides(finding, control, params) else "fixed"

    def told(self, finding: Finding) -> str | None:
        """Return the entity that is told of a finding now: its subject may have moved."""
        if is_for_officers(finding.subject, self.context.policy):
            return None
        control = self.controls.get(finding.control)
        is_there = control is not None and self._exists(finding.subject)
        return self._entity(finding, control) if control and is_there else finding.entity

    def _is_table_missing(self, control: Control[Any], subject: Subject) -> bool:
        # Where a whole table is missing its subjects are not gone: nobody can tell.
        table, context = control.subjects.table, self.context
        if table is None or any(column.startswith(f"{table}.") for column in context.tracked):
            return False
        if not any(column.startswith(f"{table}.") for column in context.snapshot.filled):
            return True
        # Programs made some rows of it. Whether one is gone only its account can tell.
        account = subject.account
        is_open = account in context.accounts and account not in context.closed
        return is_open and not self._exists(subject)

    def _standing(
        self, subject: Subject, control: Control[Any]
    ) -> Literal["gone", "closed", "unevaluated"] | None:
        if not self._exists(subject):
            # What is not there may be among what could not be read.
            rest = self.context.snapshot.rest
            return "unevaluated" if rest is not None and rest.is_incomplete else "gone"
        # What a closed account still shows counts, as does access to it.
        counts = control.subjects in (CLOSED_ACCOUNTS, CONTENTS)
        return "closed" if subject.account in self.context.closed and not counts else None

    def _exists(self, subject: Subject) -> bool:
        context = self.context
        match subject.kind:
            case "account":
                return subject.account in context.accounts
            case "grant":
                grants = context.grants.get(subject.account, ())
                return any(grant.person_id == subject.person for grant in grants)
            case "login":
                logins = context.logins.get(subject.account, ())
                return any(login.id == subject.login for login in logins)
            case "entity":
                return subject.entity in context.entities
            case "observation":
                seen = Observed(subject.platform, subject.handle)
                emails = context.seen_people.get(seen.named)
                return emails is not None and (not subject.email or subject.email in emails)
            case "incident":
                return subject.incident in context.incidents
            case "content":
                return (subject.account, subject.content) in context.contents
            case "person":
                return subject.person in context.people
            case "policy":
                return True

    def _entity(self, finding: Finding, control: Control[Any]) -> str | None:
        """Return the entity that the subject belongs to now: it may have moved."""
        context, subject = self.context, finding.subject
        match subject.kind:
            case "account" | "grant" | "login" | "content":
                return context.accounts[subject.account].entity_id
            case "incident":
                return context.accounts[context.incidents[subject.incident].account_id].entity_id
            case "person":
                return context.people[subject.person].entity_id
            case "observation":
                return control.subjects.entity(Observed(subject.platform, subject.handle), context)
            case _:
                return finding.entity

    def _unknown(self, control: Control[Any]) -> frozenset[str]:
        if control.id not in self._undecided:
            subject = control.subjects.subject
            items = self.evaluation.undecided.get(control.id, ())
            self._undecided[control.id] = frozenset(
                finding_id(control.id, subject(item)) for item in items
            )
        return self._undecided[control.id]
