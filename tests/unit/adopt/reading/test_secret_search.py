"""Secrets in sheets: wherever they stand, they stop it, and are never shown."""

from __future__ import annotations

from typing import Any

import pytest

from rolecall.adopt.reading.secret_texts import tells_secret
from tests.unit.adopt.reading.books import book, one, refusals

CANARY = "canary-Kettle7"
SECRET_HEADINGS = """
Password|PW|Pass|Login/Pass|Current password|FB password|Kennwort|Passwort|Zugangscode|Mot de passe
MDP
Contraseña|Clave de acceso|Senha|Palavra-passe|Parola d'ordine|Codici di recupero|Wachtwoord|Hasło
PIN
Recovery codes|Backup codes|2FA seed|Security question|API key
"""


@pytest.mark.parametrize("heading", SECRET_HEADINGS.strip().replace("\n", "|").split("|"))
def test_a_column_of_secrets_stops_it_by_its_heading(heading: str) -> None:
    (told,) = refusals(f"Page name,Link,{heading}\nYouth,a.example,****\nMass,b.example,canary\n")
    assert told.startswith(f"list.csv:{heading}: holds a secret")
    assert "canary" not in told


@pytest.mark.parametrize(
    "cells", [("", ""), ("****", "••••••"), ("n/a", "-"), ("yes", ""), ("xxx", "?")]
)
def test_one_that_holds_none_is_left_out_and_said(cells: tuple[str, str]) -> None:
    sheet = one(f"Page name,Password,Link\nYouth,{cells[0]},a.example\nMass,{cells[1]},b.example\n")
    assert sheet.headings == ("Page name", "Link")
    assert "the column Password is left out" in sheet.remarks[0]


ABOUT = """
Who has the password?|Who knows the password|Password changed|Change Password at Next Sign-In
Password Hash Function [UPLOAD ONLY]|Password last set|Wer kennt das Passwort?
Qui a le mot de passe ?
¿Quién tiene la contraseña?|Chi ha la password?|Quem tem a senha?|Wie heeft het wachtwoord?
Kto zna hasło?
Passwort geändert am|Password stored in
"""


@pytest.mark.parametrize("heading", ABOUT.strip().replace("\n", "|").split("|"))
def test_what_is_about_a_secret_is_welcome(heading: str) -> None:
    sheet = one(
        f'Page name,Link,"{heading}"\nYouth,a.example,Jim Doyle\nMass,b.example,"Maureen, Tom"\n'
    )
    assert sheet.headings[2] == heading
    assert sheet.rows[0].cells[2] == "Jim Doyle"


TELLING = """
pw: hunter2!|PW=hunter2|password: Maureen1964|Password - see safe; pw: x9|the password is hunter2
pw hunter22
Passwort: sommer|Kennwort lautet Sommer2019|mot de passe : soleil|mdp: abc|contraseña: sol1
senha: 123456
hasło: abc1|wachtwoord: zomer|PIN 4711|PIN: 4711|pin-code 0815|login: aidan / pass: Kx9#
code: Kx9#qq
recovery codes: 1234-5678|otpauth://totp/x?secret=abc|ghp_canarycanary|-----BEGIN PRIVATE KEY-----
the pw's hunter2|login aidan pw hunter2|pass - hunter2|Password - Hunter2!|Wifi: Aidan2020
2FA backup codes 1234 5678|recovery key ABCD-EFGH-IJKL|TOTP secret JBSWY3DPEHPK3PXP
Login: aidan / Sommer2019!
Zugang: a@x.example / Sommer2019!|codes de secours : 12345678|password 'hunter'|p\u200bw: hunter2
Jim has it (pw: hunter2)|username aidan, password: hunter2
"""


@pytest.mark.parametrize("text", TELLING.strip().replace("\n", "|").split("|"))
def test_a_text_that_says_a_secret(text: str) -> None:
    assert tells_secret(text)
    (told,) = refusals(f'Page name,Link,Notes\nYouth,a.example,"{text}"\nMass,b.example,fine\n')
    assert told.startswith("list.csv:2:Notes: holds a secret")
    assert text not in told


HARMLESS = """
password changed in May|Password: see the safe|password: ask Maureen|password reset 2024|pw: ****
PW: n/a
Passwort: siehe Tresor|Passwort liegt im Tresor|PIN reset|pinned post|Pin: yes|token of thanks
see code 12
https://x.example/login?code=abc|login: ann@x.example|has passed away|mot de passe : voir Marie
secret santa
password: LastPass|PW: Tresor|pw: 1Password|Password: lost|Passwort: vergessen
backup codes printed 2024
password changed - see notes|login: facebook|pass - see Jim|WLAN: guests|account: Youth 2024
2FA on, password 2fa|password is with Jim|no password|compass: north|the password is known to Tom
change password at next sign-in: yes
"""


