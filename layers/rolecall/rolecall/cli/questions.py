"""Asks a person at the terminal one question, with numbered choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import typer

from rolecall.printable import printable

if TYPE_CHECKING:
    from rolecall.adopt.questions import Answers, Question

__all__ = ["Asking", "answered", "ask", "question_as_data", "question_line"]

_MOST_PLACES = 3


class Asking(Protocol):
    """What is made of answers, with the questions that are left."""

    @property
    def questions(self) -> Sequence[Question]:
        """Those that nobody has answered."""
        ...


_Made = TypeVar("_Made", bound=Asking)


def answered(
    make: Callable[[Answers], _Made],
    kept: Answers,
    *,
    asks: bool,
    first: Callable[[_Made], object] | None = None,
) -> _Made:
    """Return what is made after every question was asked that there is to ask, one by one.

    :param make: makes it anew of all answers.
    :param kept: the answers of before.
    :param asks: whether somebody is there to be asked.
    :param first: shows what was understood, before anything is asked.
    """
    answers, put = dict(kept), set[str]()
    while True:
        made = make(answers)
        question = next((one for one in made.questions if one.id not in put), None)
        if not asks or question is None:
            return made
        if not put and first is not None:
            first(made)
        put.add(question.id)
        answer = ask(question, len(made.questions) - 1)
        if answer is not None:
            answers[question.id] = answer


def ask(question: Question, left: int) -> str | None:
    """Return the value of the choice that was made, ``None`` where nobody wants to decide yet.

    :param left: how many questions come after it.
    """
    lines = ["", question.text]
    lines += [f"   {place}" for place in question.places[:_MOST_PLACES]]
    if len(question.places) > _MOST_PLACES:
        lines.append(f"   and {len(question.places) - _MOST_PLACES:,} more places")
    safest = 1
    for number, choice in enumerate(question.choices, start=1):
        if choice.value == question.safest:
            safest = number
        lines.append(f"  {number}  {choice.label}")
    lines.append(f"  {len(question.choices) + 1}  ask me next time ({left:,} more to ask)")
    if question.is_open:
        lines.append("  or write another name")
    for line in lines:
        typer.echo(printable(line), err=True)
    while True:
        label = "Number or name" if question.is_open else "Number"
        given: str = typer.prompt(label, default=str(safest), err=True).strip()
        if given.isdecimal() and 1 <= int(given) <= len(question.choices):
            return question.choices[int(given) - 1].value
        if given == str(len(question.choices) + 1):
            return None
        if question.is_open and given and not given.isdecimal():
            return given
        typer.echo(f"Give a number from 1 to {len(question.choices) + 1}.", err=True)


def question_line(question: Question) -> str:
    """Return a question in a line, with what was taken meanwhile."""
    taken = next(one.label for one in question.choices if one.value == question.safest)
    where = f" ({question.places[0]})" if question.places else ""
    return f"{question.text}{where} Taken: {taken}"


def question_as_data(question: Question) -> dict[str, Any]:
    """Return a question as a program reads it."""
    return {
        "id": question.id,
        "text": question.text,
        "choices": [choice._asdict() for choice in question.choices],
        "taken": question.safest,
        "places": list(question.places),
    }
