"""Yes and no, in eight languages, as marks, and with what people add to an answer."""

# Marks are written here as they are written in sheets.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata

from rolecall.adopt.sheets import SheetCell

__all__ = ["yes_or_no"]

_YES = frozenset(
    """
    yes|y|yep|yeah|ja|j|jo|oui|o|si|s|sim|tak|t|true|wahr|vrai|verdadero|vero|verdadeiro|waar|prawda
    1|x|on|enabled|active|enrolled|aktiv|aktiviert|an|activee|activado|activada|attivo|attiva
    attivato|ativado|ativada|ativo|ingeschakeld|aan|wlaczone|wlaczony|wlaczona|ok|done|erledigt|fait
    hecho|fatto|feito|gedaan|✓|✔|☑|✅
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
_NO = frozenset(
    """
    no|n|nope|nein|non|nao|nee|nie|false|falsch|faux|falso|onwaar|falsz|0|off|disabled|inactive
    inaktiv|deaktiviert|aus|desactive|desactivado|desactivada|disattivato|disattivata|desativado
    desativada|uitgeschakeld|uit|wylaczone|wylaczony|wylaczona|✗|✘|❌|☐|❎|never|jamais|nunca|mai
    nooit|nigdy|niemals
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
_PHRASES = {
    "not yet": False,
    "no longer": False,
    "not enabled": False,
    "not enrolled": False,
    "not active": False,
    "noch nicht": False,
    "nicht mehr": False,
    "nicht aktiv": False,
    "pas encore": False,
    "todavia no": False,
    "aun no": False,
    "non ancora": False,
    "ainda nao": False,
    "nog niet": False,
    "jeszcze nie": False,
    "turned on": True,
    "switched on": True,
    "turned off": False,
    "switched off": False,
    "not set up": False,
    "set up": True,
}
# What follows an answer and explains it: brackets, a dash, a comma, the start of a sentence.
_ANSWER = re.compile(r"(\w+|[^\w\s])(?=\s*(?:[(\[,;:.!/]|\s[-–—]+\s|$))")
_GO_ON = re.compile(
    r"(since|via|by|with|through|from|on|seit|mit|per|depuis|avec|par|desde|con|dal|com|met|od|z)\b"
)
_LONGEST = 200


def yes_or_no(cell: SheetCell) -> bool | None:
    """Return what a cell answers, or ``None`` where it answers nothing."""
    if isinstance(cell, bool):
        return cell
    if not isinstance(cell, str):
        return None
    spread = unicodedata.normalize("NFKD", cell[:_LONGEST].casefold().replace("ł", "l"))
    bare = "".join(char for char in spread if not unicodedata.combining(char))
    text = " ".join(bare.replace("\ufe0f", "").split())
    for phrase, answer in _PHRASES.items():
        if re.match(rf"{phrase}\b", text):
            return answer
    first = _ANSWER.match(text)
    word = first[1] if first else _since(text)
    return True if word in _YES else False if word in _NO else None


def _since(text: str) -> str:
    """Return the answer that goes on as a sentence which can only say more: "yes since May"."""
    word, _, rest = text.partition(" ")
    return word if len(word) > 1 and _GO_ON.match(rest) else ""
