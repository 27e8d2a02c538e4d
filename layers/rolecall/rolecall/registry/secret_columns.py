"""Columns that hold secrets, whatever they are called: a registry must never have one.

A column is known by its name, in the languages that its organisations write, or by what is in it.
Three kinds of names: those that *are* a secret ("Kennwort", "Login/Pass", "Recovery codes"); those
that are *about* one ("Password Changed", "Who has the password?"); and all others. The first kind
is refused unless its cells show that it holds none; the others when their cells look like what
password managers and platforms make. No message shows a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, TypeAlias

from rolecall.registry.cells import Cell, shown
from rolecall.registry.schema import column_name
from rolecall.registry.secret_words import ABOUT, PHRASES, STEMS, WHOLE

__all__ = [
    "SecretColumns",
    "SecretName",
    "looks_made",
    "looks_secret",
    "secret_name",
    "shows_none",
]

SecretName: TypeAlias = Literal["secret", "about", "other"]

# "Passwort bei" asks with whom it is; "Passwort bei Facebook" is one.
_WITH_WHOM = (" bei ", " bij ", " chez ", " com ", " u ")
_SECRET_PHRASES = tuple(phrase for phrases in PHRASES.values() for phrase in phrases)
_ABOUT_PHRASES = tuple(phrase for phrases in ABOUT.values() for phrase in phrases)
# A cell of a password column that is none: signs for what was left out, or an answer.
_NONE = re.compile(
    r"[\W_xX]*|yes|no|true|false|ja|nein|oui|non|si|sí|sì|sim|não|nao|nee|tak|nie|n/?a|none|null"
    r"|hidden|masked|redacted|[(\[](blank|redacted|hidden)[)\]]|not set|unknown|tbd",
    re.IGNORECASE,
)
# What is a secret wherever it stands.
_PLAIN = re.compile(
    r"otpauth://|-----BEGIN [A-Z ]*PRIVATE KEY|\b(gh[pousr]_|xox[abps]-|sk_live_|glpat-)\w{10,}"
    r"|\bAKIA[A-Z0-9]{16}\b|\beyJ[\w-]{10,}\.[\w-]{10,}\."
    r"|\b(pass ?word|passwort|kennwort|pwd|pw|mot de passe|mdp|contraseña|senha|wachtwoord|hasło)"
    r"\s*[:=]\s*\S",
    re.IGNORECASE,
)
_SEED = re.compile(r"(?=.*[A-Z])(?=.*[2-7])(?:[A-Z2-7]{4}[ -]?){4,}[A-Z2-7]{0,4}=*")
_SIGNS = re.compile(r"[!$%^&*#?~=<>{}\[\]|\\+]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Letters that are not made of a letter and a sign.
_FOLDED = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d"})
_LONGEST = 200


def secret_name(name: str) -> SecretName:
    """Return what the name of a column says: that it is a secret, or about one, or neither."""
    spaced = _CAMEL.sub(" ", name[:_LONGEST]).translate(_FOLDED).casefold()
    plain = unicodedata.normalize("NFKD", spaced)
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    words = " ".join(re.sub(r"[^\w?]+|_", " ", bare).split())
    told = f" {words.replace('?', '')} "
    # Scripts whose letters are made of parts are compared as they are written.
    joined = (told.replace(" ", ""), unicodedata.normalize("NFKC", spaced))
    if not (
        told.strip() in WHOLE
        or any(stem in one for stem in STEMS for one in joined)
        or any(phrase in told for phrase in _SECRET_PHRASES)
    ):
        return "other"
    for stem in STEMS:
        # "Passwortwechsel" says two things in one word.
        told = told.replace(stem, f"{stem} ")
    is_about = (
        "?" in words
        or told.endswith(_WITH_WHOM)
        or any(phrase in told for phrase in _ABOUT_PHRASES)
    )
    return "about" if is_about else "secret"


class SecretColumns:
    """The columns of a table that are not the registry's own, and what was seen in them."""

    def __init__(self, header: Sequence[str], known: Sequence[str]) -> None:
        """Look at a header.

        :param known: the names of the registry's own columns.
        """
        named = enumerate((head, column_name(head)) for head in header)
        self._columns = [
            (index, name, secret_name(head)) for index, (head, name) in named if name not in known
        ]
        self._harmless: set[int] = set()
        self._found: set[int] = set()

    @property
    def are_looked_for(self) -> bool:
        """Whether there is a column that could hold any: the registry's own hold none."""
        return bool(self._columns)

    def read(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Look at the cells of some rows."""
        for index, _, kind in self._columns:
            cells = [
                text for row in rows if index < len(row) and (text := shown(row[index]).strip())
            ]
            if not cells:
                continue
            if kind == "secret":
                if all(map(shows_none, cells)):
                    self._harmless.add(index)
                else:
                    self._found.add(index)
            elif any(map(looks_secret, cells)) or 2 * sum(map(looks_made, cells)) > len(cells):
                self._found.add(index)

    def refused(self) -> list[str]:
        """Return the names of the columns that hold secrets, in their order."""
        return [
            name or f"column_{index + 1}"
            for index, name, kind in self._columns
            if index in self._found or (kind == "secret" and index not in self._harmless)
        ]


def shows_none(text: str) -> bool:
    """Tell whether a cell of a column of secrets is none: masked, or an answer."""
    return _NONE.fullmatch(text) is not None


def looks_secret(text: str) -> bool:
    """Tell whether something is in a text that is a secret wherever it stands."""
    return _PLAIN.search(text) is not None


def looks_made(text: str) -> bool:
    """Tell whether a text looks like what a program makes of letters, digits and signs."""
    if len(text) < 8 or len(text) > 128 or " " in text.strip():
        return _SEED.fullmatch(text) is not None
    if "://" in text or text.count("@") == 1:
        return False
    kinds = (str.islower, str.isupper, str.isdigit)
    return (
        all(any(map(kind, text)) for kind in kinds) and _SIGNS.search(text) is not None
    ) or _SEED.fullmatch(text) is not None
