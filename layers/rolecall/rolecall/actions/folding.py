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
from rolecall.actions.account_control import CONTROLLED, end_administration
from rolecall.actions.account_rules import CASE_RULES
from rolecall.actions.action import Action
from rolecall.actions.departures import OF_DEPARTURES, TAKEN, end_departures
from rolecall.actions.drafts import Drafts, Standing
from rolecall.actions.fitness import Fitness
from rolecall.actions.merging import MOST_ACTIONS
from rolecall.actions.other_rules import OTHER_RULES
from rolecall.actions.plain_rules import PLAIN_RULES
from rolecall.controls.context import Context
from rolecall.model import Account, Severity, Subject

__all__ = ["ENDED_CONTROLS", "Fold", "WithoutAction", "WithoutReason", "first_actions", "fold"]

ENDED_CONTROLS = frozenset((*TAKEN, *CONTROLLED, *PLAIN_RULES, *CASE_RULES, *OTHER_RULES))
"""The controls for whose findings there are deeds: all of the catalogue, as a test says."""
WithoutReason: TypeAlias = Literal["not-looked-at", "no-deed"]
_PLACES = {control: place for place, control in enumerate(CASE_RULES)}
_SIMPLE = PLAIN_RULES.keys() - OF_DEPARTURES
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
    """Return the actions that end what stands, in order of key.

    :param standing: neither resolved nor waived.
    :param context: look-ups over the part of the registry that it is about.
    """
    drafts, without = _drafted(standing, context)
    return Fold(drafts.finished(), without)


def first_actions(
    standing: Iterable[Standing], context: Context, most: int = MOST_ACTIONS
) -> tuple[Sequence[Action], int]:
    """Return the most urgent actions of a whole registry in order, and how many more there are.

    It says what :func:`fold` does, and puts together no more than it returns: an audit has a
    hundred thousand findings, and nobody looks at what comes after the first thousand actions.
    """
    drafts, _ = _drafted(standing, context)
    return drafts.first(most)


def _drafted(standing: Iterable[Standing], context: Context) -> tuple[Drafts, list[WithoutAction]]:
    """Decide which actions there are."""
    drafts, fitness = Drafts(context), Fitness(context)
    without: list[WithoutAction] = []
    by_account: dict[str, list[Standing]] = {}
    others: list[Standing] = []
    accounts = context.accounts
    for one in standing:
        subject = one.finding.subject
        if not one.is_known or one.finding.control not in ENDED_CONTROLS:
            without.append(_without(one))
        elif subject.kind in _OF_ACCOUNTS and _is_at_home(accounts.get(subject.account), context):
            by_account.setdefault(subject.account, []).append(one)
        else:
            others.append(one)
    for id_, group in by_account.items():
        _end_account(accounts[id_], group, drafts, fitness)
    for one in others:
        if _is_there(one.finding.subject, context):
            drafts.end(OTHER_RULES[one.finding.control](one, drafts), one)
        else:
            without.append(_without(one))
    return drafts, without


def _without(standing: Standing) -> WithoutAction:
    finding = standing.finding
    why: WithoutReason = "not-looked-at" if finding.control in ENDED_CONTROLS else "no-deed"
    return WithoutAction(finding.id, finding.severity, finding.entity, why)


def _is_at_home(account: Account | None, context: Context) -> bool:
    """Tell whether an account is there, and its entity: of a broken registry it may not be."""
    return account is not None and account.entity_id in context.entities


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


def _end_account(
    account: Account, standing: Sequence[Standing], drafts: Drafts, fitness: Fitness
) -> None:
    """End everything that stands against one account."""
    if all(one.finding.control in _SIMPLE for one in standing):
        # Most accounts have little against them, and nothing that must be weighed.
        _end_plainly(account, standing, drafts)
        return
    case = AccountCase(account, standing, drafts, fitness)
    end_departures(case)
    end_administration(case)
    weighed: list[Standing] = []
    for one in case.left():
        if one.finding.control in PLAIN_RULES:
            _end_plainly(account, (one,), drafts)
        else:
            weighed.append(one)
    if len(weighed) > 1:
        weighed.sort(key=_place)
    for one in weighed:
        drafts.end(CASE_RULES[one.finding.control](case, one), one)


def _place(standing: Standing) -> int:
    return _PLACES[standing.finding.control]


def _end_plainly(account: Account, standing: Iterable[Standing], drafts: Drafts) -> None:
    for one in standing:
        key, deed = PLAIN_RULES[one.finding.control](account, one.finding.subject)
        drafts.do(key, deed)
        drafts.end(key, one)
