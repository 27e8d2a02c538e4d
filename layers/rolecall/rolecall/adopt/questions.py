"""What cannot be decided from the sheets: a question, its choices, and the safest of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["Answers", "Choice", "OpenQuestions", "Question", "answer_to"]

_MOST_PLACES = 50

Answers: TypeAlias = Mapping[str, str]
"""The values of the choices that were made, by the ids of their questions."""


class Choice(NamedTuple):
    """One answer: the value that is kept, and what it says."""

    value: str
    label: str


class Question(Struct, frozen=True):
    """Something that only a person knows.

    :ivar id: the same each time that the same thing is asked of the same sheets.
    :ivar text: the question, in one sentence.
    :ivar safest: the value of the choice that accuses nobody, merges nothing and loses nothing:
        what is taken where nobody answers.
    :ivar places: where in the sheets it arises.
    :ivar is_open: any text is an answer too, such as a name that no sheet has.
    """

    id: str
    text: str
    choices: tuple[Choice, ...]
    safest: str
    places: tuple[str, ...] = ()
    is_open: bool = False


def answer_to(question: Question, answers: Answers) -> str:
    """Return the answer to a question, the safest where there is none that it has."""
    given = answers.get(question.id, "").strip()
    known = {choice.value for choice in question.choices}
    return given if given in known or (given and question.is_open) else question.safest


class OpenQuestions:
    """Answers questions, and keeps those that nobody has answered: each once, with its places."""

    def __init__(self, answers: Answers) -> None:
        """Begin with what was answered."""
        self._answers = answers
        self._open: dict[str, Question] = {}

    def open(self) -> tuple[Question, ...]:
        """Return what nobody has answered."""
        return tuple(self._open.values())

    def answer(self, question: Question) -> str:
        """Return the answer to a question, and ask it where there is none."""
        if question.id not in self._answers:
            known = self._open.get(question.id)
            if known is not None:
                places = tuple(dict.fromkeys([*known.places, *question.places]))[:_MOST_PLACES]
                question = replace(known, places=places)
            self._open[question.id] = question
        return answer_to(question, self._answers)
