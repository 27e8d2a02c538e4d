"""People out of a cell: who stands there, in the ways in which people write it."""

# Apostrophes are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest

from rolecall.adopt.mentions import PersonMention
from rolecall.adopt.people import people_in


def read(cell: str) -> list[PersonMention]:
    return people_in(cell, "administrator", "sheet.csv, row 2, column Admin")


def names(cell: str) -> list[str]:
    """Return whom a cell names, by the reading that its shape gives."""
    found = []
    for mention in read(cell):
        several = mention.parts if mention.is_several else (mention,)
        found += [one.name or one.email for one in several if one.kind in ("person", "agency")]
    return found


SEVERAL = [
    ("Fr. Tom O’Brien / Maureen Kelly", ["Tom O’Brien", "Maureen Kelly"]),
    ("Maureen, Fr Tom", ["Maureen", "Tom"]),
    ("Peter & Maureen", ["Peter", "Maureen"]),
    ("Peter Nolan\nMaureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("Peter Nolan\r\nMaureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("• Peter Nolan\n• Maureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("- Peter Nolan\n- Maureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("1. Peter Nolan\n2) Maureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("Peter Nolan; Maureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("Peter Nolan | Maureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("Peter Nolan + Maureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("Peter Nolan and Maureen Kelly", ["Peter Nolan", "Maureen Kelly"]),
    ("Peter Nolan, Maureen Kelly and Jim Doyle", ["Peter Nolan", "Maureen Kelly", "Jim Doyle"]),
    ("Peter Nolan, Maureen Kelly, and Jim Doyle", ["Peter Nolan", "Maureen Kelly", "Jim Doyle"]),
    ("Hans Müller und Karl Weber", ["Hans Müller", "Karl Weber"]),
    ("Jean Dupont et Marie Petit", ["Jean Dupont", "Marie Petit"]),
    ("Ana García y Luis Pérez", ["Ana García", "Luis Pérez"]),
    ("Marco Rossi e Lucia Bianchi", ["Marco Rossi", "Lucia Bianchi"]),
    ("João Silva e Ana Santos", ["João Silva", "Ana Santos"]),
    ("Jan de Vries en Piet van den Berg", ["Jan de Vries", "Piet van den Berg"]),
    ("Jan Kowalski i Anna Nowak", ["Jan Kowalski", "Anna Nowak"]),
    (
        "Zbych Brzoza i Wit Sosna i Ziemowit Lipa i Anna Nowak",
        ["Zbych Brzoza", "Wit Sosna", "Ziemowit Lipa", "Anna Nowak"],
    ),
    ("Xurxo Bouza y Brais Souto y Iago Rial", ["Xurxo Bouza", "Brais Souto", "Iago Rial"]),
    ("Zeferina Costa e Silva e Ilda Reis", ["Zeferina Costa e Silva", "Ilda Reis"]),
    ("Jan Kowalski oraz Anna Nowak", ["Jan Kowalski", "Anna Nowak"]),
    ("Kelly, Maureen; Nolan, Peter", ["Maureen Kelly", "Peter Nolan"]),
    ("Kelly, Maureen\nNolan, Peter", ["Maureen Kelly", "Peter Nolan"]),
    ("Kelly, Maureen, Nolan, Peter", ["Maureen Kelly", "Peter Nolan"]),
    ("Maureen Kelly <m@x.example>, Peter Nolan <p@x.example>", ["Maureen Kelly", "Peter Nolan"]),
    ("Maureen Kelly m@x.example Peter Nolan p@x.example", ["Maureen Kelly", "Peter Nolan"]),
    ("m@x.example p@x.example", ["m@x.example", "p@x.example"]),
    ("m@x.example, p@x.example", ["m@x.example", "p@x.example"]),
    ("Maureen Kelly & WebFix Ltd", ["Maureen Kelly", "WebFix Ltd"]),
    ("WebFix, Maureen Kelly", ["WebFix", "Maureen Kelly"]),
    (
        '"Kelly, Maureen" <m@x.example>; "Nolan, Peter" <p@x.example>',
        ["Maureen Kelly", "Peter Nolan"],
    ),
    ("Kelly, Maureen <m@x.example>; Nolan, Peter <p@x.example>", ["Maureen Kelly", "Peter Nolan"]),
    ("Pfarrsekretärin Anna Maier (Redakteurin), Hans Huber (Admin)", ["Anna Maier", "Hans Huber"]),
    ("Mr & Mrs Smith", ["Smith"]),
    ("Fr Tom, Fr John & Sr. Mary", ["Tom", "John", "Mary"]),
    ("ks. Jan Kowalski, s. Maria Nowak", ["Jan Kowalski", "Maria Nowak"]),
    ("Dhr. J. de Vries en mevr. A. Jansen", ["J. de Vries", "A. Jansen"]),
    ("Maureen Kelly and 2 others", ["Maureen Kelly"]),
    ("Jim Doyle => Ann Smith", ["Jim Doyle", "Ann Smith"]),
    ("was Jim Doyle, now Ann Smith", ["Jim Doyle", "Ann Smith"]),
]


@pytest.mark.parametrize(("cell", "people"), SEVERAL)
def test_several_people_stand_in_one_cell(cell: str, people: list[str]) -> None:
    assert names(cell) == people


ONE = [
    ("Kelly, Maureen", "Maureen Kelly"),
    ("Ní Bhriain, Síobhán", "Síobhán Ní Bhriain"),
    ("O’Brien, Tom", "Tom O’Brien"),
    ("van der Berg, Jan", "Jan van der Berg"),
    ("García López, María José", "María José García López"),
    ("José Ortega y Gasset", "José Ortega y Gasset"),
    ("Costa e Silva", "Costa e Silva"),
    ("Mary Smith-Jones", "Mary Smith-Jones"),
    ("Maureen Kelly, Secretary", "Maureen Kelly"),
    ("Secretary: Maureen Kelly", "Maureen Kelly"),
    ("Parish Secretary Maureen Kelly", "Maureen Kelly"),
    ("Maureen Kelly (Secretary)", "Maureen Kelly"),
    ("Maureen Kelly - parish secretary", "Maureen Kelly"),
    ("Maureen Kelly 087 123 4567", "Maureen Kelly"),
    ("Maureen Kelly, +353 87 123 4567", "Maureen Kelly"),
    ("Maureen Kelly <m.kelly@x.example>", "Maureen Kelly"),
    ("Maureen Kelly (m.kelly@x.example)", "Maureen Kelly"),
    ("Maureen Kelly, m.kelly@x.example", "Maureen Kelly"),
    ("m.kelly@x.example (Maureen Kelly)", "Maureen Kelly"),
    ("c/o Maureen Kelly", "Maureen Kelly"),
    ("Dean Murphy", "Dean Murphy"),
    ("Don Byrne", "Don Byrne"),
    ("M. Kelly", "M. Kelly"),
    ("maureen kelly", "maureen kelly"),
    ("Tom Lee MA", "Tom Lee"),
    ("Ks. proboszcz Jan Kowalski", "Jan Kowalski"),
    ("Communications Office (Ann Smith)", "Ann Smith"),
    ("Ann Smith, Communications Office", "Ann Smith"),
    ("Maureen knows", "Maureen"),
    ("Maureen Kelly's phone", "Maureen Kelly"),
    ("Very Rev. Canon Tom O'Brien PP, VG", "Tom O'Brien"),
    ("Jim Doyle until 2023", "Jim Doyle"),
    ("Jim Doyle (since 2019)", "Jim Doyle"),
    ("Tom Lee, PhD", "Tom Lee"),
]


@pytest.mark.parametrize(("cell", "person"), ONE)
def test_one_person_stands_in_a_cell(cell: str, person: str) -> None:
    assert names(cell) == [person]


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Fr",
            "Fr.",
            "Rev.",
            "Very Rev.",
            "Msgr.",
            "Canon",
            "Sr",
            "Sr.",
            "Bro.",
            "Dr",
            "Dr.",
            "Mrs",
        ),
        *(
            "Mr.",
            "Prof.",
            "Bishop",
            "Deacon",
            "Herr",
            "Frau",
            "Pfr.",
            "Pfarrer",
            "Diakon",
            "Dipl.-Ing.",
        ),
        *("Mme", "Monsieur", "Père", "Abbé", "Soeur", "Mgr", "Don", "Doña", "Padre", "D.ª", "Sra."),
        *(
            "Sig.ra",
            "Suor",
            "Dott.",
            "Dott.ssa",
            "Irmã",
            "Pe.",
            "Dhr.",
            "Mevr.",
            "Pastoor",
            "Ks.",
            "Pan",
        ),
        *("Siostra", "Prof. Dr.", "Rev. Fr."),
    ],
)
def test_a_title_is_no_part_of_a_name(title: str) -> None:
    assert names(f"{title} Anna Maier") == ["Anna Maier"]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "me",
            "everyone",
            "office",
            "the office",
            "IT dept",
            "IT",
            "don't know",
            "don’t know",
            "nobody",
        ),
        *(
            "former secretary",
            "Parish office",
            "youth leaders",
            "Volunteers",
            "same as above",
            "Vacant",
        ),
        *(
            "n/a",
            "TBD",
            "The Principal",
            "all staff",
            "webmaster",
            "Social Media Team",
            "2 admins",
            "?",
        ),
        *("nobody can get in since Jim left!!", "keiner", "weiß nicht", "Pfarrbüro", "Sekretariat"),
        *("je ne sais pas", "tout le monde", "secrétariat", "no sé", "nadie", "oficina parroquial"),
        *(
            "non so",
            "segreteria",
            "ufficio",
            "não sei",
            "ninguém",
            "secretaria",
            "weet ik niet",
            "kantoor",
        ),
        *(
            "nie wiem",
            "nikt",
            "kancelaria",
            "REDACTED FOR PRIVACY",
            "info@x.example",
            "pfarrbuero@x.example",
        ),
        *(
            "staidan.office@gmail.com",
            "parish.office@x.example",
            "webmaster@x.example",
            "(blank)",
            "-",
        ),
    ],
)
def test_what_is_no_person_names_nobody(cell: str) -> None:
    assert names(cell) == []


