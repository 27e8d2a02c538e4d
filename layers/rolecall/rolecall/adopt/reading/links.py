"""What is behind the text of a cell: the address of a link, where the text is only its label.

People write "Facebook", or a name, and lay the address behind it. In a column of links or of one
platform the address is what is meant; a name keeps standing, and gets its address beside it. A
person's name with an address to write to behind it becomes both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rolecall.adopt.platform_words import platform_named
from rolecall.adopt.reading.grids import GridCell
from rolecall.adopt.reading.heading_rows import meaning_in_any
from rolecall.adopt.word_sets import word_set

__all__ = ["LinkedColumn", "linked_column", "target_of"]

_TARGET = re.compile(r"https?://[^\s\"<>]{4,2000}", re.IGNORECASE)
_MAIL_TO = re.compile(r"mailto:([^\s?@]+@[^\s?@]+)(?:\?.*)?", re.IGNORECASE)
_FORMULA = re.compile(
    r"""=?\s*(?:of:=)?HYPERLINK\(\s*"([^"]+)"\s*[,;)]""",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_CUT = re.compile(r"\.\.\.|…")
# Labels that say nothing of what is behind them.
_LABELS = word_set(
    """
    link|links|here|click|click here|open|view|visit|go|page|site|website|web|profile|account|url
    |see|hier|hier klicken|zur seite|seite|öffnen|webseite|ansehen|profil|lien|ici|cliquez ici
    |ouvrir|voir|enlace|aquí|haga clic aquí|abrir|ver|página|sitio|sito|qui|clicca qui|apri|vedi
    |pagina|collegamento|aqui|clique aqui|ligação|site web|klik hier|openen|bekijk|koppeling|tutaj
    |kliknij tutaj|otwórz|strona|link to page|page link|follow us|visit us|→|>|>>|🔗
    """
)


class LinkedColumn(NamedTuple):
    """A column whose cells had links behind them.

    :ivar beside: the addresses that belong beside the texts; empty where there is none.
    """

    cells: list[GridCell]
    beside: list[GridCell]


def target_of(text: str) -> str:
    """Return the address in the target of a link, or in a formula that makes one."""
    found = _FORMULA.match(text.strip())
    target = (found[1] if found else text).strip()
    return target if _TARGET.fullmatch(target) or _MAIL_TO.fullmatch(target) else ""


def linked_column(
    heading: str, cells: Sequence[GridCell], targets: Mapping[int, str]
) -> LinkedColumn:
    """Return a column with what is behind its cells.

    :param targets: the addresses, by the index of the cell.
    """
    meaning = meaning_in_any(heading)
    is_for_links = meaning.field in ("url", "account", "website", "address") or bool(
        meaning.platform
    )
    found = LinkedColumn(list(cells), [""] * len(cells))
    for index, target in targets.items():
        text = cells[index]
        if not isinstance(text, str):
            continue
        mail = _MAIL_TO.fullmatch(target)
        if mail:
            if "@" not in text:
                found.cells[index] = f"{text} <{mail[1]}>" if text else mail[1]
        elif _is_address(text):
            continue
        elif not text or is_for_links or _is_label(text, heading):
            found.cells[index] = target
        else:
            found.beside[index] = target
    return found


def _is_address(text: str) -> bool:
    """Tell whether a text is an address itself, the whole of one."""
    return _ADDRESS.fullmatch(text) is not None and not _CUT.search(text) and "/" in text


def _is_label(text: str, heading: str) -> bool:
    plain = text.casefold().strip(" .:!()[]")
    if plain in _LABELS or plain == heading.casefold() or _CUT.search(text):
        return True
    return platform_named(text) is not None or _ADDRESS.fullmatch(text) is not None
