"""A plan: what is to be done, and what an audit says of the registry as it would be afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from rolecall.actions.action import Action
from rolecall.actions.checking import checked
from rolecall.engine import Scope
from rolecall.finding import Finding
from rolecall.model import SEVERITIES, Severity
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import Report
from rolecall.usecases.runs.told_actions import parts_of

__all__ = ["CheckedPlan", "checked_plan"]


class CheckedPlan(Struct, frozen=True, kw_only=True):
    """What is to be done, checked.

    :ivar told: the actions that were asked for, all of them, in order.
    :ivar ends: how many findings end, by severity; ``stays`` how many do not.
    :ivar others: how many of those that stay are of actions that were not asked for.
    :ivar left: ids of findings that actions say they end, and the audit afterwards does not.
    :ivar without: ids of findings for which nobody knows an end, or that could not be looked at.
    :ivar new: what would fail that does not now, and no action says so.
    :ivar announced: what would fail that does not now, as actions say.
    """

    told: ToldActions
    ends: Mapping[Severity, int]
    stays: Mapping[Severity, int]
    others: int
    left: Sequence[str]
    without: Sequence[str]
    new: Sequence[Finding]
    announced: Sequence[Finding]


def checked_plan(report: Report, person: str | None = None) -> CheckedPlan:
    """Return what is to be done about what an audit found, after auditing once more.

    :param person: only what is about this one: whose access or papers it is.
    """
    context, scope = report.context, report.run.scope
    every = list(parts_of(report.findings, context))
    chosen = [one for one in every if person is None or _is_about(one.action, person)]
    entities = None if scope.entity is None else context.below(scope.entity)
    controls = None if scope.controls is None else frozenset(scope.controls)
    result = checked(
        [one.action for one in chosen],
        [one.finding for one in report.findings if one.status != "resolved"],
        *(context.snapshot, context.policy, context.as_of),
        Scope(controls, entities),
    )
    standing = {one.finding.id: one.finding for one in report.findings if one.stands}
    ended = standing.keys() & result.ended
    known = {id_ for one in every for id_ in one.action.findings}
    asked = {id_ for one in chosen for id_ in one.action.findings}
    return CheckedPlan(
        told=ToldActions.of(chosen, max(1, len(chosen))),
        ends=_by_severity([standing[id_] for id_ in ended]),
        stays=_by_severity([one for id_, one in standing.items() if id_ not in ended]),
        others=len(known - asked - ended),
        left=result.left,
        without=sorted(standing.keys() - known),
        new=result.new,
        announced=result.announced,
    )


def _is_about(action: Action, person: str) -> bool:
    return person == action.person or any(deed.person == person for deed in action.deeds)


def _by_severity(findings: Sequence[Finding]) -> dict[Severity, int]:
    found = [one.severity for one in findings]
    return {severity: found.count(severity) for severity in SEVERITIES if severity in found}
