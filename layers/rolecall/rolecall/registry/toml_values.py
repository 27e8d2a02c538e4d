"""Reads the values of a TOML document and reports each that is not what stands for in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from rolecall.keys.names import name_key
from rolecall.registry.problems import Problems, suggestion

__all__ = ["TomlValues"]


class TomlValues:
    """Reads values of one document and collects what is wrong with them.

    A value that is not there, and one that is wrong, reads as ``None``.
    """

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems

    def problem(self, where: str, message: str, value: Any = None) -> None:
        """Report what is wrong at a place."""
        shown = None if value is None else str(value)
        if isinstance(value, bool):
            shown = str(value).lower()  # as TOML spells it
        self.problems.add(self.file, message, column=where, value=shown)

    def check_keys(self, where: str, table: Mapping[str, Any], known: Collection[str]) -> None:
        """Report the keys of a table that nobody knows, each with the nearest known one."""
        for key in table:
            if key not in known:
                near = suggestion(key, known) or f"; known here: {', '.join(known)}"
                prefix = f"{where}." if where else ""
                self.problem(f"{prefix}{key}", f"unknown {'key' if where else 'section'}{near}")

    def table(self, where: str, value: Any) -> Mapping[str, Any]:
        """Return a table; of anything else an empty one."""
        if isinstance(value, dict):
            return value
        self.problem(where, "must be a table")
        return {}

    def text(self, where: str, value: Any) -> str | None:
        """Return a text without the spaces around it."""
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.problem(where, "must be a text that is not empty", value)
            return None
        return value.strip()

    def texts(self, where: str, value: Any) -> tuple[str, ...] | None:
        """Return a list of texts."""
        if value is None:
            return None
        if not isinstance(value, list) or not all(
            isinstance(item, str) and item.strip() for item in value
        ):
            self.problem(where, 'must be a list of texts, such as ["a", "b"]', value)
            return None
        return tuple(item.strip() for item in value)

    def words(self, where: str, head: Mapping[str, Any]) -> frozenset[str] | None:
        """Return a list of ``[policy]`` whose texts are the same in any case."""
        texts = self.texts(where, head.get(where.removeprefix("policy.")))
        return None if texts is None else frozenset(text.casefold() for text in texts)

    def names(self, where: str, head: Mapping[str, Any]) -> frozenset[str] | None:
        """Return a list of ``[policy]`` whose texts are names, by their keys."""
        texts = self.texts(where, head.get(where.removeprefix("policy.")))
        return None if texts is None else frozenset(map(name_key, texts))

    def date(self, where: str, value: Any) -> date | None:
        """Return a day."""
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.problem(where, "must be a date without quotes, such as 2026-12-31", value)
            return None
        return value
