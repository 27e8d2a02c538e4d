"""Yes and no as people answer."""

from __future__ import annotations

import pytest

from rolecall.adopt.sheets import SheetCell
from rolecall.adopt.yes_no import yes_or_no

YES = """
yes; Yes; YES; y; yes (Peter's phone); Yes, by app; yes - SMS; ja; Ja!; oui; sí; Si; sì; sim; tak
TRUE; WAHR; VRAI; VERDADERO; VERO; VERDADEIRO; WAAR; PRAWDA; 1; x; X; ✓; ✔️; ☑; ✅; on; Enabled
aktiviert; włączone; yes since May; ja seit 2024; oui depuis mai
"""
NO = """
no; No; NO; n; nein; non; não; nee; nie; FALSE; FALSCH; FAUX; FALSO; ONWAAR; FAŁSZ; 0; ✗; ✘; ❌; ☐
off; Disabled; not yet; noch nicht; pas encore; No (asked twice); no - to do; no longer; nog niet
jeszcze nie
"""
NEITHER = """
?; maybe; no idea; no one; nobody; none; Nora; Yesterday; Janet; sms; app; some; partly; see notes
2; Noel, Ann; -
"""


def words(text: str) -> list[str]:
    return [word.strip() for line in text.splitlines() for word in line.split(";") if word.strip()]


@pytest.mark.parametrize("word", words(YES))
def test_yes(word: str) -> None:
    assert yes_or_no(word) is True


@pytest.mark.parametrize("word", words(NO))
def test_no(word: str) -> None:
    assert yes_or_no(word) is False


@pytest.mark.parametrize("word", ["", *words(NEITHER)])
def test_what_is_no_answer(word: str) -> None:
    assert yes_or_no(word) is None


@pytest.mark.parametrize("cell", [True, False])
def test_what_a_workbook_knows(cell: SheetCell) -> None:
    assert yes_or_no(cell) is cell
