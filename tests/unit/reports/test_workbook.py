"""The workbook as a program that opens it sees it: nothing is cut, sorted wrong, or run."""

from __future__ import annotations

import tracemalloc
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from xlsxwriter.utility import CHAR_WIDTHS, xl_col_to_name

from rolecall.controls.catalogue import catalogue
from rolecall.model import SEVERITIES
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.reports import action_assembly, workbook_sheets
from rolecall.reports.action_rows import ActionStep, numbered_steps
from rolecall.reports.assembly import document_of
from rolecall.reports.cell_lines import MOST_HIGH, cut_to_row, line_height, lines_of_cell
from rolecall.reports.document import ReportDocument
from rolecall.reports.facts import Facts, Holders
from rolecall.reports.report import FindingLine, Report
from rolecall.reports.unit_names import unit_names
from rolecall.reports.workbook_cells import put_row
from rolecall.reports.xlsx_report import xlsx_report
from rolecall.spreadsheet import REPORT_MARK, REPORT_SHEET
from rolecall.texts import texts_of
from rolecall.usecases.reporting.files import lines_of
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.role_holders import holders_of
from rolecall.vocabulary import Language
from tests.cloud import ROOT
from tests.sample_actions import SAMPLE_ACTIONS, with_actions
from tests.workbook_xml import BookXml, SheetXml, column_of

AS_OF = datetime(2026, 11, 2, tzinfo=UTC)
DIOCESE = ROOT / "examples" / "diocese"
IDS = ("id", "entity_id", "action_id", "finding_ids", "address", "account_id")
LANGUAGES: tuple[Language, ...] = ("en", "es")
NASTY = (
    '=HYPERLINK("https://evil.example","x")',
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "https://evil.example/",
    "internal:Sheet!A1",
    "{=1}",
)
MARKUP = (
    "<r><t>Somebody else</t></r>",
    "<r><t>never closed</r>",
    "<r></r>",
    "<r>& < > \" ' _x000D_ </r>",
    "<r>\u4e2d\u6587</r>",
)
ODD = (
    *NASTY,
    *MARKUP,
    *(
        "a & b",
        "a < b > c",
        '"quoted"',
        " before",
        "after ",
        "_x000D_",
        "_x003C_r",
        "\ufffe",
        "\x01",
    ),
    *("<r>", "</r>", "one\ntwo", "\u202eturned", "\u4e2d\u6587", "\U0001f511", "x" * 40_000, ""),
)
LONG = (
    "word " * 3_000,
    "x" * 9_000,
    "\u4e2d\u6587" * 4_000,
    "\u05d0\u05d1 " * 4_000,
    "\u0639\u0631\u0628" * 3_000,
    "\U0001f511 " * 3_000,
    "W" * 300,
    "a\u0301" * 2_000,
)


@cache
def audited() -> Report:
    snapshot = read_registry(DIOCESE, AS_OF.date()).snapshot
    return run_audit(snapshot, read_policy(find_policy(DIOCESE)), AS_OF, lambda _: None)


@cache
def document(language: Language = "en") -> ReportDocument:
    report = audited()
    facts = Facts(holders=holders_of(report.context), digest="0" * 64, language=language)
    made = document_of(report.heading(), lines_of(report)(), catalogue(), facts)
    return with_actions(made, 7)


def names() -> Holders:
    return unit_names(audited().context)


def written(language: Language = "en", findings: Iterable[FindingLine] | None = None) -> bytes:
    lines = lines_of(audited())() if findings is None else findings
    return b"".join(xlsx_report(document(language), lines, names()))


@cache
def book(language: Language = "en") -> BookXml:
    return BookXml(written(language))


def sheet(key: str, language: Language = "en") -> SheetXml:
    texts = texts_of(language)
    own = texts.words("workbook")
    return book(language).sheets[own[key] if key.startswith("sheet_") else reports(key, language)]


def reports(key: str, language: Language = "en") -> str:
    return texts_of(language).words("reports")[key]


def own(key: str, language: Language = "en") -> str:
    return texts_of(language).words("workbook")[key]


# -- nothing is cut --------------------------------------------------------------------------------


def slow_lines(text: str, width: float) -> int:
    """Return how many lines a text takes, sign by sign, by the widths that Excel has."""
    room = int(width * 7)
    lines = 0
    for part in text.split("\n"):
        used, lines = 0, lines + 1
        for number, word in enumerate(part.split(" ")):
            wide = sum(map(pixels, word))
            if number and used + 3 + wide <= room:
                used += 3 + wide
                continue
            if number and used:
                lines, used = lines + 1, 0
            for sign in word:
                if used + pixels(sign) > room:
                    lines, used = lines + 1, 0
                used += pixels(sign)
    return lines


