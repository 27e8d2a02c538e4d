"""The people of a roster: whose rows are one person's, and who only has the same name.

A person who came back has a second row, and is no second person: by the number, by the address
together with the name, or by the name where the one row ended before the other. Two who have one
name and two addresses may be two: that is asked, and they stay apart until somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from rolecall.adopt.individuals import Individual, Individuals
from rolecall.adopt.mentions import RosterEntry
from rolecall.adopt.name_keys import name_words, word_key
from rolecall.adopt.questions import Answers, Choice, Question, answer_to

__all__ = ["RosterPeople", "people_of_roster"]

_RANKS: Mapping[str | None, int] = {"active": 0, None: 0, "suspended": 1, "left": 2}
_ONE, _TWO = "one", "two"
_NEVER = date.min


class RosterPeople(NamedTuple):
    """Who is on the rosters, and what was found out about their rows."""

    people: Individuals
    questions: list[Question]
    assumptions: list[str]


def people_of_roster(entries: Iterable[RosterEntry], answers: Answers) -> RosterPeople:
    """Return the people whom the rows of rosters are about."""
    found = RosterPeople(Individuals(), [], [])
    for entry in entries:
        one = _same(entry, found, answers)
        if one is None:
            one = Individual(entry.name)
        else:
            assert one.entry is not None  # noqa: S101 - whoever is on a roster has a row.
            found.assumptions.append(
                f"{entry.place}: {entry.name or entry.email} is the same person as in "
                f"{one.entry.place}, who has two rows"
            )
        one.entry = entry if one.entry is None else _joined(one.entry, entry)
        _take(one, entry)
        found.people.add(one)
    return found


def _take(one: Individual, entry: RosterEntry) -> None:
    if entry.name:
        one.names.setdefault(entry.name)
    for number in filter(None, (entry.number, *entry.other_numbers)):
        one.numbers.setdefault(number)
    for email in (entry.email, *entry.aliases):
        one.says_email(email)
    if entry.entity:
        one.units.add(word_key(entry.entity))


def _same(entry: RosterEntry, found: RosterPeople, answers: Answers) -> Individual | None:
    """Return the person of an earlier row whose row this is too."""
    for one in found.people.by_number(entry.number):
        if one.may_be_called(entry.name):
            return one
    for one in found.people.by_email(entry.email):
        if one.may_be_called(entry.name) and not _has_other_number(one, entry):
            return one
        if one.is_called(entry.name):
            return one
    for one in found.people.by_name(entry.name):
        if len(name_words(entry.name)) > 1 and _may_be(one, entry):
            return (
                one if _is_return(one, entry) or _is_answered(one, entry, found, answers) else None
            )
    return None


def _has_other_number(one: Individual, entry: RosterEntry) -> bool:
    return bool(entry.number and one.numbers and entry.number not in one.numbers)


def _may_be(one: Individual, entry: RosterEntry) -> bool:
    """Tell whether a row with a name that somebody has may be theirs: nobody serves twice at once
    in one place under two numbers."""
    before = one.entry
    if before is None:
        return False
    is_over = (before.status == "left") != (entry.status == "left")
    return is_over or not _has_other_number(one, entry)


def _is_return(one: Individual, entry: RosterEntry) -> bool:
    """Tell whether a row goes on where another of that name ended, and nothing speaks against."""
    before = one.entry
    if before is None or (before.status == "left") == (entry.status == "left"):
        return False
    if before.email and entry.email:
        return False
    old, new = (before, entry) if before.status == "left" else (entry, before)
    return not (old.left_on and new.started_on) or old.left_on <= new.started_on


def _is_answered(
    one: Individual, entry: RosterEntry, found: RosterPeople, answers: Answers
) -> bool:
    assert one.entry is not None  # noqa: S101 - whoever is on a roster has a row.
    marks = [entry.number or entry.email, *list(one.numbers or one.emails)[:1]]
    question = Question(
        id=f"same-person:{word_key(entry.name)}:{':'.join(sorted(filter(None, marks)))}",
        text=f"{entry.name} stands on the roster twice. Is that one person, or are there two?",
        choices=(Choice(_TWO, "two people of one name"), Choice(_ONE, "one person with two rows")),
        safest=_TWO,
        places=(one.entry.place, entry.place),
    )
    if question.id not in answers:
        found.questions.append(question)
    return answer_to(question, answers) == _ONE


def _joined(before: RosterEntry, after: RosterEntry) -> RosterEntry:
    """Return two rows of one person as one: what is so now, and what the other row has beside."""
    rank = (_RANKS[before.status], _RANKS[after.status])
    is_after = rank[1] < rank[0] or (
        rank[0] == rank[1]
        and (after.started_on or after.left_on or _NEVER)
        >= (before.started_on or before.left_on or _NEVER)
    )
    now, old = (after, before) if is_after else (before, after)
    return replace(
        now,
        email=now.email or old.email,
        number=now.number or old.number,
        type=now.type or old.type,
        entity=now.entity or old.entity,
        supervisor=now.supervisor or old.supervisor,
        aliases=tuple(dict.fromkeys([*now.aliases, *old.aliases, *filter(None, [old.email])])),
        values={
            **{k: v for k, v in old.values.items() if v},
            **{k: v for k, v in now.values.items() if v},
        },
    )
