"""The accounts that sheets name, each once, with what all rows say of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from rolecall.adopt.mentions import AccountMention
from rolecall.adopt.questions import Answers, Choice, Question, answer_to
from rolecall.keys.accounts import match_key
from rolecall.quantity import counted

__all__ = ["AccountMentions", "ProposedAccount", "SheetAccount", "account_ids", "proposed_accounts"]

_LONGEST_ID = 60


class SheetAccount(NamedTuple):
    """An account that a row names, the sheet in which it stands, and the unit that is meant.

    :ivar is_named: the row names the unit; of others it is the unit of the sheet.
    """

    mention: AccountMention
    sheet: int
    entity_id: str
    is_named: bool = True


class ProposedAccount(Struct, frozen=True):
    """One account with all rows that name it."""

    key: tuple[str, str]
    entity_id: str
    mentions: tuple[SheetAccount, ...]

    @property
    def sheets(self) -> frozenset[int]:
        """The sheets that name it."""
        return frozenset(one.sheet for one in self.mentions)

    def said(self, name: str, values: Callable[[AccountMention], Mapping[str, str]]) -> str | None:
        """Return what its rows say in a column: the first that says something.

        Of a column that none of its sheets has, nothing is said at all: ``None``.
        """
        found = [values(one.mention)[name] for one in self.mentions if name in values(one.mention)]
        return next((text for text in found if text), "") if found else None


class AccountMentions(Struct, frozen=True):
    """The accounts of some sheets, and what was decided about them."""

    accounts: tuple[ProposedAccount, ...]
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def proposed_accounts(
    named: Iterable[SheetAccount], units: Mapping[str, str], answers: Answers
) -> AccountMentions:
    """Return the accounts, each once.

    :param units: the names of units by their ids, for questions.
    """
    by_key: dict[tuple[str, str], list[SheetAccount]] = {}
    for one in named:
        by_key.setdefault(match_key(one.mention.platform, one.mention.handle), []).append(one)
    accounts, questions, assumptions = [], [], []
    for key, found in by_key.items():
        places = tuple(dict.fromkeys(one.mention.place for one in found))
        if len(places) > 1:
            shown = f"{found[0].mention.handle} on {key[0]}"
            assumptions.append(
                f"{shown} stands in {counted(len(places), 'row')} and is one account: {places[0]}"
            )
        named_by = [one for one in found if one.is_named] or found
        entity = named_by[0].entity_id
        claimed = list(dict.fromkeys(one.entity_id for one in named_by if one.entity_id))
        if len(claimed) > 1:
            question = _whose(key, claimed, units, places)
            entity = answer_to(question, answers)
            if question.id not in answers:
                questions.append(question)
        accounts.append(ProposedAccount(key, entity, tuple(found)))
    return AccountMentions(tuple(accounts), tuple(questions), tuple(assumptions))


def _whose(
    key: tuple[str, str], claimed: Sequence[str], units: Mapping[str, str], places: tuple[str, ...]
) -> Question:
    return Question(
        id=f"entity:{key[0]}:{key[1]}",
        text=f"{key[1]} on {key[0]} stands under several units. Whose is it?",
        choices=tuple(Choice(id_, units.get(id_, id_)) for id_ in claimed),
        safest=claimed[0],
        places=places,
    )


def account_ids(
    keys: Iterable[tuple[str, str]], known: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """Return an id for each account, that of before where there was one.

    :param known: ids that are taken, by the keys of their accounts.
    """
    taken = set(known.values())
    found = {}
    for key in keys:
        id_ = known.get(key)
        if id_ is None:
            id_ = _free(_slug(*key), taken)
            taken.add(id_)
        found[key] = id_
    return found


def _free(slug: str, taken: set[str]) -> str:
    found, count = slug, 1
    while found in taken:
        count += 1
        found = f"{slug}-{count}"
    return found


def _slug(platform: str, handle: str) -> str:
    plain = unicodedata.normalize("NFKD", f"{platform}-{handle}".casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:_LONGEST_ID].strip("-") or "account"
