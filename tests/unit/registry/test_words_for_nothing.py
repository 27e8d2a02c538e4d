"""A word for nothing is nothing, in every column of every form, and reported once."""

# What people write for nothing is written here as they write it.
# ruff: noqa: RUF001

from __future__ import annotations

from pathlib import Path

import pytest

from rolecall.errors import RegistryError
from rolecall.model import TABLES, Account, Grant, Person
from rolecall.registry.editing import said_in_vain
from rolecall.registry.reading import RegistryInput, read_registry
from rolecall.registry.schema import columns
from rolecall.registry.words_for_nothing import PLAIN_WORDS, WordsForNothing
from tests.unit.registry.forms import SMALL, TODAY, small_csv, small_json, small_xlsx, write

WRITTEN = [
    *(
        "N/A",
        "n/a",
        "NA",
        "n.a.",
        "N. A.",
        "N / A",
        "#N/A",
        "(n/a)",
        "[N/A]",
        "'N/A",
        "N/A.",
        "N/A?",
    ),
    *("TBD", "tbd", "T.B.D.", "<TBD>", "TBD!", "tbd...", "*TBD*", "TBA", "TBC", "To be determined"),
    *("-", "--", "----------", "–", "—", "?", "???", ".", "…", "_", "/", "*", "(-)", "' '"),
    *("none", "None", "NULL", "nil", "NaN", "(blank)", "{null}", "unknown", "UNKNOWN?", "pending"),
    *("Not  Applicable", "not available", "“none”", "n/a\u200b", "\u00a0N/A", "Ｎ／Ａ"),
    *("T.B.A.", "none yet", "Not yet signed", "to be signed", "In progress", "W.I.P.", "N/C"),
    *("N.N.", "#REF!", "n\u2044a", "noch nicht", "steht aus", "kein Vertrag", "entfaellt"),
    *("à venir", "en cours", "aucun contrat", "sin contrato", "en trámite", "no consta"),
    *("da firmare", "nessun contratto", "sem contrato", "em curso", "nog niet", "ontbreekt"),
    *("geen contract", "b.d.", "brak umowy", "w trakcie"),
    *("k.A.", "k. A.", "Keine Angabe", "unbekannt", "entfällt", "noch offen"),
    *(
        "à définir",
        "a\u0300 définir",
        "NÉANT",
        "sans objet",
        "s/o",
        "ninguno",
        "por definir",
        "nenhum",
    ),
    *("da definire", "n.v.t.", "onbekend", "brak", "nie dotyczy"),
]
SAID = [
    *("Nathan", "x", "X", "NB", "no", "Nil Byrne", "TBC Trust", "non", "none-such", "N/A Ltd", "0"),
    *(
        "tbd.example",
        "pending-7",
        "Ø",
        "🙂",
        "(not tracked)",
        "naïve",
        "na-1",
        "c#",
        "nd",
        "ka",
        "1/2",
    ),
]
ALL = [(table, name) for table in TABLES for name in columns(table)]
FULL = {
    "entities": {"id": "e-1", "name": "St. Brigid"},
    "people": {"id": "p-1", "name": "Ann", "status": "active"},
    "accounts": {
        "id": "a-1",
        "entity_id": "e-1",
        "platform": "x",
        "handle": "b",
        "status": "active",
    },
    "grants": {"account_id": "a-1", "person_id": "p-1", "role": "owner"},
    "logins": {"id": "l-1", "account_id": "a-1"},
    "observations": {"platform": "x", "handle": "b", "observed_on": "2026-01-01"},
    "incidents": {"id": "i-1", "account_id": "a-1", "opened_at": "2026-01-01T09:00Z"},
    "contents": {"id": "c-1", "account_id": "a-1"},
}


def _read(directory: Path, table: str, row: dict[str, str], form: str = "csv") -> RegistryInput:
    rows = [list(row), list(row.values())]
    if form == "csv":
        path = write(directory, small_csv(**{table: "\n".join(map(",".join, rows))}))
    elif form == "xlsx":
        path = write(directory, {"r.xlsx": small_xlsx(**{table: rows})})
    else:
        path = write(directory, {"r.json": small_json(**{table: [row]})})
    return read_registry(path, TODAY)


