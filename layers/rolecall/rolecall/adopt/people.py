"""People out of a cell: who stands in it, each with a role, an address and what is said of them.

Nothing here knows a roster. What may be one person or two keeps both readings
(:attr:`rolecall.adopt.mentions.PersonMention.parts`), and :mod:`rolecall.adopt.persons` decides.
What names nobody is a mention of nobody, so that it can be said.
"""

from __future__ import annotations

from msgspec.structs import replace

from rolecall.adopt.mentions import PersonMention, PersonPart
from rolecall.adopt.people_masking import masked
from rolecall.adopt.people_splitting import people_texts
from rolecall.adopt.person_text import mentions_in

__all__ = ["MOST_PEOPLE", "people_in"]

MOST_PEOPLE = 200
"""People whom a cell may name; what names more is no list of those who have access."""

_MOST_CHARACTERS = 10_000


def people_in(cell: str, part: PersonPart, place: str) -> list[PersonMention]:
    """Return who stands in a cell.

    :param part: what the cell's column says that they are.
    :param place: where the cell stands, in words.
    """
    hidden = masked(cell[:_MOST_CHARACTERS])
    blank = PersonMention("", "", part, place)
    found: list[PersonMention] = []
    for text in people_texts(hidden):
        mentions = mentions_in(hidden.whole(text.text), blank)
        if text.others:
            parts = tuple(
                mention
                for other in text.others
                for mention in mentions_in(hidden.whole(other), blank)
            )
            if len(mentions) == 1 and mentions[0].kind == "person":
                mentions = [replace(mentions[0], parts=parts, is_several=text.is_several)]
            else:
                mentions = list(parts)
        found += mentions
    return list(dict.fromkeys(found))[:MOST_PEOPLE]
