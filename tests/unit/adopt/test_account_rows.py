"""What the rows of a sheet name: accounts, units, people, and what is said of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.adopt.account_cells import accounts_in
from rolecall.adopt.account_rows import SheetMentions, mentions_of
from rolecall.adopt.account_values import cell_text
from rolecall.adopt.column_meanings import meaning_of
from rolecall.adopt.questions import Answers
from rolecall.adopt.sheets import Sheet, SheetRow
from tests.unit.adopt.written import written


def read(text: str, answers: Answers | None = None) -> SheetMentions:
    sheet = written(text)
    return mentions_of(sheet, meaning_of(sheet, {}, answers or {}), answers or {})


def named(text: str, answers: Answers | None = None) -> list[str]:
    return [f"{one.platform}:{one.handle}" for one in read(text, answers).accounts]


SHEETS = [
    # Platform and handle follow from the address, or from each other.
    ("Page|Link\nNews|https://www.facebook.com/pg/News/", "facebook:News"),
    ("Platform|Username\nTwitter|@StAidan", "x:StAidan"),
    ("Platform|Link\nIntagram|https://www.instagram.com/a/", "instagram:a"),
    ("Page name|Link\nSt Aidan (Facebook)|staidan", "facebook:staidan"),
    ("Page name|Link\nYouTube - Mass stream|@mass", "youtube:mass"),
    ("Page name|Link\nTwitter|@StAidan\nNews|facebook.com/a", "x:StAidan facebook:a"),
    ("Page name|Link\nSt Aidan Youth Insta|@youth\nNews|facebook.com/a",
     "instagram:youth facebook:a"),
    ("Platform|URL|Handle\nFacebook|facebook.com/profile.php?id=1000640|@a", "facebook:1000640"),
    ("Platform|URL|Handle\nFacebook||@a\nX|x.com/b|", "facebook:a x:b"),
    ("Platform|Name\nFacebook and Instagram|a b\nX|c", "facebook:a b;instagram:a b;x:c"),
    ("Platform|Username\nFacebook/Instagram|stmary", "facebook:stmary instagram:stmary"),
    ("Platform|Link\nFacebook|https://x.com/a", "x:a"),
    ("Page|Social media\nSt Lucy|facebook.com/a; instagram.com/b", "facebook:a instagram:b"),
    ("Domain|Organization\nALPHA.EXAMPLE|Town of Alpha", "website:alpha.example"),
    ("Platform|Link|Website\nFacebook|facebook.com/a|www.a.example",
     "website:a.example facebook:a"),
    # One row a unit, a column a platform.
    ("School|Facebook|X / Twitter|Website\nSt Lucy|fb.com/a|@b|www.c.example",
     "facebook:a x:b website:c.example"),
    ("School|Facebook|Instagram\nA|none so far|@a\nB|fb.com/b|", "instagram:a facebook:b"),
    ("School|Facebook URL|Facebook handle\nA|fb.com/a|@a\nB||@b", "facebook:a facebook:b"),
    ("School|Facebook|Instagram\nA|fb.com/a, fb.com/b|@a", "facebook:a facebook:b instagram:a"),
    ("School|Facebook|Instagram\nA|yes|x\nB|fb.com/b|@b", "facebook:b instagram:b"),
    ("School|Facebook|Instagram\nA|office@a.example|@a\nB|fb.com/b|@b",
     "instagram:a facebook:b instagram:b"),
    ("School|Facebook|Instagram\nA|www.a.example|@a\nB|fb.com/b|@b",
     "instagram:a facebook:b instagram:b"),
    ("Kind|Wert\nA|B", ""),
    (
        "Account|Type\n@a|Instagram\nb|FB\nc.example|Website\n@d@e.example|Mastodon\nf (X)|",
        "instagram:a facebook:b website:c.example mastodon:d@e.example x:f",
    ),
    ("Account|Type|Admin\nNews|official|Ann Head\nChoir|private|Bea Second", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "accounts"), SHEETS)
def test_the_accounts_of_a_sheet(text: str, accounts: str) -> None:
    wanted = accounts.split(";") if ";" in accounts else accounts.split()
    assert named(text) == wanted


def test_what_names_an_account_without_its_name_is_asked() -> None:
    """An account that is called "yes" would be found nowhere; nobody is accused of it."""
    text = "School|Facebook|Instagram\nA|yes|@a\nB|X|@b\nC|fb.com/c|"
    said = read(text)
    (question,) = said.questions
    assert question.id == "accounts:units: facebook:yes"
    assert question.safest == "later"
    assert question.places == (
        "list.csv, row 2, column Facebook",
        "list.csv, row 3, column Facebook",
    )
    assert named(text, {question.id: "none"}) == named(text)


@pytest.mark.parametrize(
    ("cell", "flaw", "answer", "account"),
    [
        ("office@a.example", "email", "name", "facebook:office@a.example"),
        ("St Mary's Parish", "words", "name", "facebook:St Mary's Parish"),
        ("https://a.example/fb", "site", "website", "website:a.example/fb"),
        ("https://bit.ly/abc", "page", "website", "website:bit.ly/abc"),
    ],
)
def test_an_answer_makes_an_account(cell: str, flaw: str, answer: str, account: str) -> None:
    text = f"School|Facebook|Instagram\nA|{cell}|@a\nB|fb.com/b|@b\nC|fb.com/c|@c"
    asked = read(text).questions
    assert [question.id for question in asked] == [f"accounts:units: facebook:{flaw}"]
    assert account not in named(text)
    assert account in named(text, {asked[0].id: answer})


def test_a_name_without_a_platform_is_asked() -> None:
    text = "Page|Username|Admin\nNews|@news|Ann Head\nChoir|@choir|Bea Second"
    (question,) = read(text).questions
    assert question.id == "accounts:accounts: username:no platform"
    assert named(text) == []
    assert named(text, {question.id: "instagram"}) == ["instagram:news", "instagram:choir"]


def test_what_was_taken_to_be_so_is_said_with_its_place() -> None:
    said = read("Platform|Name|Link\nIntagram|A b|instagram.com/a\nFacebook|C d|x.com/c\nX|E f|")
    assert said.assumptions == (
        "list.csv, row 2, column Platform: Intagram was taken for instagram",
        "list.csv, row 3, column Link: the address is one of x, not of facebook",
        "list.csv, row 4: E f is called by what it is called here: its name on the platform is "
        "not given",
    )


def test_a_row_that_names_nothing_is_said() -> None:
    said = read("Page|Link|Notes\nNews|facebook.com/a|\n||Sorry for the mess")
    assert said.skipped == ("list.csv, row 3: names no account, and was left out",)


def test_an_account_twice_in_a_row_is_one() -> None:
    assert named("Page|Link\nA|facebook.com/a, https://www.facebook.com/A/") == ["facebook:a"]


def test_people_are_what_their_column_says() -> None:
    text = (
        "Page|Link|Admins|Who has the password?|Owner|Contact|Page owner role\n"
        "News|facebook.com/a|Ann Head, Bea Second|Carl Third|Dora Fourth|Emil Fifth|"
    )
    (account,) = read(text).accounts
    assert [(one.name, one.part) for one in account.people] == [
        ("Ann Head", "administrator"),
        ("Bea Second", "administrator"),
        ("Carl Third", "holder"),
        ("Dora Fourth", "owner"),
    ]


def test_a_role_that_the_heading_says_is_the_role() -> None:
    (account,) = read("Page|Link|Editors\nNews|facebook.com/a|Ann Head").accounts
    assert [(one.name, one.role) for one in account.people] == [("Ann Head", "editor")]


def test_a_row_an_access_is_one_account_and_one_person() -> None:
    """What platforms and agencies list: a row a person and account, with the role on it."""
    text = (
        "Platform|Account|Person|Role|Email\nFacebook|stmary|Ann Head|Admin|ann@a.example\n"
        "Facebook|stmary|Bea Second|Editor|bea@a.example\nX|stmary|Ann Head|Owner|ann@a.example"
    )
    said = read(text)
    assert said.questions == ()
    assert [
        (one.platform, one.handle, *((p.name, p.email, p.role) for p in one.people))
        for one in said.accounts
    ] == [
        ("facebook", "stmary", ("Ann Head", "ann@a.example", "admin")),
        ("facebook", "stmary", ("Bea Second", "bea@a.example", "editor")),
        ("x", "stmary", ("Ann Head", "ann@a.example", "owner")),
    ]


def test_people_without_a_word_what_they_are_have_no_access() -> None:
    text = "Platform|Account|Person\nFacebook|stmary|Ann Head\nX|stmary|Bea Second"
    sheet = written(text)
    (question,) = meaning_of(sheet, {}).questions
    assert question.safest == "contact"
    assert [one.people for one in read(text).accounts] == [(), ()]


def test_names_of_people_are_no_names_of_accounts() -> None:
    text = "Platform|Page|User\nFacebook|stmary|Ann Head\nX|stmary|Bea Second"
    assert named(text) == ["facebook:stmary", "x:stmary"]


def test_addresses_in_a_column_of_their_own_are_those_of_the_people_beside_them() -> None:
    text = (
        "School|Principal|Principal e-mail|Facebook|Facebook admin|Facebook admin e-mail\n"
        "A|Ana Bright|ana@a.example|fb.com/a|Ann Head / Bea Second|ann@a.example, bea@a.example\n"
        "B|Desmond Reed||fb.com/b|Ann Head|ann@a.example, bea@a.example"
    )
    said = read(text)
    assert [(p.name, p.email, p.part) for p in said.entities[0].people] == [
        ("Ana Bright", "ana@a.example", "head")
    ]
    assert [(p.name, p.email) for p in said.accounts[0].people] == [
        ("Ann Head", "ann@a.example"),
        ("Bea Second", "bea@a.example"),
    ]
    assert [(p.name, p.email) for p in said.accounts[1].people] == [
        ("Ann Head", ""),
        ("", "ann@a.example"),
        ("", "bea@a.example"),
    ]


def test_what_is_said_of_one_platform_is_said_of_its_account_alone() -> None:
    text = (
        "School|Facebook|Instagram|Facebook admin|Instagram admin|FB followers\n"
        "A|fb.com/a|@a|Ann Head|Bea Second|1200\nB||@b|Ann Head|Bea Second|"
    )
    said = read(text)
    admins = [(one.platform, [p.name for p in one.people]) for one in said.accounts]
    assert admins == [
        ("facebook", ["Ann Head"]),
        ("instagram", ["Bea Second"]),
        ("instagram", ["Bea Second"]),
    ]
    assert said.skipped == (
        "list.csv, row 3, column Facebook admin: is of an account of facebook, which the row does "
        "not name",
    )


def test_what_is_said_of_all_accounts_of_a_row_is_an_assumption() -> None:
    said = read("School|Facebook|Instagram|Admin\nA|fb.com/a|@a|Ann Head")
    assert [[p.name for p in one.people] for one in said.accounts] == [["Ann Head"]] * 2
    assert said.assumptions == ("list.csv: Admin holds for every account of its row",)


def test_values_are_in_the_words_of_a_registry() -> None:
    text = (
        "Page|Link|Email used|2FA?|Status|Last checked|Where is the password?|Last post|Language\n"
        "A|fb.com/a|Maureen <m@a.example>|no|not used|2025-03-13|Excel|1 Feb 2025|English\n"
        "B|fb.com/b|her gmail|SMS|closed|13/3/2025|in a notebook|ages ago|\n"
        "C|fb.com/c||Google Authenticator|Active||Bitwarden||\n"
        "D|fb.com/d||?|?|?|?||"
    )
    said = read(text)
    assert [dict(one.values) for one in said.accounts] == [
        {
            "status": "dormant",
            "login_email": "m@a.example",
            "last_post_on": "2025-02-01",
            "reviewed_on": "2025-03-13",
            "notes": "Language: English",
        },
        {"status": "closed", "reviewed_on": "2025-03-13"},
        # An empty cell says that there is none on record; a question mark, that nobody knows.
        {"status": "active", "login_email": "", "reviewed_on": "", "last_post_on": ""},
        {"login_email": "", "last_post_on": ""},
    ]
    assert [dict(one.login) for one in said.accounts] == [
        {"mfa": "none", "storage": "spreadsheet"},
        {"mfa": "sms", "storage": "paper"},
        {"mfa": "app", "storage": "password_manager"},
        {},
    ]
    untold = "was left out, as nobody can tell what it means"
    assert said.skipped == (
        f"list.csv, row 3, column Email used: {untold}",
        f"list.csv, row 3, column Last post: {untold}",
    )


def test_a_second_factor_of_which_nobody_said_what_it_is_is_asked() -> None:
    text = "Page|Link|2FA\nA|fb.com/a|yes\nB|fb.com/b|yes (Peter)\nC|fb.com/c|no"
    said = read(text)
    (question,) = said.questions
    assert question.safest == "unknown"
    assert [dict(one.login) for one in said.accounts] == [{}, {}, {"mfa": "none"}]
    answered = read(text, {question.id: "app"})
    assert [one.login["mfa"] for one in answered.accounts] == ["app", "app", "none"]


def test_what_stands_beside_an_account_may_be_its_status() -> None:
    said = read("School|Facebook|X\nA|fb.com/a (closed)|@a (old)\nB|fb.com/b (old parish)|@b")
    assert [dict(one.values) for one in said.accounts] == [
        {"status": "closed", "notes": "closed"},
        {"status": "dormant", "notes": "old"},
        {"notes": "old parish"},
        {},
    ]


UNITS = [
    ("Unit|Link\nA|fb.com/a", [("A", ())]),
    ("Organization|Suborganization|Link\nA|B|fb.com/a\nA||fb.com/b", [("B", ("A",)), ("A", ())]),
    ("Unit|Parent organisation|Link\nB|A|fb.com/a", [("B", ("A",))]),
    ("Unit|Link\nA > B > C|fb.com/a", [("C", ("B", "A"))]),
    ("Unit|Link\nA / B|fb.com/a\nA / C|fb.com/c", [("B", ("A",)), ("C", ("A",))]),
    ("Unit|Link\nBridge / Pont|fb.com/a\nC|fb.com/c", [("Bridge / Pont", ()), ("C", ())]),
    ("Unit|Link\n/A/B|fb.com/a", [("B", ("A",))]),
    ("Unit|Link\nA / B > C|fb.com/a\nA|fb.com/b", [("C", ("B", "A")), ("A", ())]),
    ("Organization|Suborganization|Link\nA|A|fb.com/a", [("A", ())]),
    ("Page|Parent organisation|Link\nA|B|fb.com/a", []),
    ("Agency|Office|Link\nA|B|fb.com/a\nA|C|fb.com/c", [("B", ("A",)), ("C", ("A",))]),
    ("Office|Agency|Link\nB|A|fb.com/a\nC|A|fb.com/c", [("B", ("A",)), ("C", ("A",))]),
    ("Agency|Office|Link\nA||fb.com/a\nA|C|fb.com/c", [("A", ()), ("C", ("A",))]),
    (
        "Parish|Region|Deanery|Link\nA|R|D|fb.com/a\nB|R|D|fb.com/b",
        [("A", ("D", "R")), ("B", ("D", "R"))],
    ),
]


@pytest.mark.parametrize(("text", "units"), UNITS)
def test_the_units_of_a_sheet(text: str, units: list[tuple[str, tuple[str, ...]]]) -> None:
    said = read(text)
    assert [(one.name, one.above) for one in said.entities] == units
    assert [(one.entity, one.above) for one in said.accounts] == (units or [("", ())])


def test_domains_that_a_sheet_proves() -> None:
    text = (
        "School|Website|Principal e-mail|Office e-mail\n"
        "A|www.a.schools.example|head@schools.example|a@gmail.com\n"
        "B|b.example|b@gmail.com|office@other.example\n"
        "C|c.wordpress.com|c@wordpress.com|c@mail.c.example"
    )
    assert [one.domains for one in read(text).entities] == [("schools.example",), (), ()]


CELLS = st.one_of(
    st.sampled_from(["", "yes", "no", "@a", "fb.com/a", "a@b.example", "St Mary", "a, b", "(old)"]),
    st.text(alphabet="aB1@./ :-(,", max_size=12),
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_unpivoting_loses_no_cell(cells: list[tuple[str, str, str]]) -> None:
    """Each cell of a column a platform is an account, or asked about, or says there is none."""
    rows = [SheetRow(1, ("Z", "fb.com/z", "@z", "@z"))]
    rows += [SheetRow(n, ("A", *(c.strip() for c in one))) for n, one in enumerate(cells, 2)]
    sheet = Sheet("a.csv", "", ("School", "Facebook", "Instagram", "X"), 1, tuple(rows))
    meaning = meaning_of(sheet, {})
    said = mentions_of(sheet, meaning, {})
    asked = {place for question in said.questions for place in question.places}
    for row in rows:
        for column in meaning.having("account"):
            cell = cell_text(row.cells[column.index])
            found = accounts_in(cell, (column.platform,)) if cell else []
            place = sheet.place(row.number, column.index)
            flaws = {one.flaw for one in found} - {"", "no"}
            assert not flaws or place in asked, cell
            of_row = [one for one in said.accounts if one.place == sheet.place(row.number)]
            for one in found:
                assert one.flaw or any(
                    (other.platform, other.handle.casefold())
                    == (one.platform, one.handle.casefold())
                    for other in of_row
                ), cell
