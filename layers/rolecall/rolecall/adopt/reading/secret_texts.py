"""A text that says a secret: ``pw: ...`` in a note, a login with what belongs to it, a seed.

What follows a word for a secret is one where a sign stands between them, or where it looks like
what people type as one. What goes on as a sentence (where it is kept, who has it, when it was
changed) is none, and neither is what is masked.
"""

# Dashes and quotes are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata

from rolecall.adopt.word_sets import word_set
from rolecall.registry.secret_columns import looks_secret, shows_none

__all__ = ["looks_paired", "looks_typed", "tells_secret"]

# Words that mean a secret and little else; those that also mean something else; lists of codes.
_SURE = (
    r"pass ?(?:word|phrase|code)s?|passwd|pwd?s?|p/w|pass ?w[oö]rt(?:er)?|kennw[oö]rt(?:er)?"
    r"|zugangscode|mots? de passe|mdp|contrase[nñ]as?|senhas?|palavras?[- ]passe"
    r"|wachtwoord(?:en)?|has[lł][oa]|parola d'ordine|api[- ]?key|secret key|2fa seed"
)
_UNSURE = (
    r"pass|clave|parola|ww|token|seed|secret|code|login|zugang|passkey|codice|chiave|codigo|kod"
    r"|wi-?fi|wlan"
)
_CODES = (
    r"(?:(?:2fa|mfa) )?(?:recovery|back-?up|rescue|scratch|emergency) (?:codes?|keys?|phrases?)"
    r"|(?:wiederherstellungs|notfall|back-?up-?|sicherungs)(?:codes?|schlüssel)"
    r"|codes? de (?:secours|récupération|sauvegarde)|c[oó]digos? de (?:recuperaci[oó]n|respaldo)"
    r"|c[oó]digos? de recupera[cç][aã]o|codic[ei] di (?:recupero|backup)|herstelcodes?"
    r"|kody? (?:zapasow[ey]|odzyskiwania)"
)
_TOLD = re.compile(
    rf"(?<![\w/])(?:(?P<codes>{_CODES})|(?P<sure>{_SURE})|(?P<pin>pin(?:[- ]?code)?)|(?:{_UNSURE}))"
    r"(?:['’]s)?(?!\w)(?:\s*\([^()]{0,40}\))?\s*"
    r"(?P<sign>[:=]+>?|->|→|[-–—](?=\s)|\b(?:is|lautet|ist|est|es|è|é|to|jest)\b(?: now)?:?)?\s*"
    r"(?=(?P<value>[^\s,;]\S*)(?P<more>\s+\w+)?)",
    re.IGNORECASE,
)
_LOGIN = (
    r"log ?in|user(?: ?name)?|account|zugang(?:sdaten)?|benutzer(?:name)?|konto|identifiants?"
    r"|usuario|utente|usuário|gebruiker|konto|acces[os]?"
)
# A login, and behind a stroke what belongs to it.
_LOGGED = re.compile(rf"\b(?:{_LOGIN})\s*[:=]\s*\S+\s*[/|,;]\s*(?P<value>\S+)", re.IGNORECASE)
_PAIR = re.compile(r"\S+(?:\s+[/|]\s+|\s*[,;|]\s*|/)(?P<value>[^\s/]+)")
_PIN = re.compile(r"\d{4,12}\W*")
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9]{4,}(?:-[A-Za-z0-9]{2,})*|[A-Z0-9]{3,}(?:-[A-Z0-9]{2,})+")
_FACTOR = re.compile(r"\b(?:totp|otp|[2m]fa|secret|seed|authenticator|auth key)\b", re.IGNORECASE)
_SEED = re.compile(r"\b(?=[A-Z]*[2-7])(?=[2-7]*[A-Z])[A-Z2-7]{16,}\b")
# What goes on as a sentence about a secret: where it is, who has it, that it was changed.
_GOES_ON = word_set(
    """
    see in with at by ask held kept stored known changed reset from under on via same sent given
    the a an not only siehe bei im in am beim von liegt hat wurde voir chez dans avec demander ver
    en con la el los preguntar vedi da presso nel nella chiedere com na no perguntar zie bij van
    vraag u w zna zapytaj printed
    """
)
# Where secrets are kept, and what becomes of them: alone, behind the word, they are no secret.
_KEPT = word_set(
    """
    lastpass 1password bitwarden keepass keepassxc dashlane keeper nordpass vault safe tresor
    kluis sejf coffre caja cassaforte cofre passwordstore sso okta lost forgotten unknown expired
    changed reset vergessen verloren unbekannt geändert perdu oublié inconnu perdido perdida
    olvidado olvidada perduta dimenticata esquecida kwijt vergeten zgubione nieznane required
    optional protected
    """
)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_SIGN = re.compile(r"[!$%^&*#?~=+<>{}\[\]|\\§]")
_QUOTES = "\"'“”„«»‘’()[]"
_SHORTEST, _LONGEST = 6, 64


