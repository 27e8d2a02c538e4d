"""Folds what stands in a part of a registry into the actions that end it.

The part is whole accounts, with what the engine looks up about them. Everything about one account
is decided together and by itself; what is about a person, a platform or a sighting gets a key that
is the same in every part, and is joined afterwards (:mod:`rolecall.actions.merging`).

The fold is greedy: first what takes people's access away, with all that ends by it; then who
controls the account; then what is left, in the order of the rules. An action comes to be only for
a finding that none before it ends, so that none is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.actions.account_case import AccountCase
from rolecall.actions.account_rules import RULES
from rolecall.actions.action import Action
from rolecall.actions.administration import CONTROLLED, end_administration
from rolecall.actions.departures import TAKEN, end_departures
from rolecall.actions.drafts import Drafts, Standing
from rolecall.actions.fitness import Fitness
from rolecall.actions.other_rules import OTHER_RULES
from rolecall.controls.context import Context
from rolecall.model import Severity, Subject

__all__ = ["ENDED_CONTROLS", "Fold", "WithoutAction", "WithoutReason", "fold"]

ENDED_CONTROLS = frozenset((*TAKEN, *CONTROLLED, *RULES, *OTHER_RULES))
"""The controls for whose findings there are deeds: all of the catalogue, as a test says."""
WithoutReason: TypeAlias = Literal["not-looked-at", "no-deed"]
_OF_ACCOUNTS = frozenset({"account", "grant", "login", "content"})


class WithoutAction(Struct, frozen=True, gc=False):
    """A finding that no action ends, and why.

    What it is about was not looked at this time, or nothing is known that ends it.
    """

    finding: str
    severity: Severity
    entity: str | None
    why: WithoutReason


class Fold(Struct, frozen=True):
    """The actions of a part of a registry in order of key, and what none of them ends."""

    actions: Sequence[Action]
    without: Sequence[WithoutAction]


def fold(standing: Iterable[Standing], context: Context) -> Fold:
    """Return the actions that end what stands.

    :param standing: neither resolved nor waived.
    :param context: look-ups over the part of the registry that it is about.
    """
    drafts, fitness = Drafts(context), Fitness(context)
    without: list[WithoutAction] = []
    by_account: dict[str, list[Standing]] = {}
    others: list[Standing] = []
    for one in standing:
        subject = one.finding.subject
        if not one.is_known or one.finding.control not in ENDED_CONTROLS:
            without.append(_without(one))
        elif subject.kind in _OF_ACCOUNTS and subject.account in context.accounts:
            by_account.setdefault(subject.account, []).append(one)
        else:
            others.append(one)
    for id_, group in by_account.items():
        _end(AccountCase(context.accounts[id_], group, drafts, fitness))
    for one in others:
        if _is_there(one.finding.subject, context):
            drafts.end(OTHER_RULES[one.finding.control](one, drafts), one)
        else:
            without.append(_without(one))
    return Fold(drafts.finished(), without)


def _without(standing: Standing) -> WithoutAction:
    finding = standing.finding
    why: WithoutReason = "not-looked-at" if finding.control in ENDED_CONTROLS else "no-deed"
    return WithoutAction(finding.id, finding.severity, finding.entity, why)


def _is_there(subject: Subject, context: Context) -> bool:
    """Tell whether the part has what a finding is about: it may have gone since it was found."""
    match subject.kind:
        case "entity":
            return subject.entity in context.entities
        case "person":
            return subject.person in context.people
        case "incident":
            return subject.incident in context.incidents
        case "observation":
            return (subject.platform, subject.handle) in context.observations
        case "policy":
            return True
        case _:
            return False


def _end(case: AccountCase) -> None:
    """End everything that stands against one account."""
    end_departures(case)
    end_administration(case)
    for control, rule in RULES.items():
        for one in case.open(control):
            case.end(rule(case, one), one)
