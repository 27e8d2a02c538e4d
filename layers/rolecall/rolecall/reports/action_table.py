"""What to do first, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rolecall.model import SEVERITIES, Severity
from rolecall.printable import printable
from rolecall.reports.action_rows import ActionRow, numbered_steps
from rolecall.reports.terminal_text import TerminalText
from rolecall.texts import Texts

__all__ = ["action_table", "tally"]

_INDENT = " " * 15
_NUMBER = 5


def action_table(
    rows: Iterable[ActionRow], writer: TerminalText, texts: Texts, *, with_steps: bool = False
) -> Iterator[str]:
    """Yield actions line by line.

    :param with_steps: whether to say where each is done, and how.
    """
    words = texts.words("terminal")
    for number, row in enumerate(rows, 1):
        # The word tells a severity; the colour repeats it.
        severity = words[f"severity_{row.severity}"]
        first = f"{number:>3}. {writer.paint(f'{severity:<8}', row.severity)}  "
        yield from writer.wrapped(printable(row.title), _INDENT, "bold", first=first)
        if row.first:
            yield from writer.wrapped(printable(row.first), _INDENT)
        yield from writer.wrapped(_ends(row, texts), _INDENT)
        who = texts.filled(words["who"], who=printable(row.who))
        yield from writer.wrapped(who, _INDENT, "dim")
        if with_steps:
            yield from _steps(row, writer, words["record"])


def _ends(row: ActionRow, texts: Texts) -> str:
    """Return how many findings an action ends, by severity."""
    words = texts.words("terminal")
    count = sum(row.ends.values())
    return texts.filled(words["ends"], count=count, tally=tally(row.ends, texts))


def tally(counts: Mapping[Severity, int], texts: Texts) -> str:
    """Return counts by severity, the worst first."""
    words = texts.words("terminal")
    return ", ".join(
        texts.filled(words[f"count_{severity}"], count=counts[severity])
        for severity in SEVERITIES
        if counts.get(severity)
    )


def _steps(row: ActionRow, writer: TerminalText, record: str) -> Iterator[str]:
    for place in row.places:
        where = " ".join(filter(None, (place.label, place.url)))
        yield from writer.wrapped(printable(where), f"{_INDENT}", "")
        for number, step in numbered_steps(place.steps):
            indent = _INDENT + " " * _NUMBER
            first = f"{_INDENT}{number:<{_NUMBER}}"
            yield from writer.wrapped(printable(step), indent, first=first)
        for text in place.record:
            told = printable(record.format(text=text))
            yield from writer.wrapped(told, f"{_INDENT}  ", first=f"{_INDENT}- ")