def test_what_names_nobody_can_be_said() -> None:
    assert [(m.kind, m.name) for m in read("Maureen Kelly; IT dept")] == [
        ("person", "Maureen Kelly"),
        ("nobody", "IT dept"),
    ]


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("Peter Nolan (admin), Ann Smith - editor", ["admin", "editor"]),
        ("Peter (admin), Ann (editor)", ["admin", "editor"]),
        ("Admin: Peter Nolan; Editor: Ann Smith", ["admin", "editor"]),
        ("Peter Nolan: owner\nAnn Smith: analyst", ["owner", "analyst"]),
        ("Peter Nolan [page owner]", ["owner"]),
        ("Hans Maier (Redakteur), Karl Weber (Inhaber)", ["editor", "owner"]),
        ("Jean Petit (rédacteur) et Marie Roux (administratrice)", ["editor", "admin"]),
        ("Jan Kowalski (redaktor), Ewa Nowak (właściciel)", ["editor", "owner"]),
        ("Maureen Kelly (Secretary)", [""]),
        ("Owner: Ann Smith, Editors: Bo Lee, Cy Young", ["owner", "editor", "editor"]),
        ("Editors: Ann Smith & Bo Lee", ["editor", "editor"]),
        ("Maureen Kelly, Communications Manager", [""]),
    ],
)
def test_a_role_is_that_of_whom_it_stands_beside(cell: str, roles: list[str]) -> None:
    assert [mention.role for mention in read(cell)] == roles


