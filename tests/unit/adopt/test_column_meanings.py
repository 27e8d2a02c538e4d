"""What columns mean by their headings and what stands below, and of what kind a sheet is."""

from __future__ import annotations

import pytest

from rolecall.adopt.column_meanings import meaning_of
from rolecall.adopt.columns import SheetKind, column_kept
from tests.unit.adopt.written import written

KINDS: list[tuple[SheetKind, str]] = [
    ("accounts", "Name|Platform|Link\nNews|Facebook|facebook.com/a"),
    ("accounts", "Page|Link|Admin\nNews|https://instagram.com/a|Ann Head"),
    ("accounts", "Kanal|Adresse|Verantwortlich\nFacebook|facebook.com/a|Ann Head"),
    ("accounts", "Page name|Admins\nSt Aidan (Facebook)|Ann\nMass stream - YouTube|Bea"),
    ("accounts", "Wibble|Wobble\nNews|https://www.facebook.com/a\nMore|instagram.com/b"),
    ("accounts", "Platform|Username|Owner\nTikTok|stmary|Ann Head"),
    ("accounts", "Unit|Social media\nSt Lucy|facebook.com/a; instagram.com/b"),
    ("units", "School|Facebook|Instagram\nSt Lucy|fb.com/a|@b"),
    ("units", "School|Head|Facebook\nSt Lucy|Ana B|yes"),
    ("units", "Pfarrei|Facebookseite|Instagram-Konto\nSt. Anna|facebook.com/a|anna"),
    ("units", "Paroisse|Page Facebook|Compte Instagram\nSainte Anne|facebook.com/a|anne"),
    ("units", "School|Principal|Diocese\nSt Lucy|Ana B|West"),
    ("websites", "Domain|Organization\na.example|Town of A\nb.example|Town of B"),
    ("websites", "Website|Contact\nwww.a.example|Ann\nwww.b.example|Bea"),
    ("websites", "Unit|URL\nTown of A|https://a.example/"),
    ("roster", "First name|Last name|E-mail|Start date\nAnn|Head|a@x.example|2020-01-01"),
    ("roster", "Name|E-mail|Job title|Department\nAnn Head|a@x.example|Secretary|Office"),
    ("roster", "Nachname|Vorname|Austritt\nKopf|Anna|2024-01-01"),
    ("roster", "Employee|Status|Employee No\nAnn Head|Active|1001"),
    ("none", "Date|Version|Change\n2026-01-01|1.2|Added the new page"),
    ("none", "Abbreviation|Meaning\nFB|Facebook\nIG|Instagram"),
    ("none", "Legend\nGreen: checked\nRed: not checked"),
    ("none", "Item|Price\nCandles|12.50"),
    ("none", "Platform|Followers\nFacebook|1200"),
]


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_the_kind_of_a_sheet(kind: SheetKind, text: str) -> None:
    assert meaning_of(written(text), {}).kind == kind


# A heading, some cells, what stands beside it, and what it means in the end.
BY_CONTENT = [
    ("Wibble", "https://facebook.com/a;instagram.com/b", "url"),
    ("Wibble", "Facebook;Instagram;YouTube", "platform"),
    ("Wibble", "@ann;@bea;@carl", "handle"),
    ("Page", "https://facebook.com/a;instagram.com/b", "url"),
    ("Department", "office@a.example;b@b.example", "contact_email"),
    ("Office", "lucy@a.example;cross@a.example", "contact_email"),
    ("Username", "ann@a.example;bea@a.example", "login_email"),
    ("Type", "Facebook;Instagram;X", "platform"),
    ("Type", "official;personal;official", "nothing"),
    ("Admin", "yes;no;yes", "nothing"),
    ("Owner", "12;13;14", "nothing"),
    ("Admin", "ann@a.example;bea@a.example", "administrator"),
    ("Last post", "yes;no;no", "nothing"),
    ("Last post", "2025-01-01;3 May 2025;1/2/2025", "last_post_on"),
    ("2FA", "yes;no;app", "mfa"),
    ("State", "NY;CA;TX", "nothing"),
    ("City", "Cork;Dublin;Galway", "nothing"),
    ("Notes", "2025-01-01;2025-02-01", "notes"),
    ("Channel", "Mass stream;Youth;Choir", "label"),
    ("Link", "12;13;14", "nothing"),
]


@pytest.mark.parametrize(("heading", "cells", "field"), BY_CONTENT)
def test_cells_say_what_a_heading_does_not(heading: str, cells: str, field: str) -> None:
    lines = "\n".join(
        f"{cell}|https://www.facebook.com/p{n}" for n, cell in enumerate(cells.split(";"))
    )
    meaning = meaning_of(written(f"{heading}|Profile link\n{lines}"), {})
    assert meaning.kind == "accounts"
    assert meaning.columns[0].field == field


def test_what_contradicts_its_heading_is_said() -> None:
    sheet = written("Admin|Link\nyes|facebook.com/a\nno|facebook.com/b")
    assert meaning_of(sheet, {}).assumptions == (
        "list.csv, column Admin: holds answers, and was left out",
    )


