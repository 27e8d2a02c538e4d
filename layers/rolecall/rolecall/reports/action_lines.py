"""Actions in the findings as JSON: in words, with all that their digest is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from rolecall.actions.action import Action, ActionKind, Doer, EndedFinding
from rolecall.actions.deed import Deed
from rolecall.actions.harm import Harm
from rolecall.finding import rank
from rolecall.model import Severity
from rolecall.naming import Called
from rolecall.reports.action_words import ActionWords
from rolecall.reports.named_action import ActionSite, NamedAction, ToldActions

__all__ = ["ActionLine", "action_lines", "told_in_lines"]


class ActionLine(Struct, frozen=True, kw_only=True):
    """One action. The fields, in order, are those of the JSON format.

    :ivar severity: the worst that it ends.
    :ivar ends: how many findings it ends, by severity.
    :ivar who: who can do it, in words; ``doers`` are their ids.
    :ivar findings: the ids of those that it ends; ``ended`` says of each what it stands for.
    :ivar names: what those that it speaks of are called, by table and id.
    :ivar sites: where its accounts and contents are, by id.
    """

    id: str
    kind: ActionKind
    title: str
    severity: Severity
    ends: Mapping[Severity, int]
    harm: Harm
    who: str
    person: str | None
    entity: str | None
    findings: tuple[str, ...]
    deeds: tuple[Deed, ...]
    doers: tuple[Doer, ...]
    about: tuple[str, str]
    ended: tuple[EndedFinding, ...]
    since: datetime
    announces: tuple[str, ...]
    for_officers: bool
    names: Called
    sites: Mapping[str, ActionSite]


def action_lines(told: ToldActions, words: ActionWords) -> Iterable[ActionLine]:
    """Yield what a run says is to be done."""
    return (_line(one, words) for one in told.first)


def _line(named: NamedAction, words: ActionWords) -> ActionLine:
    action = named.action
    ends = action.severities
    return ActionLine(
        id=action.id,
        kind=action.kind,
        title=words.title(named),
        severity=min(ends, key=rank),
        ends=ends,
        harm=action.harm,
        who=words.who(named),
        person=action.person,
        entity=action.entity,
        findings=action.findings,
        deeds=action.deeds,
        doers=action.doers,
        about=action.about,
        ended=action.ended,
        since=action.since,
        announces=action.announces,
        for_officers=action.for_officers,
        names=named.called,
        sites=named.sites,
    )


def told_in_lines(lines: Iterable[ActionLine], more: int) -> ToldActions:
    """Return what lines say, without their words."""
    return ToldActions([_named(line) for line in lines], more)


def _named(line: ActionLine) -> NamedAction:
    fields = {name: getattr(line, name) for name in Action.__struct_fields__}
    return NamedAction(Action(**fields), line.names, line.sites)
