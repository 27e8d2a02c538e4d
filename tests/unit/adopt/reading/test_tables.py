"""The table of a sheet: under titles, over notes, between totals; its headings and its rows."""

from __future__ import annotations

from typing import Any

import pytest

from rolecall.adopt.reading.files import read_sheets
from rolecall.adopt.sheets import Sheet
from rolecall.registry.words_for_nothing import WordsForNothing
from tests.unit.adopt.reading.books import book, one, sheets

HEAD = "Page name,Link,Admin,Last checked"
BODY = (
    "Youth,https://www.instagram.com/youth,Jim Doyle,2025-01-01",
    "Mass,https://youtube.com/@mass,Peter Nolan,2025-01-02",
    "Web,www.staidan.example,Maureen Kelly,2025-01-03",
)


def read(*lines: str) -> Sheet:
    return one("\n".join(lines))


def numbers(sheet: Sheet) -> list[int]:
    return [row.number for row in sheet.rows]


@pytest.mark.parametrize(
    "above",
    [
        [],
        [""],
        ["Our social media"],
        ["St Aidan,,,", ",,,", "Updated by:,Maureen,,"],
        [
            "Social media accounts,,,",
            "Parish:,St Aidan,,",
            "Contact:,maureen@staidan.example,,",
            "",
        ],
        ["Please fill in all of the columns and send it back to the office by Friday,,,"],
    ],
)
def test_headings_stand_under_whatever_stands_above(above: list[str]) -> None:
    sheet = read(*above, HEAD, *BODY)
    assert sheet.headings == tuple(HEAD.split(","))
    assert sheet.heading_row == len(above) + 1
    assert numbers(sheet) == [len(above) + n for n in (2, 3, 4)]
    assert len(sheet.titles) == sum(bool(line.strip(",")) for line in above)


@pytest.mark.parametrize(
    "head",
    [
        "Seite,Link,Verantwortlich,Zuletzt geprüft",
        "Nom de la page,Lien,Administrateur,Dernière vérification",
        "Página,Enlace,Administrador,Última revisión",
        "Nazwa strony,Adres,Administrator,Ostatnia kontrola",
        "Foo,Bar,Quux,Baz",
    ],
)
def test_headings_of_other_languages(head: str) -> None:
    sheet = read("Liste 2026", "", head, *BODY)
    assert sheet.headings == tuple(head.split(","))
    assert len(sheet.rows) == 3


def test_a_table_without_headings_has_none() -> None:
    sheet = read(*BODY)
    assert sheet.headings == ("", "", "", "")
    assert sheet.heading_row == 0
    assert numbers(sheet) == [1, 2, 3]
    assert "no row of headings" in sheet.remarks[0]
    sheet = read("Facebook,Youth", "Instagram,Youth", "Facebook,Mass", "X,Choir")
    assert numbers(sheet) == [1, 2, 3, 4]


def test_one_column_is_a_table() -> None:
    sheet = read("Link", "https://www.instagram.com/youth", "www.staidan.example")
    assert (sheet.headings, numbers(sheet)) == (("Link",), [2, 3])


TOTALS = """
TOTAL: 5 accounts,,,|Total,,,3|Totals,3,3,|Sum,,,12|Grand total,,,3|Subtotal (3),,,|Summe,,,3
Gesamt: 3 Konten,,,|Insgesamt,,,3|Zwischensumme,,,3|Anzahl: 3,,,|Total général,,,3|Somme,,,3
Sous-total,,,3|Suma total,,,3|Totale,,,3|Somma,,,3|Total geral,,,3|Soma,,,3|Totaal: 3,,,|Razem,,,3
Ogółem: 3,,,|Łącznie,,,3|Count,3,,|,Total,,3
"""


@pytest.mark.parametrize("total", TOTALS.strip().replace("\n", "|").split("|"))
def test_totals_are_left_out_and_said(total: str) -> None:
    for lines in ((*BODY, total), (BODY[0], total, *BODY[1:]), (*BODY, "", total)):
        sheet = read(HEAD, *lines)
        assert [row.cells[0] for row in sheet.rows] == ["Youth", "Mass", "Web"]
        where = len(lines) + 1 if lines[-1] == total else 3
        assert f"1 row of totals left out ({where})" in sheet.remarks