def pixels(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    base = unicodedata.normalize("NFD", sign)[0]
    width: int = CHAR_WIDTHS.get(base, 15 if unicodedata.east_asian_width(sign) in "WF" else 11)
    return width


def assert_whole(made: BookXml) -> None:
    """Every text that is wrapped has room in its row."""
    seen = 0
    for name, one in made.sheets.items():
        if name in made.hidden:
            continue
        for (row, column), cell in one.cells.items():
            if cell.kind == "inlineStr" and (row == 1 or column not in ids(one)):
                seen += 1
                high = slow_lines(cell.text, one.widths[column]) * line_height(cell.text)
                assert high <= one.heights[row] <= MOST_HIGH, (name, row, column, cell.text[:80])
    assert seen > 1_000


def ids(one: SheetXml) -> set[int]:
    """Return the columns that hold ids, which stand on one line."""
    heads = {own(key, language) for key in IDS for language in LANGUAGES}
    found = {key[1] for key, cell in one.cells.items() if key[0] == 1 and cell.text in heads}
    if found:
        control = {reports("control", language) for language in LANGUAGES}
        found |= {key[1] for key, cell in one.cells.items() if key[0] == 1 and cell.text in control}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut_by_its_row(language: Language) -> None:
    assert_whole(book(language))


def test_no_text_is_cut_whatever_it_is() -> None:
    some = next(one for one in lines_of(audited())() if one.subject.kind == "account")
    lines = [
        replace(some, id=f"{number:032}", detail=text, label=text, remediation=text, record=text)
        for number, text in enumerate((*LONG, *NASTY))
    ]
    made = BookXml(written(findings=lines))
    assert_whole(made)
    told = made.sheets[reports("findings")].column(reports("what"))
    for cell, text in zip(told, LONG, strict=False):
        if len(text) > 8_000:
            # What a row has no room for is counted, and where it is stands there.
            assert cell.text.endswith("findings.json has them.")
            kept, _, said = cell.text.rpartition(" ... ")
            assert text.startswith(kept)
            left = int(said.split()[0])
            assert left == len(text) - len(kept) or text[len(kept) : len(text) - left].isspace()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400), st.integers(8, 90))
def test_lines_are_never_too_few(text: str, width: int) -> None:
    told = cut_to_row(text, width, "... {count} more")
    assert lines_of_cell(told, width) * line_height(told) <= MOST_HIGH
    if " " * 2 not in text:
        assert slow_lines(told, width) <= lines_of_cell(told, width)


# -- what cells hold -------------------------------------------------------------------------------


def test_nothing_of_data_is_run_or_followed() -> None:
    some = next(one for one in lines_of(audited())() if one.subject.kind == "account")
    lines = [
        replace(some, id=f"{number:032}", detail=text, label=text, remediation=text, entity=text)
        for number, text in enumerate(NASTY)
    ]
    made = BookXml(written(findings=lines))
    for one in made.sheets.values():
        assert one.formulas == []
    found = made.sheets[reports("findings")]
    assert found.links == {}
    told = [cell.text for cell in found.column(reports("what"))]
    assert told == [text.replace("\t", "\\t") for text in NASTY]
    assert {cell.kind for cell in found.column(reports("what"))} == {"inlineStr"}


def of_texts(texts: Iterable[str]) -> list[FindingLine]:
    some = next(one for one in lines_of(audited())() if one.subject.kind == "account")
    return [
        replace(some, id=f"{number:032}", detail=text, label=text, remediation=text, entity=text)
        for number, text in enumerate(texts)
    ]


def test_a_text_that_looks_like_markup_is_a_text() -> None:
    found = BookXml(written(findings=of_texts(MARKUP))).sheets[reports("findings")]
    for heading in (reports("what"), reports("where"), own("entity_id")):
        told = [cell.text.replace("_x005F_", "_") for cell in found.column(heading)]
        assert told == list(MARKUP)
    action = SAMPLE_ACTIONS[0]
    places = tuple(replace(action.places[0], label=text) for text in MARKUP)
    made = replace(document(), actions=(replace(action, places=places),))
    first = BookXml(b"".join(xlsx_report(made, (), names()))).sheets[own("sheet_actions")]
    told = [cell.text.replace("_x005F_", "_") for cell in first.column(reports("where"))]
    assert list(dict.fromkeys(told)) == list(MARKUP)


