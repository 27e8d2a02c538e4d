"""``ADOPTED.md``: what was read, what was assumed, and what still needs an answer, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rolecall.adopt.adoption import Adoption
from rolecall.adopt.questions import Question
from rolecall.adopt.sheets import Sheet
from rolecall.printable import printable
from rolecall.quantity import counted

__all__ = ["PAGE_FILE", "adopted_page", "plan_line"]

PAGE_FILE = "ADOPTED.md"

_MOST_PLACES = 5
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|])")


def plan_line(adoption: Adoption) -> str:
    """Return what is ready, in a line."""
    made = {name: len(table.table.rows) for name, table in adoption.tables.items()}
    ready = ", ".join(
        counted(made.get(name, 0), noun, plural)
        for name, noun, plural in (
            ("accounts", "account", "accounts"),
            ("people", "person", "people"),
            ("grants", "grant", "grants"),
        )
    )
    waits = len(adoption.questions)
    warnings = len(adoption.proposal.warnings) + len(adoption.kept)
    asks = "question needs" if waits == 1 else "questions need"
    return f"{ready} ready; {counted(warnings, 'warning')}; {waits:,} {asks} an answer"


def adopted_page(sheets: Sequence[Sheet], adoption: Adoption) -> bytes:
    """Return the page; the same for the same sheets, registry and answers."""
    return ("\n".join(_lines(sheets, adoption)) + "\n").encode()


def _lines(sheets: Sequence[Sheet], adoption: Adoption) -> Iterator[str]:
    proposal = adoption.proposal
    yield "# What this registry was made from"
    yield ""
    yield f"{plan_line(adoption)[0].upper()}{plan_line(adoption)[1:]}."
    yield ""
    yield "Read it once with somebody who knows the accounts. What is wrong can be put right in the"
    yield "sheet, in the tables beside this page, or in `mapping.toml`; then adopt again."
    yield from _section("What was read", _read(sheets))
    yield from _section("What the columns were taken for", _columns(adoption))
    yield from _section("What needs an answer", map(_asked, adoption.questions))
    yield from _section("What to look at", proposal.warnings)
    yield from _section("What the registry says otherwise, and was kept", adoption.kept)
    yield from _section("What was assumed", proposal.assumptions)
    empties = sorted(proposal.empties.items())
    words = (f"{word}: {counted(times, 'time')}" for word, times in empties)
    yield from _section("Words that were taken for nothing", words)


def _columns(adoption: Adoption) -> Iterator[str]:
    for column in adoption.proposal.columns:
        sample = f", such as {column.sample}" if column.sample else ""
        yield f"{column.sheet}, {column.heading or 'no heading'}: {column.meaning}{sample}"


def _section(title: str, sentences: Iterable[str]) -> Iterator[str]:
    lines = [f"- {_escaped(sentence)}" for sentence in sentences]
    if lines:
        yield from ("", f"## {title}", "", *lines)


def _read(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        yield f"{sheet.place()}: {counted(len(sheet.rows), 'row')} below row {sheet.heading_row}"
        for remark in sheet.remarks:
            yield f"{sheet.place()}: {remark.removeprefix(f'{sheet.place()}: ')}"


def _asked(question: Question) -> str:
    taken = next(one.label for one in question.choices if one.value == question.safest)
    shown = "; ".join(question.places[:_MOST_PLACES])
    rest = len(question.places) - _MOST_PLACES
    more = f" and {rest:,} more places" if rest > 0 else ""
    where = f" ({shown}{more})" if shown else ""
    return f"{question.text}{where} Until somebody says so: {taken}."


def _escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: a name from a sheet is no markup."""
    return _MARKUP.sub(r"\\\1", printable(" ".join(text.split())))
