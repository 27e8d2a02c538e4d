"""Asks what a column means, with some of its cells, and reads the answer."""

from __future__ import annotations

from rolecall.adopt.column_reading import ColumnReading
from rolecall.adopt.columns import FIELDS
from rolecall.adopt.questions import Choice, Question
from rolecall.adopt.sheets import Sheet
from rolecall.printable import shorten

__all__ = ["column_question"]

_LONGEST_SAMPLE = 40


def column_question(
    sheet: Sheet, index: int, key: str, reading: ColumnReading, samples: tuple[str, ...]
) -> Question:
    """Return the question what a column means; the value of each choice is what memory keeps."""
    shown = ", ".join(f'"{shorten(sample, _LONGEST_SAMPLE)}"' for sample in samples)
    about = f" of {reading.platform}" if reading.platform else ""
    heading = shorten(sheet.headings[index]) or f"number {index + 1}, which has no heading"
    choices = tuple(
        Choice(field if field == "nothing" else f"{field}{about}", FIELDS[field])
        for field in reading.doubts
    )
    return Question(
        f"column:{key}",
        f"What does the column {heading} hold? It begins with {shown}.",
        choices,
        choices[0].value,
        (sheet.place(None, index),),
    )
