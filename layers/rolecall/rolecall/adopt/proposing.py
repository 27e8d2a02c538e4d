"""Makes a proposal: what sheets mean, what they mention, who is who, and the tables that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.account_rows import SheetMentions, mentions_of
from rolecall.adopt.column_meanings import meaning_of
from rolecall.adopt.columns import SheetMeaning, column_kept
from rolecall.adopt.default_units import default_units
from rolecall.adopt.entities import Entities, entities_of
from rolecall.adopt.entity_names import entity_path
from rolecall.adopt.memory import Memory
from rolecall.adopt.mentions import EntityMention
from rolecall.adopt.persons import People, who_is_who
from rolecall.adopt.proposal import Proposal
from rolecall.adopt.proposed_accounts import (
    AccountMentions,
    SheetAccount,
    account_ids,
    proposed_accounts,
)
from rolecall.adopt.proposed_tables import Parts, proposed_tables
from rolecall.adopt.questions import Answers
from rolecall.adopt.roster import RosterMentions, roster_of
from rolecall.adopt.sheets import Sheet
from rolecall.keys.subjects import account_key
from rolecall.model import Snapshot

__all__ = ["propose"]


def propose(
    sheets: Sequence[Sheet],
    memory: Memory,
    known: Snapshot,
    answers: Answers,
    today: date,
    random_bytes: Callable[[int], bytes],
) -> tuple[Proposal, Memory]:
    """Return the registry that sheets propose, and what is to be remembered.

    :param known: the registry that is there, empty where there is none.
    """
    meanings = [meaning_of(sheet, memory.headings, answers) for sheet in sheets]
    said = [mentions_of(*pair, answers) for pair in zip(sheets, meanings, strict=True)]
