"""Why a check could not be made, and whether an accepted finding holds: in words for people.

A run records reasons as programs compare them, ``removal_path is empty``, and what is recorded
stays. Where people read them they are said in their words, and apart from it what whoever keeps the
registry can write down. A reason that an earlier release recorded and nobody here knows is said as
it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from rolecall.run import WaiverOutcome
from rolecall.texts import Texts, Words

__all__ = ["ReasonWords", "waiver_in_words"]

_FIELD = re.compile(r"\\\{(\w+)\\\}")
_TABLES: Mapping[str, str] = {
    "the holder's": "people",
    "the supervisor's": "people",
    "the entity's": "entities",
    "the policy has": "policy",
    "the policy's": "policy",
}
"""The tables of columns of which a reason says whose they are; of others the name says it."""


class ReasonWords:
    """Says in a language why checks could not be made."""

    def __init__(self, texts: Texts) -> None:
        """Take the language."""
        groups = texts.groups("reasons")
        self._said = Words(f"texts/{texts.language}/reasons.toml", groups["said"])
        self._to_record = Words(f"texts/{texts.language}/reasons.toml", groups["to_record"])
        self._columns = texts.groups("columns")

    def said(self, reason: str) -> str:
        """Return a reason in words for people, without a full stop."""
        return self._filled(self._said, reason) or reason

    def to_record(self, reason: str) -> str:
        """Return what whoever keeps the registry can write down; of what is not known nothing."""
        return self._filled(self._to_record, reason)

    def _filled(self, words: Mapping[str, str], reason: str) -> str:
        for template, pattern in _patterns(tuple(words)):
            if (found := pattern.fullmatch(reason)) is None:
                continue
            values = found.groupdict()
            if "column" in values or "where" in values:
                where = values.get("where") or _place(self._columns, template, values["column"])
                table, _, column = where.partition(".")
                what = self._columns.get(table, {}).get(column)
                if what is None:
                    continue
                values |= {"where": where, "what": what}
            return words[template].format_map(values)
        return ""


def waiver_in_words(
    texts: Texts, outcome: WaiverOutcome, called: Callable[[str], str] = str
) -> str:
    """Return whether an accepted finding holds, and why not.

    :param called: what people are called, by their ids.
    """
    groups, severities = texts.groups("reasons"), texts.words("reports")
    said = groups["waiver"][outcome.standing]
    for template, pattern in _patterns(tuple(groups["refusal"])):
        if found := pattern.fullmatch(outcome.message or ""):
            values: dict[str, str | int] = dict(found.groupdict())
            for name in values.keys() & {"person", "people"}:
                values[name] = ", ".join(map(called, str(values[name]).split(", ")))
            for name in values.keys() & {"count", "have"}:
                values[name] = int(str(values[name]).replace(",", ""))
            if "severity" in values:
                values["severity"] = severities[str(values["severity"])].casefold()
            return f"{said}: {texts.filled(groups['refusal'][template], **values)}"
    return said


def _place(columns: Mapping[str, Mapping[str, str]], template: str, column: str) -> str:
    """Return a column with its table: that of whose it is said to be, or the one that has it."""
    whose = next((table for words, table in _TABLES.items() if template.startswith(words)), None)
    table = whose or next((name for name, known in columns.items() if column in known), "")
    return f"{table}.{column}"


@cache
def _patterns(templates: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what recognises a reason by each template: those that say the most stand first."""
    ordered = sorted(templates, key=lambda one: (one.count("{"), -len(one)))
    return tuple((one, _pattern(one)) for one in ordered)


def _pattern(template: str) -> re.Pattern[str]:
    kinds = {"column": r"\w+", "where": r"[a-z]+\.\w+", "count": r"[\d,]+", "have": r"[\d,]+"}
    return re.compile(
        _FIELD.sub(
            lambda found: f"(?P<{found[1]}>{kinds.get(found[1], '.+')})",
            re.escape(template),
        )
    )
