"""Who should be on a roster and is not: they stay until somebody says that they left.

A person who is missing while somebody with a near name joins may be the same one, under another
name: that is asked too, and they are two until somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rolecall.adopt.memory import KnownPerson
from rolecall.adopt.name_keys import are_near, word_key
from rolecall.adopt.people_found import AdoptedPerson, People
from rolecall.adopt.questions import Answers, Choice, OpenQuestions, Question
from rolecall.model import Person

__all__ = ["Absences", "absent_people", "lasting_answers"]

_MISSING = "missing:"
_OUTSIDE = ("agency", "partner", "contractor")


def absent_people(
    found: People, known: Sequence[Person], memory: Mapping[str, KnownPerson]
) -> list[Person]:
    """Return who should be on a roster and is not.

    That is whoever serves or is suspended, but for those from outside and for those of whom sheets
    alone ever spoke: no roster had them.
    """
    there = {person.id for person in found.people if person.on_roster}
    return [
        person
        for person in known
        if person.id not in there
        and person.status != "left"
        and person.type not in _OUTSIDE
        and (person.id not in memory or memory[person.id].on_roster)
    ]


def lasting_answers(answers: Answers) -> Answers:
    """Return the answers that hold next month too: who is missing then is asked again."""
    return {id_: value for id_, value in answers.items() if not id_.startswith(_MISSING)}


class Absences(OpenQuestions):
    """Asks about those who are missing."""

    def __init__(self, answers: Answers, today: date) -> None:
        """Begin with what was answered, and with the day as of which somebody left."""
        super().__init__(answers)
        self._today = today

    def renamed(
        self, absent: Sequence[Person], joining: Sequence[AdoptedPerson]
    ) -> Iterator[tuple[Person, AdoptedPerson]]:
        """Yield those who are missing and join under another name, as somebody answered."""
        for new in joining:
            for person in absent:
                if not are_near(new.name, person.name):
                    continue
                question = Question(
                    id=f"renamed:{word_key(new.name)}:{person.id}",
                    text=f"{new.name} is new on the roster, and {person.name} is missing."
                    " Is that one person?",
                    choices=(
                        Choice("apart", "two people"),
                        Choice("one", "one, whose name is written otherwise now"),
                    ),
                    safest="apart",
                    places=new.places[:1],
                )
                if self.answer(question) == "one":
                    yield person, new
                    break

    def settled(
        self, absent: Sequence[Person], *, all_left: bool
    ) -> tuple[Mapping[tuple[str, ...], Mapping[str, str]], list[str]]:
        """Return the cells of those who left, by their keys, and the names of those who stay.

        :param all_left: it was told with the command: nobody is asked.
        """
        gone = {"status": "left", "left_on": self._today.isoformat()}
        left: dict[tuple[str, ...], Mapping[str, str]] = {}
        stay = []
        for person in absent:
            question = Question(
                id=f"{_MISSING}{person.id}",
                text=f"{person.name} is not on the roster. Did they leave?",
                choices=(
                    Choice("keep", "no, or nobody knows: they stay as they are"),
                    Choice("left", f"yes, as of {self._today}"),
                ),
                safest="keep",
            )
            if all_left or self.answer(question) == "left":
                left[person.id,] = gone
            else:
                stay.append(person.name)
        return left, stay
