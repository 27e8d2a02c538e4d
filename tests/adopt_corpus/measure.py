"""How much of what is true of the sheets an adoption takes from them.

``python -m tests.adopt_corpus.measure`` says it sheet by sheet.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date

from rolecall.adopt.adoption import RegistryThere, adopt_sheets
from rolecall.adopt.reading.files import read_sheets
from rolecall.errors import RegistryError
from rolecall.registry.words_for_nothing import WordsForNothing
from tests.adopt_corpus.sheets import NAMES, CorpusSheet, corpus_sheet

__all__ = ["measured"]

_TODAY = date(2026, 11, 26)


def measured(*, shows: bool = False) -> Mapping[str, float]:
    """Return the shares of accounts, people and administrators that are right.

    What is missing counts as wrong, and so does what is made up.

    :param shows: whether what is wrong is printed.
    """
    right: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for sheet in map(corpus_sheet, NAMES):
        taken = _taken(sheet)
        if shows and "refused" in taken:
            sys.stdout.write(f"{sheet.name}: {taken['refused']}\n")
        for kind in ("accounts", "people", "administrators"):
            true, got = getattr(sheet, kind), taken.get(kind, set())
            right[kind] += len(true & got)
            all_[kind] += len(true | got)
            if shows and true != got:
                lost, made = sorted(map(str, true - got)), sorted(map(str, got - true))
                sys.stdout.write(f"{sheet.name}, {kind}: without {lost[:3]}, with {made[:3]}\n")
    return {kind: right[kind] / all_[kind] for kind in all_}


def _taken(sheet: CorpusSheet) -> dict[str, set[object]]:
    try:
        sheets, _ = read_sheets(sheet.files, WordsForNothing())
    except RegistryError as error:
        return {"refused": {str(problem) for problem in error.problems}}
    made = adopt_sheets(sheets, RegistryThere(), {}, _TODAY, random.Random(7).randbytes)  # noqa: S311 - examples.
    tables = {name: one.table.rows for name, one in made.tables.items()}
    handles = {
        one["id"]: (one["platform"], one["handle"].lstrip("@").casefold())
        for one in tables.get("accounts", ())
    }
    names = {one["id"]: one["name"] for one in tables.get("people", ())}
    return {
        "accounts": set(handles.values()),
        "people": set(names.values()),
        "administrators": {
            (handles[one["account_id"]][1], names[one["person_id"]])
            for one in tables.get("grants", ())
        },
    }


if __name__ == "__main__":
    for kind, share in measured(shows=True).items():
        sys.stdout.write(f"{kind}: {share:.1%}\n")
