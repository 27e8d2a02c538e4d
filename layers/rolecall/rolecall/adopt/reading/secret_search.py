"""Secrets in a sheet: they stop everything, and nothing of them is shown, kept or counted.

All cells are looked at, those too that no table has: titles, notes, totals, and what is hidden. A
column is known by its heading, in eight languages, or by what is in it; a text, by what it says
(``secret_texts``); and two cells beside each other, by the first of them. A column of secrets that
has none, since it is empty or masked, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rolecall.adopt.reading.grids import Grid, GridCell, GridRow
from rolecall.adopt.reading.heading_rows import meaning_in_any
from rolecall.adopt.reading.secret_texts import looks_paired, looks_typed, tells_secret
from rolecall.registry.problems import Problems
from rolecall.registry.secret_columns import looks_made, secret_name, shows_none
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["SecretSearch"]

_MESSAGE = (
    "holds a secret, and no registry may have one; delete it here, and change it where it is used, "
    "as it was stored in the open"
)
_LOGIN = re.compile(
    r"\b(?:log ?in|user|e[ -]?mail|account|benutzer|anmeld|konto|identifiant|usuario|utente"
    r"|gebruiker)",
    re.IGNORECASE,
)
_LOGGED_IN = re.compile(
    r"\b(?:log ?in|user|zugang|anmeld|identifiant|usu[aá]rio|utente|gebruiker)", re.IGNORECASE
)
_MOST_LABEL = 60


class SecretSearch:
    """Looks for the secrets of one grid."""

    def __init__(self, grid: Grid, problems: Problems, nothing: WordsForNothing) -> None:
        self._grid = grid
        self._problems = problems
        self._nothing = nothing

    def texts(self, headings: Sequence[str], rows: Sequence[GridRow]) -> None:
        """Report the cells that say a secret, each column once."""
        harmless: set[str] = set()
        reported: set[int] = set()
        of_people = {at for at, head in enumerate(headings) if secret_name(head) == "about"}
        for row in rows:
            for column, cell in enumerate(row.cells):
                if not isinstance(cell, str) or cell in harmless or column in reported:
                    continue
                if tells_secret(cell, of_people=column in of_people):
                    reported.add(column)
                    self._report(headings, column, row.number)
                elif column not in of_people:
                    harmless.add(cell)

    def pairs(self, headings: Sequence[str], rows: Sequence[GridRow]) -> None:
        """Report the cells that name a secret which stands beside them.

        :param rows: all but those of the headings.
        """
        for row in rows:
            filled = [(at, text) for at, cell in enumerate(row.cells) if (text := _text(cell))]
            for (at, label), (_, value) in pairwise(filled):
                is_label = label.endswith(":") or len(filled) == 2
                if (
                    is_label
                    and len(label) < _MOST_LABEL
                    and secret_name(label) == "secret"
                    and secret_name(value) == "other"
                    and not self._is_none(value)
                ):
                    self._report(headings, at, row.number)

    def columns(self, headings: Sequence[str], rows: Sequence[GridRow]) -> frozenset[int]:
        """Report the columns that hold secrets, and return those that hold none, but would."""
        left_out = set()
        has_login = any(_LOGIN.search(heading) for heading in headings)
        for column, heading in enumerate(headings):
            cells = [
                text
                for row in rows
                if column < len(row.cells) and (text := _text(row.cells[column]))
            ]
            kind = secret_name(heading)
            if kind == "secret" and not _is_login(heading):
                if all(self._is_none(text) for text in cells):
                    left_out.add(column)
                else:
                    self._report(headings, column)
            elif self._are_secrets(heading, cells, has_login=has_login, is_about=kind == "about"):
                self._report(headings, column)
        return frozenset(left_out)

    def _is_none(self, text: str) -> bool:
        return shows_none(text) or self._nothing.say(text)

    def _are_secrets(
        self, heading: str, cells: Sequence[str], *, has_login: bool, is_about: bool
    ) -> bool:
        if not cells:
            return False
        if 2 * sum(map(looks_made, cells)) > len(cells):
            return True
        if _LOGGED_IN.search(heading) and 2 * sum(map(looks_paired, cells)) > len(cells):
            return True
        if is_about or not has_login or meaning_in_any(heading).field not in ("", "nothing"):
            return False
        return not _is_identifier(heading) and 2 * sum(map(looks_typed, cells)) > len(cells)

    def _report(self, headings: Sequence[str], column: int, row: int | None = None) -> None:
        heading = headings[column] if column < len(headings) else ""
        is_shown = heading and not tells_secret(heading)
        name = heading if is_shown else f"column {column + 1}"
        self._problems.add(self._grid.place, _MESSAGE, row=row, column=name)


def _text(cell: GridCell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _is_login(heading: str) -> bool:
    """Tell whether a heading of a group about logins is over something that is no secret.

    "Zugangsdaten E-Mail" is an address; "Zugangsdaten" and "Login Passwort" are what they say.
    """
    last = heading.rsplit(" ", 1)
    if len(last) < 2 or secret_name(last[1]) != "other":
        return False
    return secret_name(last[0]) == "secret" and meaning_in_any(last[1]).field in (
        *("login_email", "email", "url", "handle", "platform", "notes", "reviewed_on"),
    )


def _is_identifier(heading: str) -> bool:
    return re.search(r"\b(?:ids?|no|nr|num\w*|code|ref\w*|key)\b", heading, re.I) is not None
