"""Cells that say nothing, and numbers of an export that say more than was meant."""

# Apostrophes are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rolecall.adopt.heading_keys import heading_words
from rolecall.adopt.sheets import SheetCell
from rolecall.adopt.word_sets import word_set
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["Emptying"]

_MORE = word_set(
    """
    don't know|dont know|do not know|don’t know|not sure|unsure|no idea|nobody knows|who knows
    |dunno|can't remember|redacted for privacy|redacted|data redacted|not disclosed|withheld
    |weiß nicht|weiss nicht|weiß ich nicht|keine ahnung|niemand weiß es|niemand weiß|niemand weiss
    |je ne sais pas|ne sais pas|ne sait pas|on ne sait pas|aucune idée|no sé|no se sabe|no lo sé
    |ni idea|non so|non si sa|non lo so|non saprei|não sei|não se sabe|nao sei|sei lá|weet niet
    |weet ik niet|geen idee|niet bekend|nie wiem|nie wiadomo|nieznane
    """
)
# Errors of spreadsheets in any of their languages.
_ERROR = re.compile(r"#[¡¿]?[A-ZÀ-Ý0/]{1,12}[!?]|#N/?[AVDB]|#\S*SPILL!|#CALC!|Err:\d{3}")
# Where a word for nothing is an answer: there is no second factor.
_ANSWERS = word_set(
    """
    none nil nothing no keine keiner keines nichts kein aucun aucune rien ninguno ninguna nada
    nessuno nessuna niente nenhum nenhuma geen brak
    """
)
_FACTOR = re.compile(
    r"\b(?:[2m]fa|2sv|2 ?step|two ?(?:factor|step)|multi ?factor|second factor|zwei(?:ter)? ?faktor"
    r"|2 ?faktor|(?:double|2) ?auth\w*|deux (?:facteurs|etapes)|(?:doble|dos) (?:factor\w*|pasos)"
    r"|(?:due|doppio) (?:fattor\w*|passaggi)|(?:dois|duas|duplo) (?:fator\w*|etapas)"
    r"|twee(?:traps|staps|factor)\w*|dwu(?:skladnik|etap)\w*|second authentication)\b"
)
# Columns of names, in which a word for nothing may be one: Mr Null, Mrs Na.
_NAME = re.compile(
    r"\b(?:(?:last|first|sur|family|given) ?names?|surname|(?:nach|vor|familien)name|prenom"
    r"|nom de famille|apellidos?|cognome|apelido|sobrenome|(?:achter|voor)naam|nazwisko|imie)\b"
)
_POSSIBLE_NAMES = word_set("Null Na Nan Nil Nada Leer Offen Geen Brak Nichts Vide Niente")
_FLOAT = re.compile(r"(-?\d+)\.0", re.ASCII)
_WHOLE = re.compile(r"-?\d+(?:\.0)?", re.ASCII)


class Emptying:
    """What is taken for nothing in some sheets, with how often each word was."""

    def __init__(self, nothing: WordsForNothing) -> None:
        self.nothing = nothing
        self.empties: Counter[str] = Counter()

    def column(self, heading: str, cells: Sequence[SheetCell]) -> list[SheetCell]:
        """Return the cells of a column with those empty that say nothing."""
        words = " ".join(heading_words(heading))
        kept = _ANSWERS if _FACTOR.search(words) else frozenset()
        is_name = _NAME.search(words) is not None
        decided: dict[str, bool] = {"": False}
        found: list[SheetCell] = []
        for cell in cells:
            if not isinstance(cell, str):
                found.append(cell)
                continue
            if (is_empty := decided.get(cell)) is None:
                is_kept = cell.casefold().strip(" .!") in kept
                is_kept = is_kept or (is_name and cell in _POSSIBLE_NAMES)
                is_empty = decided[cell] = not is_kept and self._says_nothing(cell)
            if is_empty:
                self.empties[cell] += 1
            found.append("" if is_empty else cell)
        return _whole(found)

    def _says_nothing(self, text: str) -> bool:
        if text.casefold().strip(" .!?()[]") in _MORE or _ERROR.fullmatch(text):
            return True
        return self.nothing.say(text)


def _whole(cells: list[SheetCell]) -> list[SheetCell]:
    """Return the cells of a column of whole numbers without the ``.0`` that an export added.

    An export writes it on each number of a column as soon as one of its cells is empty.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    if not any(map(_FLOAT.fullmatch, texts)) or not all(map(_WHOLE.fullmatch, texts)):
        return cells
    return [cell.removesuffix(".0") if isinstance(cell, str) else cell for cell in cells]