@pytest.mark.parametrize("word", WRITTEN)
def test_what_people_write_for_nothing_is_nothing(word: str) -> None:
    words = WordsForNothing()
    assert words.say(word)
    assert words.is_odd(["St. Brigid", word, ""]), "the quick look passes over it"


@pytest.mark.parametrize("word", SAID)
def test_what_says_something_is_kept(word: str) -> None:
    assert not WordsForNothing().say(word)


def test_every_word_of_the_list_is_found_both_ways() -> None:
    words = WordsForNothing()
    for word in PLAIN_WORDS:
        assert words.say(word.upper()), word
        assert words.is_odd(["a", f"({word})"]), word
    assert not words.is_odd(["", "", "St. Brigid", "Newcastle"])


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize(("table", "name"), ALL)
def test_it_is_nothing_in_every_column(table: str, name: str, form: str, tmp_path: Path) -> None:
    column = columns(table)[name]
    row = FULL[table] | {name: "Unknown"}
    if column.required:
        with pytest.raises(RegistryError) as caught:
            _read(tmp_path, table, row, form)
        told = [one for one in caught.value.problems if one.column == name]
        assert [one.message for one in told] == [
            "must be filled, and what stands there is a word for nothing"
        ]
        return
    registry = _read(tmp_path, table, row, form)
    record = getattr(registry.snapshot, table)[0]
    assert getattr(record, name) == (() if column.kind in ("list", "roles") else None)
    assert f"{table}.{name}" in registry.snapshot.tracked, "an empty cell is not an untracked one"
    assert [one.message for one in registry.warnings] == [
        "has words for nothing, which are read as empty cells: Unknown"
    ]


def test_a_word_of_a_closed_vocabulary_is_what_it_is(tmp_path: Path) -> None:
    login = _read(tmp_path, "logins", FULL["logins"] | {"mfa": "None"})
    assert login.snapshot.logins[0].mfa == "none"
    assert not login.warnings
    account = _read(tmp_path, "accounts", FULL["accounts"] | {"removal_path": "none"})
    assert account.snapshot.accounts[0].removal_path == "none"


def test_the_others_of_a_list_stay(tmp_path: Path) -> None:
    registry = _read(tmp_path, "accounts", FULL["accounts"] | {"approved_by": "p-1|TBD; -"})
    assert registry.snapshot.accounts[0].approved_by == ("p-1",)


def test_it_is_reported_once_however_often_it_stands(tmp_path: Path) -> None:
    rows = [[*SMALL["people"][0], "contract_ref", "email"]]
    rows += [[f"p-{n}", "Ann", "active", "N/A", "-"] for n in range(2_500)]
    registry = read_registry(
        write(tmp_path, small_csv(people="\n".join(map(",".join, rows)))), TODAY
    )
    assert {(p.contract_ref, p.email) for p in registry.snapshot.people} == {(None, None)}
    assert len(registry.warnings) == 1
    assert registry.warnings[0].message.endswith("empty cells: -, N/A")


def test_the_policy_adds_words_and_takes_some_away(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        '[policy]\nwords_for_nothing = ["See Anna"]\nwords_for_something = ["TBC"]\n'
    )
    row = FULL["people"] | {"name": "tbc", "contract_ref": "see  anna", "dpa_ref": "n/a"}
    person = _read(tmp_path, "people", row).snapshot.people[0]
    assert (person.name, person.contract_ref, person.dpa_ref) == ("tbc", None, None)


def test_an_edit_says_nothing_in_words_either() -> None:
    before = Person("p-1", "Ann", "active", contract_ref="N/A")
    kept = Person("p-1", "Ann", "active", contract_ref="N/A", dpa_ref="tbd")
    assert dict(said_in_vain("people", before, kept)) == {
        "dpa_ref": "is a word for nothing; leave it empty"
    }
    assert not dict(said_in_vain("accounts", None, Account("a", "e", "x", "b", "active")))
    assert dict(said_in_vain("grants", None, Grant("a", "p", "owner", delegation_ref="-")))
