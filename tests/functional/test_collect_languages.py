"""A head is asked in their own language, and what came back is the same in any."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rolecall.adopt.collecting_fields import ACCESS, ACCOUNTS, COLLECTED_FIELDS, READ_ME
from rolecall.adopt.collecting_languages import book_texts
from tests.filled import Rows, as_open_document, changed, sheets_of
from tests.functional.command import rolecall
from tests.functional.test_collect import (
    NOW,
    _clock,
    back,
    collected_from,
    content,
    fill,
    registry,
)

__all__ = ["NOW", "_clock", "registry"]

ES = book_texts("es")
PEOPLE = """id,name,status,email,language
p-top,Teresa Abbot,active,teresa@norwood.example,
p-head,Hugh Wren,active,hugh@norwood.example,es
p-1,Ada Finch,active,ada@norwood.example,en
p-2,Sam Lark,active,,
p-3,Sam Lark,active,,
"""


@pytest.fixture
def spanish(registry: Path) -> Path:
    """Return a registry one of whose heads reads Spanish."""
    (registry / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return registry


def in_spanish(sheets: dict[str, Rows]) -> None:
    """Fill a workbook in as the head of the others does, in the words of this one."""
    english: dict[str, Rows] = {}
    for name in (READ_ME, ACCOUNTS, ACCESS):
        rows = sheets.pop(ES.sheet(name))
        english[name] = [list(map(_turned(name, to="en").get, row, row)) for row in rows]
    fill(english)
    for name, rows in english.items():
        sheets[ES.sheet(name)] = [list(map(_turned(name, to="es").get, row, row)) for row in rows]


class _Turned(dict[object, object]):
    """Cells in another language; of days there is one only."""

    def get(self, key: object, default: object = None) -> object:
        return super().get(key, default) if isinstance(key, str) else default


def _turned(name: str, *, to: str) -> _Turned:
    english = book_texts("en")
    pairs = [(english.words[key], ES.words[key]) for key in ("filled_by", "filled_on")]
    for field in COLLECTED_FIELDS.get(name, ()):
        pairs.append((english.heading(field), ES.heading(field)))
        if field.kind == "choice":
            pairs += zip(english.choices(field), ES.choices(field), strict=True)
    labels = ("@StAnnParish on Facebook", "st-ann.example (website)")
    pairs += [(label, ES.account(label)) for label in labels]
    # A word for nothing is there only once in either language: the later ones do not count.
    turned = [(one, other) if to == "es" else (other, one) for one, other in reversed(pairs)]
    return _Turned(turned)


def test_a_head_reads_their_own_language(spanish: Path) -> None:
    books = collected_from(spanish)
    sheets = sheets_of(books["st-ann.xlsx"])
    assert list(sheets) == ["Léame", "Cuentas", "Accesos", "rolecall"]
    assert sheets["Cuentas"][0][:4] == ["Unidad", "Cuenta", "Dirección", "¿Se usa todavía?"]
    assert [row[1] for row in sheets["Cuentas"][1:]] == [
        *("@StAnnParish en Facebook", "st-ann.example (sitio web)")
    ]
    assert {row[3] for row in sheets["Cuentas"][1:]} == {"sí"}
    shown = [rows for name, rows in sheets.items() if name != "rolecall"]
    told = {str(cell) for rows in shown for row in rows for cell in row}
    english = book_texts("en").words
    assert not told & {*english.values(), *english["about"].splitlines()} - {""}
    assert {ES.words["filled_by"], ES.words["about"].splitlines()[0]} <= told
    assert not any(cell.endswith(english["to_fill_in"]) for cell in told)
    # Of a unit without a head nobody knows the language: it is that of the policy.
    assert "Accounts" in sheets_of(books["st-bede.xlsx"])
    asked = rolecall("collect", spanish, "--output", spanish.parent / "es", "--language", "es")
    assert asked.status == 0, asked.stderr
    assert "Cuentas" in sheets_of((spanish.parent / "es" / "st-bede.xlsx").read_bytes())


def test_what_nobody_filled_in_changes_nothing(spanish: Path) -> None:
    before = content(spanish)
    data = collected_from(spanish)["st-ann.xlsx"]
    sheets = sheets_of(data)
    for one in (data, changed(data, lambda _: None), as_open_document(sheets)):
        ended = back(spanish, one)
        assert ended.status == 0, ended.stderr
        assert "0 changes ready; 0 warnings; 0 questions need an answer" in ended.text
        assert content(spanish) == before


def test_the_same_answers_make_the_same_registry(spanish: Path, tmp_path: Path) -> None:
    other = tmp_path / "english" / "registry"
    shutil.copytree(spanish, other)
    (other / "people.csv").write_text(PEOPLE.replace(",es\n", ",en\n"), encoding="utf-8")
    made = []
    for directory, filled in ((spanish, in_spanish), (other, fill)):
        data = collected_from(directory)["st-ann.xlsx"]
        ended = back(directory, changed(data, filled))
        assert ended.status == 0, ended.stderr
        made.append({k: v for k, v in content(directory).items() if k != "people.csv"})
    assert made[0] == made[1]
    assert b"password_manager" in made[0]["logins.csv"]


def test_a_language_that_nobody_speaks_here_is_refused(registry: Path) -> None:
    (registry / "people.csv").write_text(PEOPLE.replace(",es\n", ",fr\n"), encoding="utf-8")
    ended = rolecall("validate", registry)
    assert ended.status == 2
    assert "people.csv:3:language: is not one of en, es" in ended.stderr
