"""Hold what a report says is to be done against what the records say.

Of a whole run the digest is on record, and nothing can be changed but names and addresses. The
records of one entity do not hold it: there it is held against the findings, which say what ends,
how bad that is, since when, and so what comes first. What is done, and who can do it, is what the
registry said.
"""

from __future__ import annotations

from rolecall.actions.action import Action, action_id, urgency
from rolecall.actions.folding import ENDED_CONTROLS
from rolecall.actions.harm import CONTROL_HARMS, harm_rank
from rolecall.reports.formats import FINDINGS
from rolecall.reports.report import FindingLine
from rolecall.status import stands
from rolecall.usecases.reporting.findings_document import FindingsDocument, expect
from rolecall.usecases.runs.told_actions import MOST_OF_ENTITY

__all__ = ["compare_actions"]


def compare_actions(
    told: FindingsDocument, digest: str | None, *, is_of_entity: bool, is_of_registry: bool
) -> None:
    """Compare what is to be done.

    :param digest: of what the run said was to be done, where it is on record.
    :param is_of_entity: whether the report is of one entity, without what is below it.
    :param is_of_registry: whether the report was made with a registry at hand; who makes one of the
        log alone does not know what is to be done, nor who holds what, and says neither.
    :raises ProofError: it is not what the records say.
    """
    actions = told.told
    if actions is None:
        expect(FINDINGS, "actions", is_of_registry and digest is not None, False)
    elif is_of_entity:
        _compare_with_findings(told, [named.action for named in actions.first])
    else:
        expect(FINDINGS, "actions", actions.digest, digest)


def _compare_with_findings(told: FindingsDocument, actions: list[Action]) -> None:
    standing = {line.id: line for line in told.findings if stands(line.status)}
    ended = [one.finding for action in actions for one in action.ended]
    expect(FINDINGS, "actions", len(set(ended)), len(ended))
    expect(FINDINGS, "actions", set(ended) <= standing.keys(), True)
    if told.more_actions:
        expect(FINDINGS, "more_actions", len(actions) >= MOST_OF_ENTITY, True)
    else:
        ending = {id_ for id_, line in standing.items() if _has_deeds(line)}
        expect(FINDINGS, "actions", ending <= set(ended), True)
    expect(FINDINGS, "actions", actions, sorted(actions, key=urgency))
    for action in actions:
        expect(FINDINGS, f"action {action.id}", _follows(action, standing), True)


def _has_deeds(line: FindingLine) -> bool:
    """Tell whether an action ends a finding: it was looked at, and something ends it."""
    return line.evaluated and line.control in ENDED_CONTROLS


def _follows(action: Action, standing: dict[str, FindingLine]) -> bool:
    """Tell whether all of an action that follows from findings is as it does."""
    if not action.deeds or not action.ended or action.for_officers:
        return False
    lines = [standing[one.finding] for one in action.ended]
    return (
        action.id == action_id(action.key)
        and action.person in (None, action.about[0])
        and {action.entity} == {line.entity for line in lines}
        and action.since == min(line.first_seen for line in lines)
        and action.harm == min((one.harm for one in action.ended), key=harm_rank)
        and all(
            (one.severity, one.entity) == (line.severity, line.entity) and one.harm in _harms(line)
            for one, line in zip(action.ended, lines, strict=True)
        )
    )


def _harms(line: FindingLine) -> tuple[str, ...]:
    """Return what a finding may stand for: of a leaver, it is the registry that says in control."""
    if line.severity in ("medium", "low"):
        return ("upkeep",)
    harm = CONTROL_HARMS.get(line.control, "unchecked-access")
    return (harm, "leaver-in-control") if line.control == "orphaned-admin" else (harm,)
