"""What is asked about people: whom a name means, and whether somebody still serves.

Of each question the safest answer accuses nobody and merges nobody: a name that may be somebody's
stays a person of its own, who serves. Answers name people by what is theirs each time, a number or
an address, and not by ids, which are made anew until a registry keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence

from rolecall.adopt.individuals import Individual
from rolecall.adopt.mentions import PersonMention
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.questions import Choice, OpenQuestions, Question

__all__ = ["APART", "NOBODY_MEANT", "PersonQuestions"]

APART, NOBODY_MEANT = "apart", "nobody"
_MOST_CHOICES = 12
_MOST_PLACES = 50


class PersonQuestions(OpenQuestions):
    """Questions about people."""

    def whom(
        self,
        mention: PersonMention,
        text: str,
        near: Sequence[Individual],
        entity: str = "",
        likely: Individual | None = None,
    ) -> Individual | str | None:
        """Ask whom a mention means, and return the person, or that it is another, or nobody.

        :param text: the question.
        :param near: who may be meant.
        :param entity: where the name means somebody of that unit alone.
        :param likely: who is taken until somebody answers; otherwise it is another.
        """
        shown = near[:_MOST_CHOICES]
        asked = Question(
            id=":".join(filter(None, ["person", word_key(entity), _mark(mention)])),
            text=text,
            choices=(
                Choice(APART, "somebody else, who is not among them"),
                *(Choice(one.key, one.label) for one in shown),
                Choice(NOBODY_MEANT, "nobody: it is no person"),
            ),
            safest=likely.key if likely is not None else APART,
            places=(mention.place,),
        )
        given = self.answer(asked)
        return next((one for one in shown if one.key == given), given)

    def doubt(self, mention: PersonMention, one: Individual, entity: str) -> bool:
        """Ask whether somebody is meant who is written with a question mark."""
        asked = Question(
            id=f"doubt:{word_key(entity)}:{mention.part}:{_mark(mention)}",
            text=f'"{mention.name or mention.email}" is written with "{mention.remark}". Is'
            f" {one.label} meant, and still so today?",
            choices=(
                Choice("no", "no, or nobody knows: it is left out"),
                Choice("yes", "yes"),
            ),
            safest="no",
            places=(mention.place,),
        )
        return self.answer(asked) == "yes"

    def serves(
        self,
        one: Individual,
        remarks: Sequence[str],
        places: Sequence[str],
        *,
        has_roster: bool,
    ) -> str:
        """Ask whether somebody serves who is not on the roster, or is said to have left."""
        told = [f'is written with "{remarks[0]}"'] if remarks else []
        told += ["is not on the roster"] if has_roster else []
        asked = Question(
            id=f"serves:{one.key}",
            text=f"{one.name} {' and '.join(told)}. Do they still serve?",
            choices=(
                Choice("active", "yes, they serve"),
                Choice("left", "no, they left"),
                Choice("contractor", "they are from outside: a contractor"),
            ),
            safest="active",
            places=tuple(places)[:_MOST_PLACES],
        )
        return self.answer(asked)


def _mark(mention: PersonMention) -> str:
    """Return what names a mention in an id: the same however it is written."""
    return word_key(mention.name) or mention.email.casefold()
