"""Whose accounts those of a sheet are that names no unit: a parish's sheet is all of one parish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rolecall.adopt.entity_names import plain_entity_key
from rolecall.adopt.questions import Choice, Question
from rolecall.adopt.sheets import Sheet
from rolecall.adopt.sources import source_of
from rolecall.keys.platforms import PLATFORMS, platform_key

__all__ = ["unit_question"]

_MOST_CHOICES = 8
_AFTER = re.compile(r"\s[-\u2013\u2014:|]\s.*|[(\[].*|:.*", re.DOTALL)
_WHAT = re.compile(
    r"\b(social|media|accounts?|list(e|a|ado)?|overview|channels?|pages?|websites?|web|soziale?n?|"
    r"medien|konten|kanäle|übersicht|comptes?|réseaux|sociaux|cuentas?|redes|sociales|profili|"
    r"contas|sociais|overzicht|kanalen|konta|sheet|sheet\d+|tabelle\d*|feuil\d*|hoja\d*|foglio\d*|"
    r"of|the|and|for|our|all|de|des|du|les|la|le|los|las|der|die|das|und|et|y|e|i)\b|\d+",
    re.IGNORECASE,
)


def unit_question(sheet: Sheet, known: Sequence[str], departments: Sequence[str]) -> Question:
    """Return the question whose accounts a sheet lists.

    The value of each choice is the name of a unit.

    :param known: the names of units that there are, or that other sheets name.
    :param departments: where a roster that came with the sheet says that people serve.
    """
    told = [*_names(sheet.titles), *_names((sheet.name, sheet.file.rsplit(".", 1)[0]))]
    only = departments if len(departments) == 1 else []
    alone = known if len(known) == 1 else []
    names = _unique([*alone, *only, *told, *known, *departments]) or ["Our organisation"]
    return Question(
        id=f"unit:{source_of(sheet).name}",
        text=f"{sheet.place()} does not say whose accounts these are. Whose?",
        choices=tuple(Choice(name, name) for name in names[:_MOST_CHOICES]),
        safest=names[0],
        places=(sheet.place(),),
        is_open=True,
    )


def _names(texts: Iterable[str]) -> list[str]:
    """Return what texts such as titles name, without what they say of accounts."""
    found = []
    for text in texts:
        bare = " ".join(_AFTER.sub("", text).split())
        # A table of a platform is called after it, and no unit is.
        left = " ".join(re.sub(r"[\W_]+", " ", _WHAT.sub("", bare)).split())
        if left and platform_key(left) not in PLATFORMS:
            found.append(bare.title() if bare.isupper() else bare)
    return found


def _unique(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(plain_entity_key(name), name)
    return list(found.values())
