"""Outside firms that stand where people do: one person of type agency, whatever their form of law."""

from __future__ import annotations

import re

from rolecall.adopt.name_keys import word_key

__all__ = ["agency_name", "agency_stem", "names_agency"]

_FORMS = (
    "sp z o o",
    "sp zoo",
    "spolka z o o",
    "gmbh co kg",
    "gmbh and co kg",
    "gmbh",
    "ggmbh",
    "mbh",
    "ug haftungsbeschrankt",
    "ug",
    "ag",
    "kg",
    "ohg",
    "gbr",
    "e k",
    "ek",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "clg",
    "dac",
    "co",
    "pty",
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "sa",
    "sprl",
    "srl",
    "bvba",
    "scop",
    "s l u",
    "slu",
    "s l",
    "sl",
    "s a",
    "s r l",
    "srls",
    "spa",
    "s p a",
    "snc",
    "sas di",
    "lda",
    "ltda",
    "eireli",
    "unipessoal lda",
    "b v",
    "bv",
    "n v",
    "nv",
    "vof",
    "v o f",
    "sp j",
    "s c",
    "sp k",
    "oy",
    "ab",
    "as",
    "aps",
)
# Two letters may be anything: as a form of law they are written in capitals or with full stops.
_SHORT = re.compile(
    r"(?:AG|KG|UG|SA|SL|BV|NV|EK|CO|AB|AS|OY|LP|[SBN]\.\s?[ALV]\.?|S\.\s?C\.|e\.\s?K\.?"
    r"|Sp\.\s?[jk]\.|Co\.?|SpA|SAS|SARL|spa)",
)
_ABOUT = re.compile(
    r"\b(agency|agentur|agence|agencia|agenzia|agência|agencja|webagentur|werbeagentur|reclamebureau"
    r"|webbureau|mediabureau|web ?design|hosting|digital agency|contractor company|external (firm|company)"
    r"|studios?|solutions|consulting|consultants|technologies)\b",
    re.IGNORECASE,
)
_AS_REMARK = re.compile(
    r"(agency|agentur|agence|agencia|agenzia|agência|agencja|bureau|company|firma|firm|entreprise|société"
    r"|empresa|azienda|ditta|bedrijf|dienstleister|prestataire|proveedor|fornitore|fornecedor|leverancier"
    r"|dostawca|supplier|vendor|provider|external provider|web company|web agency|hosting|external)",
    re.IGNORECASE,
)


def agency_name(text: str, remark: str = "") -> bool:
    """Tell whether a text is the name of a firm: by its form of law, its trade or what is said."""
    if _AS_REMARK.fullmatch(remark.strip()):
        return True
    return _form_of(text) is not None or bool(_ABOUT.search(text))


def agency_stem(text: str) -> str:
    """Return a firm's name folded and without its form of law: by it a firm is found again."""
    form = _form_of(text)
    words = word_key(text)
    return words.removesuffix(form).strip() if form else words


def names_agency(text: str, stem: str) -> bool:
    """Tell whether a text names the firm of a stem: with a form of law, without, or as one word."""
    return bool(stem) and agency_stem(text).replace(" ", "") == stem.replace(" ", "")


def _form_of(text: str) -> str | None:
    words = word_key(text)
    for form in _FORMS:
        if words.endswith(f" {form}"):
            last = text.strip().rstrip(")., ").split()[-1]
            if len(form.replace(" ", "")) > 2 or _SHORT.fullmatch(last) or "." in text[-6:]:
                return form
    return None