def tells_secret(text: str, *, of_people: bool = False) -> bool:
    """Tell whether a text says a secret.

    :param of_people: it stands where people do, who know one: a plain word is a name there.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    if any(_is_told(found, of_people=of_people) for found in _TOLD.finditer(text)):
        return True
    if any(looks_typed(found["value"]) for found in _LOGGED.finditer(text)):
        return True
    if _SEED.search(text) and _FACTOR.search(text):
        return True
    return looks_secret(_TOLD.sub(" ", text))


def _is_told(found: re.Match[str], *, of_people: bool) -> bool:
    """Tell whether what stands behind a word for a secret is one."""
    told, sign = found["value"], found["sign"]
    value = told.strip(_QUOTES)
    if _is_harmless(value, found["more"]):
        return False
    if found["pin"]:
        return _PIN.fullmatch(value) is not None
    if found["codes"]:
        return _CODE.fullmatch(value.strip(".")) is not None
    sure = bool(found["sure"]) and not of_people
    has_digit = any(map(str.isdigit, value))
    has_letter = any(map(str.isalpha, value))
    is_mixed = (has_digit and has_letter) or _SIGN.search(value.rstrip("?!.")) is not None
    if sign and sign[0] in ":=-→" and sign not in "-–—":
        return sure or is_mixed
    if sign and not sign[0].isalpha():
        return is_mixed and has_digit and (sure or len(value) >= _SHORTEST)
    if sign:
        return sure and has_digit
    is_quoted = told[0] in "\"'“„«‘" and sure
    return is_quoted or (sure and has_digit and has_letter and len(value) >= _SHORTEST)


def _is_harmless(value: str, more: str | None) -> bool:
    word = value.casefold().strip(".,;:'!")
    is_address = "://" in value or _MAIL.fullmatch(value) is not None
    is_masked = shows_none(value.strip("\"'“”„«».,;"))
    is_sentence = word in _KEPT or (word in _GOES_ON and more is not None)
    return not value or is_address or word in ("2fa", "mfa", "2sv") or is_masked or is_sentence


def looks_typed(text: str) -> bool:
    """Tell whether a text looks like what somebody types where a password is asked."""
    if not _SHORTEST <= len(text) <= _LONGEST or " " in text or "/" in text or text[0] == "@":
        return False
    if _MAIL.fullmatch(text):
        return False
    kinds = sum(any(map(kind, text)) for kind in (str.islower, str.isupper, str.isdigit))
    has_sign = _SIGN.search(text) is not None or "@" in text
    is_signed = has_sign and any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return kinds == 3 or is_signed


def looks_paired(text: str) -> bool:
    """Tell whether a text looks like a login with what belongs to it: "aidan / Summer2019!"."""
    found = _PAIR.fullmatch(text)
    return found is not None and "://" not in text and looks_typed(found["value"])
