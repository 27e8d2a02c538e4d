"""Outside firms that stand where people do: one person of type agency, in whatever form of law."""

from __future__ import annotations

import re
from functools import lru_cache

from rolecall.adopt.name_keys import word_key
from rolecall.adopt.people_words import GROUPS, JOBS, TITLES
from rolecall.adopt.word_sets import word_set

__all__ = ["agency_name", "agency_stem", "is_legal_form"]

_FORMS = tuple(
    sorted(
        word_set(
            """
        sp z oo|sp z o o|spolka z oo|gmbh co kg|gmbh und co kg|gmbh|ggmbh|mbh|ug haftungsbeschrankt
        |ug|ag|kg|ohg|gbr|e k|ek|ltd|limited|llc|llp|lp|plc|inc|incorporated|corp|corporation|clg
        |dac|co|pty|sarl|sas|sasu|eurl|sa|sprl|srl|bvba|scop|s l u|slu|s l|sl|s a|s r l|srls|spa
        |s p a|snc|lda|ltda|eireli|b v|bv|n v|nv|vof|v o f|sp j|sp k|oy|ab|aps
        """
        ),
        key=len,
        reverse=True,
    )
)
"""Forms of law, folded as names are: full stops are gone, and blanks stay."""
# Two letters may be anything: as a form of law they are written in capitals or with full stops.
_SHORT = re.compile(
    r"AG|KG|UG|SA|SL|BV|NV|EK|CO|AB|OY|LP|(?:[SBN]\.)?\s?[ALV]\.?|(?:e\.)?\s?[kK]\.?|[jk]\.?|Co\.?"
)
_SHORTEST = 2
_TRADES = word_set(
    "media|marketing|design|digital|creative|communications|productions|hosting|web|pr|advertising"
    "|werbung|medien|grafik|publicite|publicidad|comunicacion|pubblicita|comunicazione"
    "|publicidade|comunicacao|reclame|reklama|software|systems|services|it"
)
_PLAIN = GROUPS | JOBS | TITLES
_ABOUT = re.compile(
    r"\b(agency|agentur|agence|agencia|agenzia|agência|agencja|webagentur|werbeagentur|reclamebureau"
    r"|webbureau|mediabureau|web ?design|hosting"
    r"|studios?|solutions|consulting|consultants|technologies)\b",
    re.IGNORECASE,
)
_AS_REMARK = re.compile(
    r"(?:an? |the )?(?:web |external |outside )?(agency|agentur|agence|agencia"
    r"|agenzia|agência|agencja|bureau|company|firma|firm|entreprise|société"
    r"|empresa|azienda|ditta|bedrijf|dienstleister|prestataire|proveedor|fornitore|fornecedor|leverancier"
    r"|dostawca|supplier|vendor|provider|hosting|external|outside)",
    re.IGNORECASE,
)


def agency_name(text: str, remark: str = "") -> bool:
    """Tell whether a text is the name of a firm: by its form of law, its trade or what is said."""
    if _AS_REMARK.fullmatch(remark.strip()):
        return True
    return _form_of(text) is not None or bool(_ABOUT.search(text)) or _has_trade(text)


def _has_trade(text: str) -> bool:
    """Tell whether a text is a name of its own with a trade behind it: "Brightspark Media"."""
    words = word_key(text).split()
    rest = words[:-1]
    return (
        bool(rest)
        and words[-1] in _TRADES
        and all(word not in _PLAIN for word in rest)
        and text[:1].isupper()
    )


def is_legal_form(text: str) -> bool:
    """Tell whether a text is a form of law alone, which a comma may divide from its name."""
    return word_key(text) in _FORMS


def agency_stem(text: str) -> str:
    """Return a firm's name folded and without its form of law: by it a firm is found again."""
    form = _form_of(text)
    words = word_key(text)
    return words.removesuffix(form).strip() if form else words


@lru_cache(maxsize=1 << 14)
def _form_of(text: str) -> str | None:
    words = word_key(text)
    for form in _FORMS:
        if words.endswith(f" {form}"):
            last = text.strip().rstrip("), ").split()[-1]
            if len(form.replace(" ", "")) > _SHORTEST or _SHORT.fullmatch(last):
                return form
    return None
