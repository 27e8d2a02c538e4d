"""An empty workbook of a registry, made to be filled by people: ``rolecall init registry.xlsx``.

A sheet a table, its columns in the order in which they matter: first those that must be filled,
then those that most controls ask for, the worst first. Closed words are drop-downs, days cells of
dates, ids of other sheets can be chosen, and each heading has a note. One row of each sheet is an
example: its first cell says so, and whoever reads the workbook leaves it out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from rolecall.controls.catalogue import catalogue
from rolecall.model import SEVERITIES, TABLES
from rolecall.registry.schema import REQUIRED_TABLES, Column, columns
from rolecall.registry.xlsx_book import EXAMPLE, README_SHEET

__all__ = ["starting_workbook"]

_LAST_ROW = 1_000
"""The row up to which cells have drop-downs and formats; more rows can be written."""

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zones.
_EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "entities": {
        "name": "St Brigid Parish",
        "head_id": "p-1",
        "email_domains": "st-brigid.example",
    },
    "people": {"name": "Anna Weller", "status": "active", "email": "anna@st-brigid.example"},
    "accounts": {
        "entity_id": "st-brigid",
        "platform": "facebook",
        "handle": "StBrigidParish",
        "status": "active",
        "owner_id": "p-1",
    },
    "grants": {"person_id": "p-1", "role": "owner"},
    "logins": {"account_id": "acc-1", "storage": "password_manager", "mfa": "app"},
    "observations": {"handle": "StBrigidParish", "observed_on": "2026-01-31"},
    "incidents": {"account_id": "acc-1", "opened_at": "2026-01-31T09:30:00Z"},
}
_README = (
    "The registry: who holds which account of yours.",
    "",
    "Fill the sheets from left to right: entities and accounts first, then people and grants.",
    "Ids are yours to make up, the same wherever the row is meant. Make no id of a name.",
    "An empty cell says that there is none on record. Delete a column that you do not keep, and a",
    "sheet that you do not keep: then nothing is said of it, and nothing is held against anybody.",
    "Write (not tracked) into a cell of which you do not know anything.",
    f"Rows that begin with {EXAMPLE} are left out. Never write a password here.",
    "Then: rolecall validate registry.xlsx, and rolecall audit registry.xlsx",
)


def starting_workbook() -> bytes:
    """Return the workbook; the same bytes each time."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _MADE})
        _Maker(book).fill()
    return out.getvalue()


class _Maker:
    """Fills one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._must = book.add_format({"bold": True, "bg_color": "#DDE8F5", "bottom": 1})
        self._may = book.add_format({"bold": True, "bottom": 1})
        self._example = book.add_format({"italic": True, "font_color": "#7A7A7A"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._text = book.add_format({"num_format": "@"})

    def fill(self) -> None:
        """Write every sheet."""
        page = self._book.add_worksheet(README_SHEET)
        page.set_column(0, 0, 100)
        for number, line in enumerate(_README):
            page.write_string(number, 0, line)
        for table in TABLES:
            self._table(self._book.add_worksheet(table), table)

    def _table(self, sheet: Any, table: str) -> None:
        sheet.freeze_panes(1, 1)
        if table not in REQUIRED_TABLES:
            sheet.set_tab_color("#B8B8B8")
        example = _EXAMPLES.get(table, {})
        for index, column in enumerate(_ordered(table)):
            form = self._day if column.kind == "date" else self._text
            sheet.set_column(index, index, max(14, len(column.name) + 3), form)
            sheet.write_string(0, index, column.name, self._must if column.required else self._may)
            sheet.write_comment(0, index, _note(column), {"x_scale": 1.6})
            text = EXAMPLE if index == 0 else example.get(column.name, "")
            sheet.write_string(1, index, text, self._example)
            if (rule := _rule(column)) is not None:
                sheet.data_validation(2, index, _LAST_ROW - 1, index, rule)


def _ordered(table: str) -> list[Column]:
    """Return the columns of a table, those that matter most first."""
    weight = dict.fromkeys(columns(table), 0)
    for control in catalogue().values():
        for need in control.needs:
            of, _, name = need.partition(".")
            if of == table and name in weight:
                weight[name] += 10 ** (len(SEVERITIES) - SEVERITIES.index(control.severity))
    order = list(weight)
    known = columns(table)
    return [
        known[name]
        for name in sorted(order, key=lambda n: (not known[n].required, -weight[n], order.index(n)))
    ]


def _note(column: Column) -> str:
    parts = [f"{column.description}."]
    if column.required:
        parts.append("Must be filled.")
    if column.choices:
        parts.append(f"One of: {', '.join(column.choices)}.")
    if column.kind in ("list", "roles"):
        parts.append("Several with | between them.")
    if column.kind == "roles":
        parts.append("Each as person_id:role.")
    if column.kind == "instant":
        parts.append("Such as 2026-01-31T09:30:00Z.")
    return " ".join(parts)


def _rule(column: Column) -> dict[str, Any] | None:
    """Return what a cell of a column may hold, as the program that shows the sheet checks it."""
    told = {"error_title": column.name, "error_message": _note(column)[:255]}
    if column.choices:
        return _one_of(column.choices, told)
    if column.kind == "yes/no":
        return _one_of(("yes", "no"), told)
    if column.kind == "date":
        days = {"minimum": datetime(1990, 1, 1), "maximum": datetime(2199, 12, 31)}  # noqa: DTZ001
        return {"validate": "date", "criteria": "between", **days, **told}
    if column.kind == "number":
        numbers = {"minimum": column.least, "maximum": column.most}
        return {"validate": "integer", "criteria": "between", **numbers, **told}
    if column.refers is not None and column.kind not in ("list", "roles"):
        # Somebody who is on no roster may stand here: it is offered, and not refused.
        at = xl_col_to_name([one.name for one in _ordered(column.refers)].index("id"))
        source = f"={column.refers}!${at}$3:${at}${_LAST_ROW}"
        return {"validate": "list", "source": source, "show_error": False}
    return None


def _one_of(words: Iterable[str], told: Mapping[str, str]) -> dict[str, Any]:
    return {"validate": "list", "source": list(words), **told}
