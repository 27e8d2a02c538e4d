"""Texts in the encodings that programs write: which it is, their letters tell."""

# Letters of many languages are written here as they are.
# ruff: noqa: RUF001

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiers import examples
from tests.unit.adopt.reading.books import one, refusals

TEXTS = {
    "German": "Name,Straße,Träger\nMüller,Große Höhe,Bücherei Süd\nÖzil,Äußere Höhe,Platz für alle",
    "French": "Nom,Équipe,Société\nHélène,Évêché d’Évry,Cœur créé à Noël\nFrançois,Forêt,où ça",
    "Spanish": "Nombre,Teléfono,Año\nPeñas,Dirección Única,¿Quién?\nNúñez,Málaga,Ávila",
    "Portuguese": "Nome,Função,São\nJoão,Comunicações,Ação\nConceição,Às vezes,Avó",
    "Italian": "Nome,Città,Perché\nNiccolò,Là giù,Più\nGesù,È così,Università",
    "Irish": "Name,Role,Town\nSíobhán Ní Bhriain,O’Brien,Dún Laoghaire\nSeán,Áine,Íde",
}
POLISH = "Nazwisko,Imię,Miasto\nŻółć,Łukasz,Gdańsk\nWiśniewska,Świętosława,Źródło\nKrzyś,Gałąź,Łódź"
WESTERN = ("cp1252", "mac-roman", "cp850")
NAMES = {
    "cp1252": "Windows-1252",
    "mac-roman": "Mac OS Roman",
    "cp850": "DOS code page 850",
    "cp1250": "Windows-1250",
    "iso8859-2": "ISO-8859-2",
    "cp852": "DOS code page 852",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "cp1253": "Windows-1253",
}


def rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def read(data: bytes) -> tuple[list[list[str]], tuple[str, ...]]:
    sheet = one(data)
    return [list(sheet.headings), *(list(map(str, row.cells)) for row in sheet.rows)], sheet.remarks


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", WESTERN)
def test_the_letters_of_a_text_tell_its_encoding(language: str, encoding: str) -> None:
    text = TEXTS[language]
    if encoding == "cp850":
        text = text.replace("’", "'").replace("œ", "oe")
    found, (remark,) = read(text.encode(encoding))
    assert found == rows(text)
    assert "does not say how it is encoded" in remark
    assert NAMES[encoding] in remark


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2", "cp852"])
def test_polish_is_polish(encoding: str) -> None:
    found, (remark,) = read(POLISH.encode(encoding))
    assert found == rows(POLISH)
    assert NAMES[encoding] in remark


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Имя,Город\nМария,Москва\nПётр,Тверь", "cp1251"),
        ("Имя,Город\nМария,Москва\nПетр,Тверь", "koi8-r"),
        ("Όνομα,Πόλη\nΜαρία,Αθήνα\nΓιώργος,Πάτρα", "cp1253"),
    ],
)
def test_other_scripts(text: str, encoding: str) -> None:
    found, (remark,) = read(text.encode(encoding))
    assert found == rows(text)
    assert NAMES[encoding] in remark


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_mark_says_the_encoding(mark: bytes, encoding: str) -> None:
    for text in (*TEXTS.values(), POLISH):
        assert read(mark + text.encode(encoding)) == (rows(text), ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding: str) -> None:
    for text in (*TEXTS.values(), POLISH):
        found, (remark,) = read(text.encode(encoding))
        assert found == rows(text)
        assert f"is read as {encoding.upper()}" in remark


@pytest.mark.parametrize("name", ["Tom O\u2019Brien", "TOM O\u2019BRIEN", "Jean d\u2019Arc"])
def test_an_apostrophe_alone_is_one(name: str) -> None:
    text = f"Name,Town\n{name},Cork"
    assert read(text.encode("cp1252"))[0] == rows(text)


def test_utf_8_needs_no_word() -> None:
    for text in (*TEXTS.values(), POLISH):
        assert read(text.encode()) == (rows(text), ())


def test_what_was_encoded_twice_is_put_right() -> None:
    for text in (TEXTS["French"], TEXTS["German"], POLISH):
        damaged = "".join(
            chr(byte)
            if 0x80 <= byte <= 0x9F and byte in b"\x81\x8d\x8f\x90\x9d"
            else bytes([byte]).decode("cp1252")
            for byte in text.encode()
        )
        found, (remark,) = read(damaged.encode())
        assert found == rows(text)
        assert "was encoded twice" in remark


def test_a_text_that_could_be_encoded_twice_and_is_not_stays_as_it_is() -> None:
    text = "Name,Note\nÂge,à â Ã\nMüller,É"
    assert read(text.encode()) == (rows(text), ())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Name,Town\nJosé,León\nMüller,".encode() + b"K\xf6ln\n", "list.csv:3: is UTF-8, and not"),
        (b"Name,Town\nAnn,\0Cork\n", "list.csv:2: is no text"),
        (b"\xff\xfeN\0a\0m\0e\0,\0\n\0x", "says that it is UTF-16-LE, and is not"),
        (bytes(range(1, 256)) * 20, "is no text"),
        (b"\xef\xbb\xbfName,Town\nAnn,\0Cork\n", "list.csv:2: has a NUL character"),
    ],
)
def test_what_is_broken_is_said_with_its_row(data: bytes, told: str) -> None:
    (problem,) = refusals(data)
    assert told in problem


WORDS = ["Müller", "Élan", "Größe", "señor", "naïve", "Coração", "più", "plain"]


@settings(max_examples=examples(100))
@given(st.lists(st.sampled_from(WORDS), min_size=3))
def test_words_of_the_west_are_read_whatever_they_are(words: list[str]) -> None:
    text = "Name,Town\n" + "\n".join(f"{word},Town {word}" for word in words)
    for encoding in ("cp1252", "utf-8", "utf-16"):
        assert read(text.encode(encoding))[0] == rows(text)