def test_a_row_is_the_same_as_xlsxwriter_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*lines_of(audited())(), *of_texts(ODD)]
    taken = []

    def counting(*row: Any) -> bool:
        taken.append(put_row(*row))
        return taken[-1]

    monkeypatch.setattr(workbook_sheets, "put_row", counting)
    quick = written(findings=lines)
    # Nearly all go the short way, and some of those that may not are among them.
    assert 0 < taken.count(False) < len(taken) / 5
    monkeypatch.setattr(workbook_sheets, "put_row", lambda *_: False)
    assert written(findings=lines) == quick


def test_links_are_those_of_places_alone() -> None:
    wanted = [place.url for one in SAMPLE_ACTIONS for place in one.places if place.url]
    assert sorted(sheet("sheet_actions").links.values()) == sorted(wanted)
    assert all(not one.links for name, one in book().sheets.items() if name != own("sheet_actions"))
    bad = ["javascript:alert(1)", "file:///etc/passwd", "https://x.example/\u202e", "", "x" * 9]
    action = SAMPLE_ACTIONS[0]
    places = tuple(replace(action.places[0], url=url) for url in (*bad, "https://x/" + "y" * 3_000))
    made = replace(document(), actions=(replace(action, places=places),))
    data = b"".join(xlsx_report(made, (), names()))
    assert BookXml(data).sheets[own("sheet_actions")].links == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_severities_sort_by_rank(language: Language) -> None:
    told = [cell.text for cell in sheet("findings", language).column(reports("severity", language))]
    assert told == sorted(told)
    assert list(dict.fromkeys(told)) == [
        f"{rank} {reports(one, language)}" for rank, one in enumerate(SEVERITIES, 1)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_days(language: Language) -> None:
    cells = sheet("findings", language).column(reports("since", language))
    assert {cell.kind for cell in cells} == {"n"}
    days = {date(1899, 12, 30) + timedelta(int(cell.text)) for cell in cells}
    assert days == {line.first_seen.date() for line in lines_of(audited())()}
    formats = {book(language).format_of(cell.style) for cell in cells}
    assert formats == {own("day_format", language)}


def test_names_stand_beside_ids() -> None:
    found = sheet("findings")
    called = [cell.text for cell in found.column(reports("entity"))]
    entities = [cell.text for cell in found.column(own("entity_id"))]
    assert called == [names().entities.get(id_, "") for id_ in entities]
    heads = [cell.text for cell in found.column(own("head"))]
    assert heads == [names().heads.get(id_, "") for id_ in entities]
    assert len(set(heads)) > 5
    assert [cell.text for cell in found.column(own("id"))] == [
        line.id for line in lines_of(audited())() if line.subject.kind != "incident"
    ]


# -- paper, and what is filled in ------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_is_fit_for_paper(language: Language) -> None:
    made = book(language)
    for number, (name, one) in enumerate(made.sheets.items()):
        if name in made.hidden:
            continue
        assert len(name) <= 31
        (paper,) = one.named("pageSetup")
        told = paper.attrib
        assert (told["orientation"], told["paperSize"], told["fitToHeight"]) == (
            "landscape",
            "9",
            "0",
        )
        assert one.named("pageSetUpPr")[0].get("fitToPage") == "1"
        (foot,), (head,) = one.named("oddFooter"), one.named("oddHeader")
        assert "&P" in (foot.text or "")
        assert "&N" in (foot.text or "")
        assert reports("title", language) in (head.text or "")
        area = made.names["_xlnm.Print_Area", number]
        assert area is not None
        last = column_of(area.rpartition(":")[2].replace("$", ""))
        # At least half of the size at which it was written: a page is 1,046 pixels wide.
        assert 1_046 / sum(one.widths[at] * 7 for at in range(last + 1)) > 0.5
        if one.named("autoFilter"):
            assert made.names["_xlnm.Print_Titles", number] == f"'{name}'!$1:$1" or name.isalpha()
            assert one.named("pane")[0].get("topLeftCell") == "A2"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["sheet_actions", "findings"])
