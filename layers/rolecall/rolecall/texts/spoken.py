"""The texts of one language, read part by part as they are asked for."""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.texts.forms import Forms
from rolecall.texts.messages import Messages
from rolecall.texts.number import Number
from rolecall.vocabulary import Language

__all__ = ["ControlText", "FrameworkText", "MissingTextError", "Texts", "Words", "texts_of"]

_SOURCE: Language = "en"


class MissingTextError(KeyError):
    """A language has no text for something: a fault of Rolecall, which its tests look for."""


class Words(dict[str, str]):
    """One part of the texts, by key; what is missing is an error that says where to write it."""

    def __init__(self, where: str, texts: Mapping[str, str]) -> None:
        """Take the texts, and the table that they are of."""
        super().__init__(texts)
        self._where = where

    def with_others(self, texts: Mapping[str, str]) -> Words:
        """Return the same with some texts in place of others."""
        return Words(self._where, {**self, **texts})

    def __missing__(self, key: str) -> str:
        """Refuse."""
        raise MissingTextError(f"{self._where} has no text {key!r}")


class ControlText(Struct, frozen=True):
    """What a control says in a language; ``detail`` is a template, or templates by the reason."""

    title: str
    rationale: str
    remediation: str
    record: str
    detail: str | Mapping[str, str]


class FrameworkText(Struct, frozen=True):
    """What is said of a framework in a language; titles are verbatim, or a few words of ours."""

    release: str
    notice: str
    note: str = ""
    titles: Mapping[str, str] = {}


class _Cited(Protocol):
    """A framework as it is in English."""

    @property
    def key(self) -> str: ...
    @property
    def release(self) -> str: ...
    @property
    def notice(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def titles(self) -> Mapping[str, str]: ...


class _Said(Protocol):
    """What a control says in English: it stands with the control."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def rationale(self) -> str: ...
    @property
    def remediation(self) -> str: ...
    @property
    def record(self) -> str: ...
    @property
    def detail(self) -> str | Mapping[str, str]: ...


class Texts:
    """What is said in one language."""

    def __init__(self, language: Language) -> None:
        """Take the language; nothing is read before it is asked for."""
        self.language = language
        self._parts: dict[str, Words] = {}

    @cached_property
    def forms(self) -> Forms:
        """How the language writes numbers and days."""
        return msgspec.convert(_table(self.language, "forms"), Forms)

    def words(self, part: str) -> Words:
        """Return the texts of one part, such as ``reports``.

        :raises MissingTextError: the language has no such table.
        """
        if part not in self._parts:
            where = f"texts/{self.language}/{part}.toml"
            self._parts[part] = Words(where, _table(self.language, part))
        return self._parts[part]

    def groups(self, part: str) -> Mapping[str, Mapping[str, str]]:
        """Return the texts of a part that has them in groups.

        :raises MissingTextError: the language has no such table.
        """
        return _table(self.language, part)

    def said(self, message: str) -> str:
        """Return a message that was made in English, in this language.

        What no release before this one said stays as it is.
        """
        if self.language == _SOURCE:
            return message
        return self._messages.said(message)

    @cached_property
    def _messages(self) -> Messages:
        return Messages(_table(self.language, "messages"), self.forms)

    def number(self, count: int) -> str:
        """Return a whole number as the language writes it."""
        return self.forms.number(count)

    def share(self, tenths: int) -> str:
        """Return a share of a hundred, given in tenths of one."""
        return self.forms.share(tenths)

    def day(self, day: date) -> str:
        """Return a day as the language writes it in a table."""
        return self.forms.dated(day)

    def told_day(self, day: date) -> str:
        """Return a day as the language writes it in a sentence."""
        return self.forms.told_day(day)

    def instant(self, at: datetime) -> str:
        """Return an instant to the minute, in UTC, as the language writes it."""
        return self.forms.timed(at)

    def counted(self, count: int, one: str, many: str = "") -> str:
        """Return a number with what is counted, in the right number.

        :param many: what it is called where there is not one; without it, the first with an s.
        """
        return format(Number.of(count, self.forms), f"{one}|{many}" if many else one)

    def filled(self, template: str, **values: Any) -> str:
        """Return a template with its values; whole numbers as the language writes them.

        A template may give a number its words: ``{count:finding|findings}``.
        """
        return template.format_map({name: self._value(value) for name, value in values.items()})

    def _value(self, value: Any) -> Any:
        return Number.of(value, self.forms) if type(value) is int else value

    def control(self, control: _Said) -> ControlText:
        """Return what a control says.

        :raises MissingTextError: the language has nothing of the control, or not all of it.
        """
        if self.language == _SOURCE:
            said = control.title, control.rationale, control.remediation, control.record
            return ControlText(*said, control.detail)
        table = _table(self.language, "catalogue")
        try:
            return msgspec.convert(table[control.id], ControlText)
        except (KeyError, msgspec.ValidationError) as error:
            where = f"texts/{self.language}/catalogue.toml"
            raise MissingTextError(f"{where} does not say {control.id}: {error}") from error

    def framework(self, framework: _Cited) -> FrameworkText:
        """Return what is said of a framework: titles that are verbatim in English alone stay so.

        :raises MissingTextError: the language has nothing of the framework.
        """
        if self.language == _SOURCE:
            said = framework.release, framework.notice, framework.note
            return FrameworkText(*said, framework.titles)
        try:
            found = _table(self.language, "frameworks")[framework.key]
            told = msgspec.convert(found, FrameworkText)
        except (KeyError, msgspec.ValidationError) as error:
            where = f"texts/{self.language}/frameworks.toml"
            raise MissingTextError(f"{where} does not say {framework.key}: {error}") from error
        return replace(told, titles={**framework.titles, **told.titles})


@cache
def texts_of(language: Language) -> Texts:
    """Return the texts of a language."""
    return Texts(language)


@cache
def _table(language: Language, part: str) -> Mapping[str, Any]:
    try:
        data = pkgutil.get_data("rolecall.texts", f"{language}/{part}.toml")
    except FileNotFoundError as error:
        raise MissingTextError(f"there is no texts/{language}/{part}.toml") from error
    if data is None:
        raise MissingTextError(f"texts/{language}/{part}.toml cannot be read")
    return tomllib.loads(data.decode())