@pytest.mark.parametrize(
    "name",
    [
        *(
            "WebFix Ltd (agency)",
            "WebFix Ltd.",
            "Mediahaus GmbH",
            "Müller & Söhne GmbH",
            "Studio Nord SARL",
        ),
        *(
            "Diseño Sol S.L.",
            "Reclame B.V.",
            "Mediaworks Sp. z o.o.",
            "Agenzia Blu S.r.l.",
            "Rede Lda.",
        ),
        *(
            "WebFix LLC",
            "Brightspark Media",
            "WebFix, Inc.",
            "WebFix (web agency)",
            "Werbeagentur Nord",
            "WebFix (Agentur)",
        ),
    ],
)
def test_a_firm_is_an_agency_and_one(name: str) -> None:
    assert [mention.kind for mention in read(name)] == ["agency"]


def test_an_address_of_an_office_is_not_that_of_whom_it_reaches() -> None:
    (mention,) = read("Maureen Kelly <office@x.example>")
    assert (mention.name, mention.email, mention.kind) == ("Maureen Kelly", "", "person")


@pytest.mark.parametrize("cell", ["Jim?", "maybe Jim", "Jim (?)", "probably Jim", "Jim (I think)"])
def test_a_doubt_is_kept(cell: str) -> None:
    (mention,) = read(cell)
    assert (mention.name, mention.remark) == ("Jim", "?")


@pytest.mark.parametrize(
    "cell", ["Jim Doyle (left)", "former: Jim Doyle", "ex-secretary Jim Doyle"]
)
def test_that_somebody_left_is_kept(cell: str) -> None:
    (mention,) = read(cell)
    assert mention.name == "Jim Doyle"
    assert mention.remark


@pytest.mark.parametrize(
    "cell",
    ["🌟 Ann Dale", "Ann Dale 🎸", "👩🏽\u200d🏫 Ann Dale", "Ann Dale ❤\ufe0f", "☎ Ann Dale"],
)
def test_a_picture_is_no_part_of_a_name(cell: str) -> None:
    assert names(cell) == ["Ann Dale"]
