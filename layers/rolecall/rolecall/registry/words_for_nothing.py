"""Words that stand in a cell and say nothing: ``N/A``, ``TBD``, a dash.

A registry has two kinds of nothing, an empty cell and a column that is not tracked. What people
write instead of leaving a cell empty is the first: a contract called ``TBD`` is none. The words are
those below in eight languages, more of them or fewer by the policy (``words_for_nothing``,
``words_for_something``), in any case, between any brackets and with any sign behind them.

A word of a closed vocabulary is what it is there (``none`` is a second factor's), and a cell of a
column that must be filled is not filled by a word for nothing.
"""

# What people write for nothing is written here as they write it.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

__all__ = ["PLAIN_WORDS", "WordsForNothing"]

PLAIN_WORDS = frozenset(
    """
    n/a|na|n.a.|n\\a|#n/a|#null!|none|nil|null|nan|tbd|t.b.d.|tba|tbc|t.b.c.|tbf|todo|to do
    to be done|to be determined|to be defined|to be decided|to be announced|to be confirmed
    to be added|to be advised|to be agreed|to be supplied|to be provided|to be filled in|to follow
    to come|unknown|unk|undefined|undetermined|unspecified|unassigned|unset|not applicable
    not available|not known|not set|not specified|not given|not recorded|not on file|not assigned
    not yet|not yet known|not provided|no data|no value|no entry|no information|blank|empty
    missing|pending|vacant|vacancy|nothing|placeholder|xxx|xxxx|???
    t.b.a.|none yet|none on file|no contract|not signed|not yet signed|not applicable yet
    to be signed|to be checked|to be appointed|to check|in progress|in preparation
    w.i.p.|wip|awaiting signature
    n/d|n/c|n.c.|n.r.|n.n.|nomen nominandum|#ref!|#value!|#name?|#div/0!
    k.a.|keine|keiner|keines|keine angabe|keine angaben|ohne angabe|o.a.|entfällt|unbekannt
    nicht bekannt|nicht zutreffend|nicht vorhanden|nicht verfügbar|noch offen|offen|folgt
    noch nicht|noch nicht bekannt|noch keine|noch keiner|steht aus|in arbeit|in vorbereitung
    in bearbeitung|kein vertrag|entfaellt|fehlt|fehlt noch|unklar|keine daten
    wird nachgereicht|ausstehend|leer|unbesetzt|vakant|nichts
    néant|aucun|aucune|inconnu|inconnue|s/o|sans objet|non applicable|non disponible|non renseigné
    neant|à venir|en cours|en attente|pas encore|aucun contrat|non signé|à signer|à préciser
    à définir|à déterminer|à confirmer|à compléter|vide|rien|non défini
    ninguno|ninguna|desconocido|desconocida|no aplica|no disponible|por definir|por determinar
    sin contrato|en trámite|en proceso|no hay|no tiene|no consta|por firmar|s/n
    por confirmar|pendiente|vacante|sin datos|sin definir|s/d|vacío|nada
    em curso|em andamento|sem contrato|não tem|a preencher|por assinar
    nenhum|nenhuma|desconhecido|desconhecida|não aplicável|não disponível|a definir|a confirmar
    pendente|sem dados|vazio
    da firmare|in corso|mancante|non ancora|nessun contratto|nessun dato
    nessuno|nessuna|sconosciuto|sconosciuta|non applicabile|non disponibile|da definire
    da confermare|in attesa|n.d.|vuoto|niente
    nog niet|ontbreekt|in behandeling|geen contract|geen gegevens
    n.v.t.|nvt|onbekend|geen|niet van toepassing|niet beschikbaar|nog te bepalen|volgt|leeg
    b.d.|b/d|brak danych|brak umowy|nie ma|w trakcie|do potwierdzenia
    brak|nieznany|nieznana|nie dotyczy|niedostępny|do ustalenia|do uzupełnienia|puste
    """.strip()
    .replace("\n", "|")
    .split("|")
)
"""The words, in lower case."""

_BRACKETS = str.maketrans("", "", "()[]{}<>\"'`´‘’“”«»‹›")
_TRAILING = " .,:;!?*…"
# Whatever could be nothing is a word of letters once all signs are taken out of it.
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != "\n")
_LOWER = bytes(ord(chr(code).lower()) if code < 128 else code for code in range(256))


class WordsForNothing:
    """The words of one policy, and those of them that were read so far.

    :param more: words that say nothing too.
    :param fewer: words of ours that say something here.
    """

    def __init__(self, more: Iterable[str] = (), fewer: Iterable[str] = ()) -> None:
        excepted = {_folded(word) for word in fewer}
        words = {_folded(word.strip()) for word in (*PLAIN_WORDS, *more)}
        self._words = frozenset(words - excepted)
        self._fewer = frozenset(excepted)
        self._squeezed = frozenset(map(_squeezed, filter(str.isascii, self._words))) - {b""}
        self.read: dict[str, None] = {}

    def say(self, text: str) -> bool:
        """Tell whether a text says nothing, and remember it; of a text that is empty it is not."""
        if not text or (
            text.isascii() and (squeezed := _squeezed(text)) and squeezed not in self._squeezed
        ):
            return False
        folded = _folded(text)
        is_nothing = folded in self._words or (
            folded not in self._fewer and not any(map(_is_said, folded))
        )
        if is_nothing:
            self.read.setdefault(text.strip())
        return is_nothing

    def is_odd(self, texts: Sequence[str]) -> bool:
        """Tell whether any of many texts may be more than it seems: quickly, and often in vain.

        That is one that could say nothing, has a sign that is not ASCII or is a number which a
        spreadsheet shortened.
        """
        if not texts:
            return False
        joined = "\n".join(texts)
        if not joined.isascii() or ("+" in joined and "E+" in joined):
            return True
        words = _squeezed(joined).split(b"\n")
        # A text of signs alone leaves nothing, as an empty one does.
        return not self._squeezed.isdisjoint(words) or words.count(b"") > texts.count("")


def _squeezed(text: str) -> bytes:
    """Return the letters and digits of an ASCII text, and its ends of lines."""
    return text.encode("ascii").translate(_LOWER, _SIGNS)


def _folded(text: str) -> str:
    """Return a text without what does not matter of it: case, brackets, the signs at its end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    folded = " ".join(folded.translate(_BRACKETS).split())
    folded = re.sub(r" ?[/\u2044\u2215] ?", "/", folded).strip(_TRAILING)
    # "t. b. d." and "n.a" are abbreviations however they are spaced.
    letters = folded.replace(" ", "").split(".")
    is_abbreviation = len(letters) > 1 and all(len(letter) == 1 for letter in letters)
    return ".".join(letters) if is_abbreviation else folded


def _is_said(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in ("So", "Co")