@pytest.mark.parametrize(
    "row",
    [
        "Total Youth,https://x.com/totalyouth,Jim,",
        "Summer camp,,,",
        "Total,https://x.com/total,Jim,",
    ],
)
def test_what_only_begins_like_a_total_is_kept(row: str) -> None:
    assert len(read(HEAD, *BODY, row).rows) == 4


NOTES = """
* volunteers|Note: Jim moved to Cork|Updated 3/4/25 by Maureen|Last updated: May|Legend|Page 1 of 2
Stand: Mai 2026|Hinweis: bitte prüfen|Légende|Mis à jour en mai|Fuente: oficina|Nota: vedi sopra
© St Aidan|Please send all changes to the parish office by Friday|Source: office|Legenda
Uwaga: stan na maj
"""


@pytest.mark.parametrize("note", NOTES.strip().replace("\n", "|").split("|"))
def test_notes_below_are_left_out_and_said(note: str) -> None:
    for lines in ((*BODY, note), (*BODY, "", note), (*BODY, note, "x = yes,,,", "o = no,,,")):
        sheet = read(HEAD, *lines)
        assert [row.cells[0] for row in sheet.rows] == ["Youth", "Mass", "Web"]
        assert any("of notes left out" in remark for remark in sheet.remarks)


def test_notes_below_two_columns_say_so_behind_a_blank_row() -> None:
    table = ("Page name,Link", "Youth,a.example", "Mass,b.example")
    assert numbers(read(*table, ",", "Updated by Maureen,")) == [2, 3]
    assert numbers(read(*table, "Updated by Maureen,")) == [2, 3, 4]
    assert numbers(read(*table, ",", "Choir,")) == [2, 3, 5]
    assert numbers(read("Link", "a.example", "", "b.example")) == [2, 4]


def test_a_row_with_one_cell_is_a_row() -> None:
    assert numbers(read(HEAD, *BODY, "Choir,,,")) == [2, 3, 4, 5]
    assert numbers(read(HEAD, "Choir,,,", *BODY)) == [2, 3, 4, 5]


def test_headings_once_more_comments_rules_and_numbers_are_left_out() -> None:
    sheet = read(
        HEAD, "1,2,3,4", BODY[0], HEAD.upper(), BODY[1], "# old ones", "---,---,---,---", BODY[2]
    )
    assert numbers(sheet) == [3, 5, 8]
    told = " ".join(sheet.remarks)
    for what in (
        "repeats the headings left out (4)",
        "of comments left out (6)",
        "the columns left",
    ):
        assert what in told


def test_a_hashtag_is_no_comment() -> None:
    assert numbers(read(HEAD, *BODY, "#parish,,,")) == [2, 3, 4, 5]


def test_blank_columns_are_left_out_and_unnamed_ones_are_not() -> None:
    sheet = read("Page name,,Link,,Admin", "Youth,,a.example,see May,", "Mass,,b.example,,")
    assert sheet.headings == ("Page name", "Link", "", "Admin")
    assert sheet.rows[0].cells == ("Youth", "a.example", "see May", "")
    assert sheet.place(2, 2) == "list.csv, row 2, column 3"


def test_two_tables_on_a_sheet_are_two() -> None:
    first, second = sheets(
        list_csv="\n".join(
            [HEAD, *BODY, "", "Staff", "Surname,First name,E-mail", "Doyle,Jim,j@x.example"]
        )
    )
    assert (numbers(first), numbers(second)) == ([2, 3, 4], [8])
    assert second.headings == ("Surname", "First name", "E-mail")
    assert second.titles == ("Staff",)


def merged(*areas: tuple[int, int, int, int, str]) -> Any:
    def more(_made: Any, sheet: Any) -> None:
        for top, left, bottom, right, text in areas:
            sheet.merge_range(top, left, bottom, right, text)

    return more


LINES = [line.split(",") for line in (HEAD, *BODY)]