def test_mailboxes_below_a_link_are_asked_about() -> None:
    """Neither the heading nor the cells say which address it is: nobody is accused by a guess."""
    sheet = written("Platform|Username|Link\nX|a|ann@a.example\nFacebook|b|bea@a.example")
    meaning = meaning_of(sheet, {})
    (question,) = meaning.questions
    assert question.id == "column:accounts: link"
    assert '"ann@a.example", "bea@a.example"' in question.text
    assert question.safest == "contact_email"
    assert meaning.columns[2].field == "contact_email"
    assert meaning.columns[2].is_doubtful
    answered = meaning_of(sheet, {}, {question.id: "login_email"})
    assert answered.columns[2].field == "login_email"
    assert not answered.columns[2].is_doubtful


def test_a_column_that_nobody_knows_is_asked_about_with_three_samples() -> None:
    sheet = written(
        "Wibble|Link\nAnn Head|facebook.com/a\nBea Second|facebook.com/b\nCarl Third|x.com/c\n"
        "Dora Fourth|x.com/d"
    )
    (question,) = meaning_of(sheet, {}).questions
    assert '"Ann Head", "Bea Second", "Carl Third"' in question.text
    assert "Dora" not in question.text
    assert question.safest == "nothing"
    assert {choice.value for choice in question.choices} >= {"administrator", "owner", "label"}


def test_memory_decides_by_kind_and_heading() -> None:
    sheet = written("Wibble|Link\nAnn Head|facebook.com/a")
    memory = {"accounts: wibble": "administrator as owner", "roster: wibble": "full_name"}
    meaning = meaning_of(sheet, memory)
    assert meaning.questions == ()
    column = meaning.columns[0]
    assert (column.field, column.role, column.source) == ("administrator", "owner", "memory")
    assert column_kept(column) == "administrator as owner"


def test_what_is_kept_of_a_sheet_gives_the_same_meaning_again() -> None:
    for _, text in KINDS:
        sheet = written(text)
        first = meaning_of(sheet, {})
        kept = {column.key: column_kept(column) for column in first.columns}
        again = meaning_of(sheet, kept)
        assert again.kind == first.kind
        assert [column_kept(one) for one in again.columns] == list(kept.values())


def test_two_columns_of_one_heading_are_two() -> None:
    sheet = written("Admin|Admin|Link\nAnn|Bea|facebook.com/a")
    keys = [column.key for column in meaning_of(sheet, {}).columns]
    assert keys == ["accounts: admin", "accounts: admin (2)", "accounts: link"]


def test_pairs_of_columns_of_a_platform() -> None:
    sheet = written(
        "School|Facebook page|Facebook admin|FB followers|Facebook last post|Instagram\n"
        "St Lucy|fb.com/a|Ann Head|1200|2025-01-02|@lucy"
    )
    assert [(c.field, c.platform) for c in meaning_of(sheet, {}).columns] == [
        ("entity", ""),
        ("account", "facebook"),
        ("administrator", "facebook"),
        ("nothing", "facebook"),
        ("last_post_on", "facebook"),
        ("account", "instagram"),
    ]


def test_a_column_of_a_platform_that_counts_is_no_account() -> None:
    sheet = written("School|Facebook|Instagram\nSt Lucy|1,200|@a\nSt Mark|87|@b\nSt Ann|5|@c")
    fields = [column.field for column in meaning_of(sheet, {}).columns]
    assert fields == ["entity", "nothing", "account"]


def test_a_column_of_passwords_means_nothing() -> None:
    sheet = written("Page|Link|Password|Kennwort\nNews|facebook.com/a||")
    assert [column.field for column in meaning_of(sheet, {}).columns][2:] == ["nothing"] * 2


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Plattform|Seitenname|Link|Administratoren|Wer hat das Passwort?|Zuletzt geprüft", "de"),
        ("Plateforme|Nom de la page|Lien|Administrateurs|Qui a le mot de passe ?|Vérifié le", "fr"),
        (
            "Plataforma|Nombre de la página|Enlace|Administradores|¿Quién tiene la clave?|Revisado",
            "",
        ),
        ("Piattaforma|Nome pagina|Link|Amministratori|Chi ha la password?|Ultimo controllo", "it"),
        ("Plataforma|Nome da página|Ligação|Administradores|Quem tem a senha?|Revisto em", "pt"),
        ("Platform|Paginanaam|Link|Beheerders|Wie heeft het wachtwoord?|Laatst nagekeken", "nl"),
        ("Platforma|Nazwa strony|Odnośnik|Administratorzy|Kto zna hasło?|Sprawdzono", "pl"),
    ],
)
def test_a_sheet_in_each_language(headings: str, fields: str) -> None:
    row = "Facebook|News|facebook.com/a|Ann Head|Ann Head|2025-01-02"
    meaning = meaning_of(written(f"{headings}\n{row}"), {})
    assert [column.field for column in meaning.columns] == [
        *("platform", "label", "url", "administrator", "holder", "reviewed_on")
    ], fields
    assert meaning.questions == ()
