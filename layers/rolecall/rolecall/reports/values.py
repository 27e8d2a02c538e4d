"""Values of evidence as a sentence says them: in words for people, and in none where there is none.

Evidence holds what a registry holds: ``password_manager``, ``contract_ref``, or nothing. A template
says what stands around a value that may be missing, and what stands there without it:
``{left_on:? on %|}`` is `` on 2026-10-01``, or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from rolecall.named_keys import PLATFORM_KEYS
from rolecall.naming import platform_said
from rolecall.texts import Number, Texts

__all__ = ["Told", "Values", "value_words"]

_MOST_KEPT = 1 << 12
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", re.ASCII)
_GROUPS: Mapping[str, str] = {
    "shown_role": "role",
    "previous_sanction": "sanction",
    "required": "sanction",
}
"""Keys of evidence whose values are called as those of another."""


def value_words(texts: Texts, key: str) -> Mapping[str, str]:
    """Return what words of the registry, and names of its columns, are called under a key."""
    return texts.groups("values").get(_GROUPS.get(key, key), {})


class Told(str):
    """A value that a template says something around, or says something else without."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """Return it alone, or by ``?WITH|WITHOUT``, in which ``%`` is the value."""
        if not spec:
            return str(self)
        if not spec.startswith("?"):
            raise ValueError(f"a text is no number of {spec}")
        there, _, missing = spec[1:].partition("|")
        return there.replace("%", self) if self else missing


class _Untold(Told):
    """A value that is not there: of it alone it is said that there is nothing."""

    __slots__ = ("nothing",)
    nothing: str

    def __format__(self, spec: str) -> str:
        return super().__format__(spec) if spec else self.nothing


class Values:
    """Says values of evidence in a language.

    :ivar texts: the language.
    """

    def __init__(self, texts: Texts) -> None:
        """Take the language."""
        self.texts = texts
        words = texts.words("reports")
        self._website, self._groups = words["website"], texts.groups("values")
        self._nothing = _Untold("")
        self._nothing.nothing = words["said_nothing"]
        self._truth = {True: words["said_yes"], False: words["said_no"]}
        # Days, roles and limits recur in finding after finding.
        self._number = lru_cache(_MOST_KEPT)(partial(Number.of, forms=texts.forms))
        self._text = lru_cache(_MOST_KEPT)(self._other)

    def told(self, key: str, value: Any) -> Any:
        """Return a value as a template may say it."""
        if type(value) is int:
            return self._number(value)
        return self._text(key, value) if type(value) is str else self._other(key, value)

    def _other(self, key: str, value: Any) -> Told:
        if key in PLATFORM_KEYS and value:
            listed = isinstance(value, list)
            named = [platform_said(one, self._website) for one in (value if listed else [value])]
            value = named if listed else named[0]
        words = self._groups.get(_GROUPS.get(key, key), {})
        if isinstance(value, list):
            said = ", ".join(self._said(one, words) for one in value)
            return Told(said) if value else self._nothing
        return self._nothing if value is None else Told(self._said(value, words))

    def _said(self, value: Any, words: Mapping[str, str]) -> str:
        if isinstance(value, bool):
            return self._truth[value]
        if not isinstance(value, str):
            return str(value)
        if value[:1].isdecimal():
            return self._dated(value)
        return words.get(value, value)

    def _dated(self, value: str) -> str:
        """Return a day or an instant as a sentence of the language has it, all else as it is."""
        try:
            if _DAY.fullmatch(value):
                return self.texts.told_day(date.fromisoformat(value))
            if _INSTANT.fullmatch(value):
                return self.texts.instant(datetime.fromisoformat(value))
        except ValueError:
            pass
        return value
