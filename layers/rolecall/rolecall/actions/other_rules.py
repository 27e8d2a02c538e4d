"""What ends each finding that is of no account: of entities, people, sightings and the policy."""

from __future__ import annotations

from collections.abc import Callable

from rolecall.actions.action import ActionKey
from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.drafts import Drafts, Standing
from rolecall.actions.fitness import STAFF

__all__ = ["OTHER_RULES"]

_Rule = Callable[[Standing, Drafts], ActionKey]


def _headless(standing: Standing, drafts: Drafts) -> ActionKey:
    """Propose who heads the entity above, and stands in while the post is vacant."""
    context, entity = drafts.context, standing.finding.subject.entity
    active = context.active
    above = (one.head_id for one in context.lines[entity])
    serving = (id_ for id_ in above if id_ in active and context.people[id_].type in STAFF)
    deed = Deed("name-head", person=next(serving, None) or "", entity=entity)
    follow = ("account-unapproved", "head-without-access", "mover-with-access")
    key: ActionKey = ("head", entity, "")
    drafts.do(key, deed, announces=follow)
    return key


def _stranger(standing: Standing, drafts: Drafts) -> ActionKey:
    subject, entity = standing.finding.subject, standing.finding.entity or ""
    deed = Deed(
        "remove-stranger",
        entity=entity,
        platform=subject.platform,
        handle=subject.handle,
        email=subject.email,
    )
    key: ActionKey = ("stranger", subject.email, "")
    drafts.do(key, deed)
    return key


def _unknown(standing: Standing, drafts: Drafts) -> ActionKey:
    subject, entity = standing.finding.subject, standing.finding.entity or ""
    seen = subject.platform, subject.handle
    deed = Deed("settle-unknown-account", entity=entity, platform=seen[0], handle=seen[1])
    key: ActionKey = ("unknown-account", *seen)
    drafts.do(key, deed)
    return key


def _kept(standing: Standing, drafts: Drafts) -> ActionKey:
    person = standing.finding.subject.person
    key: ActionKey = ("record", person, "")
    drafts.do(key, Deed("forget-person", person=person))
    return key


def _of_policy(deed: DeedKind) -> _Rule:
    def rule(_: Standing, drafts: Drafts) -> ActionKey:
        key: ActionKey = ("policy", "", "")
        drafts.do(key, Deed(deed))
        return key

    return rule


def _of_incident(deed: DeedKind) -> _Rule:
    """Return the rule for an incident: nobody is named who is accused, or who looks into it."""

    def rule(standing: Standing, drafts: Drafts) -> ActionKey:
        incident = standing.finding.subject.incident
        entity = standing.finding.entity or ""
        deed_ = Deed(deed, incident=incident, entity=entity)
        key: ActionKey = ("incident", incident, "")
        drafts.do(key, deed_)
        return key

    return rule


OTHER_RULES: dict[str, _Rule] = {
    "entity-without-head": _headless,
    "unregistered-admin": _stranger,
    "unregistered-account": _unknown,
    "personal-data-past-retention": _kept,
    "policy-review-overdue": _of_policy("review-policy"),
    "waiver-without-end": _of_policy("end-waivers"),
    "incident-overdue": _of_incident("settle-incident"),
    "report-to-authorities-undecided": _of_incident("decide-report"),
    "sanction-step-skipped": _of_incident("give-sanction-reason"),
    "single-investigator": _of_incident("name-investigators"),
}
"""What ends a finding whose subject is no account, and nothing of one."""
