"""Secrets in a sheet: they stop everything, and nothing of them is shown, kept or counted.

All cells are looked at, those too that no table has: titles, notes, totals, and what is hidden. A
column is known by its heading, in eight languages, or by what is in it; a text, by what it says
(``pw: ...``); and two cells beside each other by the first of them. A column of secrets that has
none, since it is empty or masked, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rolecall.adopt.reading.grids import Grid, GridCell, GridRow
from rolecall.adopt.reading.heading_rows import meaning_in_any
from rolecall.adopt.word_sets import word_set
from rolecall.registry.problems import Problems
from rolecall.registry.secret_columns import looks_made, looks_secret, secret_name, shows_none
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["SecretSearch", "tells_secret"]

_MESSAGE = (
    "holds a secret, and no registry may have one; delete it here, and change it where it is used, "
    "as it was stored in the open"
)
# Words that mean a secret and little else, and those that need a sign or a digit behind them.
_SURE = (
    r"pass ?(?:word|phrase|code)s?|passwd|pwd?s?|p/w|pass ?w[oö]rt(?:er)?|kennw[oö]rt(?:er)?"
    r"|zugangscode|mots? de passe|mdp|contrase[nñ]as?|senhas?|palavras?[- ]passe"
    r"|wachtwoord(?:en)?|has[lł][oa]|parola d'ordine|recovery codes?|backup codes?|api[- ]?key"
    r"|secret key|2fa seed"
)
_UNSURE = (
    r"pass|clave|parola|ww|token|seed|secret|code|login|zugang|passkey|codice|chiave|codigo|kod"
)
_TOLD = re.compile(
    rf"(?<![\w/])(?:(?P<sure>{_SURE})|(?P<pin>pin(?:[- ]?code)?)|(?:{_UNSURE}))(?!\w)"
    r"(?:\s*\([^()]{0,40}\))?\s*"
    r"(?P<sign>[:=]+>?|->|→|\b(?:is|lautet|ist|est|es|è|é|to|jest)\b(?: now)?:?)?\s*"
    r"(?P<value>[^\s,;]\S*)(?P<more>\s+\w+)?",
    re.IGNORECASE,
)
_PIN = re.compile(r"\d{4,12}\W*")
# What goes on as a sentence about a secret: where it is, who has it, that it was changed.
_GOES_ON = word_set(
    """
    see in with at by ask held kept stored known changed reset from under on via same sent given
    the a an not unknown lost forgotten only siehe bei im in am beim von liegt hat wurde unbekannt
    voir chez dans avec demander ver en con la el los preguntar vedi da presso nel nella chiedere
    com na no perguntar zie bij van vraag u w zna zapytaj
    """
)
_LOGIN = re.compile(
    r"\b(?:log ?in|user|e[ -]?mail|account|benutzer|anmeld|konto|identifiant|usuario|utente"
    r"|gebruiker)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_SIGN = re.compile(r"[!$%^&*#?~=+<>{}\[\]|\\§]")
_MOST_LABEL = 60
_SHORTEST, _LONGEST = 6, 64


def tells_secret(text: str, *, of_people: bool = False) -> bool:
    """Tell whether a text says a secret: ``pw: ...`` in a note, a seed, a private key.

    :param of_people: it stands where people do, who know one: a plain word is a name there.
    """
    for found in _TOLD.finditer(text):
        value = found["value"].strip("\"'“”„«»()[]")
        if _is_harmless(value, found["more"]):
            continue
        if found["pin"]:
            is_secret = _PIN.fullmatch(value) is not None
        else:
            is_secret = _is_value(value, found["sign"], sure=bool(found["sure"]) and not of_people)
        if is_secret:
            return True
    return looks_secret(_TOLD.sub(" ", text))


def _is_harmless(value: str, more: str | None) -> bool:
    is_address = "://" in value or _MAIL.fullmatch(value) is not None
    is_factor = value.casefold() in ("2fa", "mfa", "2sv")
    return not value or is_address or is_factor or _is_masked(value) or _goes_on(value, more)


def _is_value(value: str, sign: str | None, *, sure: bool) -> bool:
    has_digit = any(map(str.isdigit, value))
    has_letter = any(map(str.isalpha, value))
    is_mixed = (has_digit and has_letter) or (_SIGN.search(value.rstrip("?!.")) is not None)
    if sign and not sign[0].isalpha():
        return sure or is_mixed
    if sign:
        return sure and has_digit
    return sure and has_digit and has_letter and len(value) >= _SHORTEST


def _is_masked(value: str) -> bool:
    return shows_none(value.strip("\"'“”„«».,;"))


def _goes_on(value: str, more: str | None) -> bool:
    return value.casefold().strip(".,;:'") in _GOES_ON and more is not None


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
        if is_about or not has_login or meaning_in_any(heading).field not in ("", "nothing"):
            return False
        return not _is_identifier(heading) and 2 * sum(map(_looks_typed, cells)) > len(cells)

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


def _looks_typed(text: str) -> bool:
    """Tell whether a text looks like what somebody types where a password is asked."""
    if not _SHORTEST <= len(text) <= _LONGEST or " " in text or "://" in text or "@" in text[:1]:
        return False
    if _MAIL.fullmatch(text) or "/" in text:
        return False
    kinds = sum(any(map(kind, text)) for kind in (str.islower, str.isupper, str.isdigit))
    has_sign = _SIGN.search(text) is not None or "@" in text
    return any(map(str.isalpha, text)) and (
        kinds == 3 or (has_sign and any(map(str.isdigit, text)))
    )