def test_who_by_when_and_done_are_chosen(key: str, language: Language) -> None:
    found = sheet(key, language)
    rules = {one.get("sqref", "").split(":")[0]: one for one in found.named("dataValidation")}
    heads = {cell.text: at[1] for at, cell in found.cells.items() if at[0] == 1}
    first = {
        name: f"{xl_col_to_name(heads[own(name, language)])}2"
        for name in ("who", "by_when", "done")
    }
    done = rules[first["done"]]
    told = done[0].text or ""
    words = [own(name, language) for name in ("done_yes", "done_started", "done_no")]
    assert (done.get("type"), told) == ("list", f'"{",".join(words)}"')
    assert rules[first["by_when"]].get("type") == "date"
    who = rules[first["who"]]
    # Whoever is not on the list may be written there too.
    assert (who.get("type"), who.get("showErrorMessage")) == ("list", None)
    where = (who[0].text or "").rpartition("$")[2]
    hidden = book(language).sheets[REPORT_SHEET]
    people = [hidden.cells[row, 0].text for row in range(2, int(where) + 1)]
    assert people == sorted(set(people))
    assert "Mateus Winterbourne" in people


def test_a_hidden_sheet_says_which_run_it_is() -> None:
    assert book().hidden == [REPORT_SHEET]
    told = book().sheets[REPORT_SHEET]
    assert told.cells[1, 0].text == REPORT_MARK
    assert document().run.id in [cell.text for cell in told.cells.values()]


def test_what_is_beyond_is_said() -> None:
    first = sheet("sheet_actions")
    rows = {at[0] for at in first.cells}
    assert [text for text in first.row(max(rows)) if text] == [
        f"7 {own('more_actions').partition(' ')[2]}"
    ]
    empty = replace(document(), actions=(), more_actions=0)
    made = BookXml(b"".join(xlsx_report(empty, (), names())))
    assert set(made.sheets) == set(book().sheets)


def test_the_same_bytes_twice() -> None:
    assert written() == written()


def test_everybody_is_there_who_holds_something_or_is_shown_by_a_platform() -> None:
    accounts = document().accounts
    assert accounts is not None
    wanted = [
        *((one.label, held.name) for one in accounts for held in one.holders),
        *((one.label, shown.name) for one in accounts for shown in one.observed if shown.name),
    ]
    found = sheet("holders")
    places, people = (
        [cell.text for cell in found.column(reports(key))] for key in ("account", "name")
    )
    told = set(zip(places, people, strict=False))
    assert {one for one in wanted if one not in told} == set()
    assert any(one.observed for one in accounts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_explained(language: Language) -> None:
    terms = [cell.text for cell in sheet("glossary", language).column(own("term", language))]
    assert terms == [one["term"] for one in texts_of(language).groups("glossary").values()]


def test_rows_that_are_written_are_not_kept_in_memory() -> None:
    some = next(lines_of(audited())())

    def peak(count: int) -> int:
        lines = (replace(some, id=f"{one:032}", detail=f"{one} x {one}") for one in range(count))
        made = document()
        tracemalloc.start()
        try:
            for _ in xlsx_report(made, lines, names()):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    few, many = peak(200), peak(2_200)
    # What is measured once is remembered, for at most so many texts; rows would be more.
    assert many - few < 2_000 * 500


def test_steps_are_there_to_the_last_however_many_there_are() -> None:
    steps = tuple(
        ActionStep(f"Step {one}: " + "press what is there " * 9, (f"How {one}.",))
        for one in range(30)
    )
    action = SAMPLE_ACTIONS[0]
    places = (replace(action.places[0], steps=steps),)
    made = replace(document(), actions=(replace(action, places=places),), more_actions=0)
    book_of_one = BookXml(b"".join(xlsx_report(made, (), names())))
    found = book_of_one.sheets[own("sheet_actions")]
    told = "\n".join(cell.text for cell in found.column(own("how")))
    assert told == "\n".join(f"{one} {step}" for one, step in numbered_steps(steps))
    titles = [cell.text for cell in found.column(own("what_to_do"))]
    assert titles[0] == action.title
    assert set(titles[1:]) == {own("goes_on").format(title=action.title)}
    # Beside the first alone there is something to fill in.
    done = {at[1] for at, cell in found.cells.items() if cell.text == own("done")}
    assert [at[0] for at in found.cells if at[1] in done] == [1, 2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_example_is_left_out_for_want_of_room(language: Language) -> None:
    report = audited()
    facts = Facts(holders=holders_of(report.context), digest="0" * 64, language=language)
    lines = list(lines_of(report)())
    plain = document_of(report.heading(), lines, catalogue(), facts)
    made = action_assembly.with_actions(plain, report.actions, facts)
    assert made.actions
    for one in BookXml(b"".join(xlsx_report(made, lines, names()))).sheets.values():
        assert not [
            cell for cell in one.cells.values() if cell.text.endswith(own("cut", language)[-20:])
        ]
