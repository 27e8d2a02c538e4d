"""Rows of a sheet that are no rows of its table: totals, notes, headings once more, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from rolecall.adopt.platform_words import platform_named
from rolecall.adopt.reading.grids import GridRow
from rolecall.adopt.reading.heading_rows import said

__all__ = ["RowKind", "is_section", "notes_from", "row_kind"]

RowKind: TypeAlias = Literal["table", "total", "headings", "comment", "numbers"]
"""What a row below the headings is."""

_TOTAL = re.compile(
    r"(?:(?:grand |sub-?|overall )?(?:totals?|sum|subtotals?)|count"
    r"|(?:zwischen|gesamt|end)?summen?|gesamt(?:zahl|anzahl)?|insgesamt|anzahl(?: gesamt)?"
    r"|(?:sous-?)?tota(?:l|ux)(?: général)?|somme|nombre(?: total)?"
    r"|(?:sub)?total(?:es)?(?: general)?|suma(?: total)?|cantidad"
    r"|(?:sub)?totale(?: generale)?|somma|(?:sub)?totais|total geral|soma|quantidade"
    r"|(?:sub|eind)?totaal|som|aantal|razem|suma(?: częściowa)?|ogółem|łącznie|liczba)"
    # What may stand behind the word: a number, what was counted.
    r"\s*(?:(?:[:=(-]|\d).*)?",
    re.IGNORECASE | re.DOTALL,
)
_NOTE = re.compile(
    r"[*†‡§¹²³]|\(?\d?\)? ?(?:notes?|nb|n\.b\.|p\.?s\.?|legend|key|source|updated|last (?:updated|"
    r"modified|changed|saved|edited|reviewed|checked)|as (?:of|at)|printed|prepared|created|"
    r"compiled|maintained|generated|exported|approved|page \d|confidential|draft|version|"
    r"questions\?|please|anmerkung(?:en)?|hinweise?|bemerkung(?:en)?|legende|quelle|stand|"
    r"aktualisiert|letzte (?:änderung|aktualisierung)|erstellt|gedruckt|seite \d|vertraulich|"
    r"remarques?|légende|mis à jour|dernière (?:mise|modification)|imprimé|établi|confidentiel|"
    r"notas?|leyenda|fuente|actualizado|última (?:actualización|modificación)|impreso|elaborado|"
    r"página \d|confidencial|nota|note|legenda|fonte|aggiornato|ultim[oa] (?:aggiornamento|"
    r"modifica)|stampato|redatto|riservato|observaç(?:ão|ões)|atualizado|última atualização|"
    r"opmerking(?:en)?|toelichting|bron|bijgewerkt|laatst (?:bijgewerkt|gewijzigd)|afgedrukt|"
    r"vertrouwelijk|uwag[ai]|legenda|źródło|aktualizacja|ostatnia (?:aktualizacja|zmiana)|"
    r"wydrukowano|sporządził|poufne|stan na)\b|©|\(c\) ",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+]?[\d.,\s%€$£]+")
_SENTENCE_WORDS = 6
_NARROW = 2


def row_kind(row: GridRow, headings: Sequence[str], *, is_first: bool) -> RowKind:
    """Return what a row is, by itself.

    :param is_first: whether it is the first below the headings.
    """
    texts = said(row)
    if len(texts) == 1 and texts[0].startswith("#") and texts[0][1:2] in (" ", "#", "-", "="):
        return "comment"
    if _is_again(row, headings):
        return "headings"
    if texts and _TOTAL.fullmatch(texts[0]) and all(map(_NUMBER.fullmatch, texts[1:])):
        return "total"
    if is_first and len(texts) > _NARROW:
        numbers = [text.strip("().") for text in texts]
        if numbers in ([str(n) for n in range(1, len(texts) + 1)], _letters(len(texts))):
            return "numbers"
    return "table"


def is_section(row: GridRow, span: int, width: int, typical: int) -> bool:
    """Tell whether a row is a title for those below it: one cell over the columns of the table.

    :param span: the columns of its widest merged cell.
    """
    texts = said(row)
    if len(texts) != 1 or typical <= _NARROW:
        return False
    if span >= max(3, width / 2):
        return True
    first = next(index for index, cell in enumerate(row.cells) if cell != "")
    text = texts[0]
    named = platform_named(text.rstrip(": "))
    is_titled = text.endswith(":") or (named is not None and not named.mistyped)
    return first == 0 and is_titled


def notes_from(rows: Sequence[GridRow], typical: int, spans: Mapping[int, int]) -> int:
    """Return the index of the row from which on there are only notes, the number of rows else."""
    # Of a table of two columns a row with one of them may be a row; only what says so is a note.
    narrow = min(_NARROW, typical - 1)
    start = len(rows)
    while start and len(said(rows[start - 1])) <= narrow:
        start -= 1
    for at in range(start, len(rows)):
        texts = said(rows[at])
        is_apart = at == 0 or rows[at].number > rows[at - 1].number + 1
        is_wide = spans.get(rows[at].number, 0) > 1
        is_sentence = len(texts) == 1 and len(texts[0].split()) >= _SENTENCE_WORDS
        is_note = texts and _NOTE.match(texts[0]) is not None
        if narrow < _NARROW:
            is_sentence, is_wide, is_note = False, False, bool(is_note and is_apart)
        if is_note or is_sentence or (is_wide and is_apart):
            return at
    return len(rows)


def _is_again(row: GridRow, headings: Sequence[str]) -> bool:
    pairs = [
        (str(cell).casefold(), name.casefold())
        for cell, name in zip(row.cells, headings, strict=False)
        if cell != "" or name
    ]
    same = sum(" ".join(cell.split()) == name for cell, name in pairs)
    return same > 1 and same >= 0.8 * len(pairs)


def _letters(count: int) -> list[str]:
    return [chr(ord("A") + index) for index in range(min(count, 26))]