@pytest.mark.parametrize("text", HARMLESS.strip().replace("\n", "|").split("|"))
def test_a_text_about_a_secret_is_none(text: str) -> None:
    assert not tells_secret(text)
    sheet = one(f'Page name,Link,Notes\nYouth,a.example,"{text}"\nMass,b.example,fine\n')
    assert sheet.rows[0].cells[2] == text


def test_a_name_beside_the_word_is_people_where_people_stand() -> None:
    data = "Page name,Who has the password?\nYouth,Password: Maureen\nMass,Jim\n"
    assert one(data).rows[0].cells[1] == "Password: Maureen"
    assert refusals(data.replace("Maureen", "Maureen64!"))


@pytest.mark.parametrize(
    "lines",
    [
        ["Master password: canary", "", "Page name,Link", "Youth,a.example"],
        ["Password:,canary", "", "Page name,Link", "Youth,a.example"],
        ["Page name,Link,Admin", "Youth,a.example,Jim", "", "Passwort,canary"],
        ["Page name,Link,Admin", "Youth,a.example,Jim", "Total: 1,pw: canary,"],
        ["Page name,Link,Admin", "Youth,a.example,Jim", "", "Note: the pw: canary"],
        ["Page name,Link,pw: canary", "Youth,a.example,Jim"],
        ["Youth,a.example,pw: canary", "Mass,b.example,"],
    ],
)
def test_a_secret_outside_of_the_table_stops_it_too(lines: list[str]) -> None:
    told = refusals("\n".join(lines))
    assert all("holds a secret" in one and "canary" not in one for one in told)


def test_a_column_of_what_people_type_beside_logins_stops_it() -> None:
    rows = ["Summer2019", "fb4Aidan!", "hunter2#", "Kx9qqLm2"]
    for heading in ("", "Extra", "FB"):
        lines = [f"a{n}@x.example,{text},{n}" for n, text in enumerate(rows)]
        if heading != "FB":
            assert (
                "holds a secret" in refusals("\n".join([f"Login e-mail,{heading},No", *lines]))[0]
            )


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Channel ID", ["UCabcDEFghi123", "UCxyzDEFghi456"]),
        ("Facebook", ["StLucy1Primary", "HolyCross2High"]),
        ("Notes", ["fine", "see May"]),
        ("Employee No", ["A1b2c3", "B2c3d4"]),
        ("Extra", ["Room 12b", "Kx9qqLm2", "fine"]),
        ("Joined", ["2024-01-02", "12Mar2024"]),
    ],
)
def test_what_is_no_secret_beside_logins(heading: str, cells: list[str]) -> None:
    lines = [f"a{n}@x.example,{text}" for n, text in enumerate(cells)]
    assert one("\n".join([f"Login e-mail,{heading}", *lines])).headings[1] == heading


def test_a_login_with_what_belongs_to_it_stops_it() -> None:
    rows = ["aidan / Summer2019!", "office@x.example / fb4Aidan!", "choir / Kx9qqLm2"]
    (told,) = refusals(
        "\n".join(["Page name,Login", *[f"P{n},{row}" for n, row in enumerate(rows)]])
    )
    assert told.startswith("list.csv:Login: holds a secret")
    assert one("Page name,Login\nYouth,Jim / Ann\nMass,a@x.example / b@x.example\n").rows


def test_a_group_of_headings_about_logins() -> None:
    rows = [
        ["", "Zugangsdaten", "", ""],
        ["Seite", "E-Mail", "Passwort", "Notizen"],
        ["Jugend", "a@b.example", "canary", ""],
    ]

    def more(_made: Any, sheet: Any) -> None:
        sheet.merge_range(0, 1, 0, 2, "Zugangsdaten")

    (told,) = refusals(book(rows, more), "list_xlsx")
    assert "Zugangsdaten Passwort: holds a secret" in told
    rows[2][2] = ""
    assert one(book(rows, more), "list_xlsx").headings == (
        "Seite",
        "Zugangsdaten E-Mail",
        "Notizen",
    )


def test_a_hidden_sheet_with_secrets_stops_it_and_one_without_is_left_out_and_said() -> None:
    def more(text: str) -> Any:
        def hidden(made: Any, _sheet: Any) -> None:
            other = made.add_worksheet("Old")
            other.write_column(0, 0, ["Password", text])
            other.write_column(0, 1, ["Page", "Youth"])
            other.hide()

        return hidden

    rows = [["Page name", "Link"], ["Youth", "a.example"]]
    (told,) = refusals(book(rows, more(CANARY)), "list_xlsx")
    assert told.startswith("list.xlsx, sheet Old:Password: holds a secret")
    sheet = one(book(rows, more("")), "list_xlsx")
    assert sheet.remarks[0] == "1 hidden sheet left out (Old)"