def test_merged_cells_are_filled() -> None:
    data = book(
        [["Parish", *LINES[0]], *[["", *line] for line in LINES[1:]], ["", "", "", "", ""]],
        merged((1, 0, 4, 0, "St Aidan"), (2, 3, 2, 4, "none so far")),
    )
    sheet = one(data, "list_xlsx")
    assert [row.cells[0] for row in sheet.rows] == ["St Aidan"] * 3
    assert sheet.rows[1].cells[3:5] == ("none so far", "none so far")
    assert numbers(sheet) == [2, 3, 4]


def test_a_merged_title_is_no_heading() -> None:
    sheet = one(book([[], *LINES], merged((0, 0, 0, 3, "OUR ACCOUNTS"))), "list_xlsx")
    assert (sheet.heading_row, sheet.titles) == (2, ("OUR ACCOUNTS",))


def test_headings_in_two_rows_are_joined() -> None:
    rows = [
        ["", "Facebook", "", "Instagram", "", ""],
        ["Parish", "Link", "Admin", "Link", "Admin", "Notes"],
        ["St Aidan", "fb.com/aidan", "Jim", "instagram.com/aidan", "Ann", ""],
    ]
    areas = ((0, 1, 0, 2, "Facebook"), (0, 3, 0, 4, "Instagram"))
    want = (
        "Parish",
        "Facebook Link",
        "Facebook Admin",
        "Instagram Link",
        "Instagram Admin",
        "Notes",
    )
    for sheet in (
        one(book(rows, merged(*areas)), "list_xlsx"),
        one(
            book([["List"], *rows], merged(*[(t + 1, c, b + 1, d, x) for t, c, b, d, x in areas])),
            "a_xlsx",
        ),
    ):
        assert sheet.headings == want
        assert len(sheet.rows) == 1
        assert sheet.rows[0].cells[1] == "fb.com/aidan"
    text = one("\n".join(",".join(row) for row in rows))
    assert text.headings[:5] == want[:5]
    assert text.rows[0].cells == tuple(rows[2])


def test_headings_merged_over_two_rows_stand_once() -> None:
    rows = [
        ["Parish", "Facebook", "", "Notes"],
        ["", "Link", "Admin", ""],
        ["St Aidan", "fb.com/a", "Jim", "x"],
    ]
    areas = ((0, 0, 1, 0, "Parish"), (0, 1, 0, 2, "Facebook"), (0, 3, 1, 3, "Notes"))
    sheet = one(book(rows, merged(*areas)), "list_xlsx")
    assert sheet.headings == ("Parish", "Facebook Link", "Facebook Admin", "Notes")
    assert numbers(sheet) == [3]


def test_titles_between_rows_are_a_column() -> None:
    rows = [LINES[0], ["North Deanery"], *LINES[1:3], ["South Deanery"], LINES[3]]
    areas = ((1, 0, 1, 3, "North Deanery"), (4, 0, 4, 3, "South Deanery"))
    sheet = one(book(rows, merged(*areas)), "list_xlsx")
    assert sheet.headings[-1] == "Section"
    assert [row.cells[-1] for row in sheet.rows] == [
        "North Deanery",
        "North Deanery",
        "South Deanery",
    ]
    text = read(HEAD, "Facebook", BODY[0], BODY[1], "Instagram:", BODY[2])
    assert text.headings[-1] == "Platform"
    assert [row.cells[-1] for row in text.rows] == ["Facebook", "Facebook", "Instagram"]


def test_words_for_nothing_are_empty_and_counted_and_answers_are_not() -> None:
    data = (
        "Page name,2FA?,Last Name,Admin,Notes\n"
        "Youth,none,Null,don't know,#REF!\n"
        "Mass,No,Na,REDACTED FOR PRIVACY,#BEZUG!\n"
        "Web,n/a,n/a,keine Ahnung,Err:502\n"
    )
    (sheet,), empties = read_sheets([("list.csv", data.encode())], WordsForNothing(more=["mass"]))
    assert [row.cells for row in sheet.rows] == [
        ("Youth", "none", "Null", "", ""),
        ("", "No", "Na", "", ""),
        ("Web", "", "", "", ""),
    ]
    assert empties == {
        "don't know": 1,
        "#REF!": 1,
        "Mass": 1,
        "REDACTED FOR PRIVACY": 1,
        "#BEZUG!": 1,
        "n/a": 2,
        "keine Ahnung": 1,
        "Err:502": 1,
    }
