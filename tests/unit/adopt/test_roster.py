"""Rosters: the exports of directories and personnel systems, and plain lists of staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from rolecall.adopt.column_meanings import meaning_of
from rolecall.adopt.reading.files import read_sheets
from rolecall.adopt.roster import StaffRoster, roster_of
from rolecall.registry.words_for_nothing import WordsForNothing

TODAY = date(2026, 11, 26)


def read(
    text: str | bytes, answers: Mapping[str, str] | None = None, file: str = "staff.csv"
) -> StaffRoster:
    data = text.encode() if isinstance(text, str) else text
    (sheet,), _ = read_sheets([(file, data)], WordsForNothing())
    meaning = meaning_of(sheet, {}, answers or {})
    assert meaning.kind == "roster"
    return roster_of(sheet, meaning, answers or {}, TODAY)


def staff(
    heading: str, cells: Sequence[str], answers: Mapping[str, str] | None = None
) -> StaffRoster:
    """Return a roster with one more column, beside an address that tells people apart."""
    names = ("Ann", "Bo", "Cy", "Di", "Ed", "Flo")
    rows = [
        f"{names[index]};Head{names[index]};{names[index].lower()}@x.example;{cell}"
        for index, cell in enumerate(cells)
    ]
    return read("\n".join((f"First name;Surname;E-mail;{heading}", *rows, "")), answers)


GOOGLE = """\
First Name [Required],Last Name [Required],Email Address [Required],Org Unit Path [Required],\
New Primary Email [UPLOAD ONLY],Status [READ ONLY],Last Sign In [READ ONLY],Recovery Email,\
Employee ID,Employee Type,Manager Email,Department,2sv Enrolled [READ ONLY],\
Change Password at Next Sign-In,New Status [UPLOAD ONLY]
Ann,Head,head@x.example,/Parish,,Active,2026/11/20 09:12:33,,,Employee,,Parish,TRUE,FALSE,
Bo,Second,second@x.example,/Parish,,Suspended,Never logged in,bo@home.example,,Volunteer,\
head@x.example,,FALSE,FALSE,
Parish,Office,office@x.example,/,,Active,Never logged in,,,,,,FALSE,FALSE,
Cy,Gone,cy@x.example,/Parish/Youth,,Archived,2020/11/20 09:12:33,,,,,,FALSE,FALSE,
"""


def test_an_export_of_google_workspace() -> None:
    found = read(GOOGLE, file="google.csv")
    ann, bo, cy = found.entries
    assert (ann.name, ann.email, ann.status, ann.type, ann.entity) == (
        *("Ann Head", "head@x.example", "active", "employee", "Parish"),
    )
    assert (bo.status, bo.type, bo.supervisor) == ("suspended", "volunteer", "head@x.example")
    assert (bo.email, bo.aliases) == ("second@x.example", ())
    assert (cy.status, cy.entity) == ("left", "Youth")
    assert any("Parish Office" in said for said in found.assumptions)
    assert not found.questions


def test_an_export_of_okta() -> None:
    found = read(
        "login,firstName,lastName,email,status,employeeNumber,department,manager\n"
        "ann@x.example,Ann,Head,ann@x.example,ACTIVE,1001,Parish,\n"
        "bo@x.example,Bo,Second,bo@x.example,DEPROVISIONED,1002,Parish,Ann Head\n"
        "cy@x.example,Cy,Third,cy@x.example,LOCKED_OUT,1003,Parish,Ann Head\n"
        "di@x.example,Di,Fourth,di@x.example,SUSPENDED,1004,Parish,Ann Head\n"
        "ed@x.example,Ed,Fifth,ed@x.example,PASSWORD_EXPIRED,1005,Parish,Ann Head\n"
        "flo@x.example,Flo,Sixth,flo@x.example,STAGED,1006,Parish,Ann Head\n"
    )
    assert [one.status for one in found.entries] == [
        *("active", "left", "active", "suspended", "active", "active"),
    ]
    assert [one.number for one in found.entries][:2] == ["1001", "1002"]
    assert not found.questions


def test_an_export_of_entra() -> None:
    found = read(
        "userPrincipalName,displayName,surname,mail,givenName,id,userType,accountEnabled,"
        "proxyAddresses,jobTitle,department\n"
        "ann@x.example,Ann Head,Head,ann.head@x.example,Ann,8d1f-1,Member,True,"
        "SMTP:ann.head@x.example;smtp:ann@old.example,Principal,St Lucy\n"
        "bo@x.example,Bo Second,Second,,Bo,8d1f-2,Member,False,,,St Lucy\n"
    )
    ann, bo = found.entries
    assert (ann.name, ann.status) == ("Ann Head", "active")
    assert {ann.email, *ann.aliases} == {"ann@x.example", "ann.head@x.example", "ann@old.example"}
    assert (bo.email, bo.status) == ("bo@x.example", "left")


PLAIN = (
    "Employee No;Surname;First name;Job title;Dept;Status;Start date;Leave date;E-mail\n"
    "1001;O\u2019Brien;Tom;Parish Priest;St Aidan;Active;01/09/2015;;fr.tom@x.example\n"
    "1003;Doyle;Jim;Youth worker;St Aidan;Left;03/04/2019;30/06/2025;jim@x.example\n"
    "1005;N\u00ed Bhriain;S\u00edobh\u00e1n;Music;St Aidan;Maternity leave;05/01/2020;;s@x.test\n"
)


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_plain_list_of_staff(encoding: str) -> None:
    found = read(PLAIN.encode(encoding))
    tom, jim, siobhan = found.entries
    assert (tom.name, tom.number, tom.entity) == ("Tom O\u2019Brien", "1001", "St Aidan")
    assert (jim.status, jim.left_on) == ("left", date(2025, 6, 30))
    assert (siobhan.name, siobhan.status) == ("S\u00edobh\u00e1n N\u00ed Bhriain", "active")
    assert [question.safest for question in found.questions] == ["active"]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        *(
            ("active", word)
            for word in ("Active", "current", "aktiv", "Actif", "Activo", "In servizio")
        ),
        *(("active", word) for word in ("Ativo", "In dienst", "Zatrudniona", "yes", "TRUE", "ja")),
        *(
            ("active", word)
            for word in ("Never logged in", "employed", "in post", "en poste", "de alta")
        ),
        *(
            ("left", word)
            for word in ("Left", "retired", "DECEASED", "ausgeschieden", "Verstorben")
        ),
        *(
            ("left", word)
            for word in ("parti", "décédée", "baja", "jubilado", "cessato", "in pensione")
        ),
        *(("left", word) for word in ("desligado", "uit dienst", "odszedł", "na emeryturze", "no")),
        *(
            ("left", word)
            for word in ("FALSE", "nein", "inactive", "former", "Terminated", "Archived")
        ),
        *(
            ("suspended", word)
            for word in ("Suspended", "gesperrt", "suspendue", "bloqueado", "sospesa")
        ),
        *(("suspended", word) for word in ("suspenso", "geschorst", "zawieszony", "disabled")),
    ],
)
def test_a_word_says_whether_somebody_serves(status: str, word: str) -> None:
    found = staff("Status", [word, "Active"])
    assert found.entries[0].status == status
    assert not found.questions


@pytest.mark.parametrize(
    "word",
    [
        *(
            "Maternity leave",
            "on leave",
            "Parental leave",
            "sabbatical",
            "Sick leave",
            "Elternzeit",
        ),
        *("congé maternité", "excedencia", "aspettativa", "licença", "zwangerschapsverlof"),
        *("urlop macierzyński", "Krank", "Some word of theirs", "Phase 3"),
    ],
)
def test_leave_and_what_nobody_knows_is_asked_once_and_accuses_nobody(word: str) -> None:
    found = staff("Status", [word, word, "Active"])
    assert [one.status for one in found.entries] == ["active"] * 3
    (question,) = found.questions
    assert question.safest == "active"
    assert len(question.places) == 2
    for answer in ("suspended", "left"):
        answered = staff("Status", [word, "Active"], {question.id: answer})
        assert [one.status for one in answered.entries] == [answer, "active"]
        assert not answered.questions


@pytest.mark.parametrize(
    ("cell", "status", "left_on"),
    [
        ("2025-06-30", "left", date(2025, 6, 30)),
        ("30.06.2025", "left", date(2025, 6, 30)),
        ("2026-11-26", "left", date(2026, 11, 26)),
        ("2026-11-27", "active", date(2026, 11, 27)),
        ("31/12/2099", "active", date(2099, 12, 31)),
        ("", "active", None),
        ("-", "active", None),
    ],
)
def test_a_day_of_leaving_is_enough_once_it_is_over(
    cell: str, status: str, left_on: date | None
) -> None:
    found = staff("Leave date", [cell, "2020-01-31"])
    assert (found.entries[0].status, found.entries[0].left_on) == (status, left_on)


def test_a_day_that_can_be_read_in_two_ways_is_over_in_both() -> None:
    found = staff("Leave date", ["3/4/2025", "5/6/2025"])
    assert [(one.status, one.left_on) for one in found.entries] == [("left", None)] * 2
    (question,) = found.questions
    answered = staff("Leave date", ["3/4/2025", "5/6/2025"], {question.id: "day"})
    assert answered.entries[0].left_on == date(2025, 4, 3)


@pytest.mark.parametrize(
    ("word", "day", "status"),
    [("Left", "2099-01-31", "active"), ("Suspended", "2020-01-31", "suspended")],
)
def test_a_word_and_a_day_together(word: str, day: str, status: str) -> None:
    found = read(f"Name;E-mail;Status;Leave date\nAnn Head;a@x.example;{word};{day}\n")
    (ann,) = found.entries
    assert (ann.status, ann.left_on) == (status, date.fromisoformat(day))


def test_whoever_is_active_and_left_is_asked() -> None:
    text = "Name;E-mail;Status;Leave date\nAnn Head;a@x.example;Active;2025-06-30\n"
    found = read(text)
    assert [(one.status, one.left_on) for one in found.entries] == [("active", None)]
    (question,) = found.questions
    answered = read(text, {question.id: "left"})
    assert [(one.status, one.left_on) for one in answered.entries] == [("left", date(2025, 6, 30))]


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [
        ("Suspended", "suspended", "active"),
        ("Archived", "left", "active"),
        ("Active", "active", "left"),
        ("Account enabled", "active", "left"),
    ],
)
def test_a_heading_says_what_its_yes_means(heading: str, yes: str, no: str) -> None:
    found = staff(heading, ["TRUE", "FALSE"])
    assert [one.status for one in found.entries] == [yes, no]


@pytest.mark.parametrize(
    ("type_", "word"),
    [
        *(
            ("employee", word)
            for word in ("Employee", "Angestellte", "salarié", "dipendente", "pracownik")
        ),
        *(("volunteer", word) for word in ("Volunteer", "ehrenamtlich", "bénévole", "voluntaria")),
        *(("clergy", word) for word in ("Priest", "Clergy", "sacerdote", "prêtre", "ksiądz")),
        *(("contractor", word) for word in ("Contractor", "freelance", "externo", "zzp")),
        *(("student", word) for word in ("Intern", "Praktikantin", "stagiaire", "estagiário")),
        (None, "Something else"),
    ],
)
def test_a_word_says_in_which_capacity(type_: str | None, word: str) -> None:
    assert staff("Employee type", [word]).entries[0].type == type_


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("Kelly, Maureen", "Maureen Kelly"),
        ("Mrs Maureen Kelly", "Maureen Kelly"),
        ("Maureen Kelly (on site)", "Maureen Kelly"),
        ("Fr. Tom O'Brien", "Tom O'Brien"),
        ("O'Brien, Fr. Tom", "Tom O'Brien"),
    ],
)
def test_a_whole_name_is_read_as_it_is_meant(row: str, name: str) -> None:
    found = read(f"Full name;E-mail;Status\n{row};m@x.example;Active\nJim Doyle;j@x.example;Left\n")
    assert found.entries[0].name == name


@pytest.mark.parametrize(
    "name",
    ["School office", "Info", "Parish Office", "Youth Team", "Room 5", "svc backup", "Reception"],
)
def test_an_account_that_is_no_persons_is_left_out_and_said(name: str) -> None:
    found = read(
        f"Full name;E-mail;Status\n{name};x@x.example;Active\nAnn Head;a@x.example;Active\n"
    )
    assert [one.name for one in found.entries] == ["Ann Head"]
    assert any(name in said for said in found.assumptions)


def test_numbers_that_count_rows_are_no_numbers_of_people() -> None:
    found = read(
        "No;Name;E-mail;Status\n1;Ann Head;a@x.example;Active\n2;Bo Second;b@x.example;Active\n"
        "3;Cy Third;c@x.example;Active\n"
    )
    assert [one.number for one in found.entries] == ["", "", ""]


def test_a_roster_says_which_columns_are_its() -> None:
    found = read(PLAIN)
    assert found.fields == {"name", "status", "email", "left_on", "entity_id"}
