"""The reports for people: the same in every format, the same every time, and inert."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace
from pypdf import PdfReader

from rolecall.controls.catalogue import catalogue
from rolecall.model import SEVERITIES, Policy, Snapshot
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.reports.assembly import document_of
from rolecall.reports.covered import COVERED, is_covered
from rolecall.reports.document import MOST_ENTITIES, MOST_ROWS, ReportDocument
from rolecall.reports.facts import Facts
from rolecall.reports.formats import KEPT
from rolecall.reports.html_report import html_report
from rolecall.reports.markdown_report import markdown_report
from rolecall.reports.pdf_report import _sign, pdf_report
from rolecall.reports.report import Report
from rolecall.reports.xlsx_report import xlsx_report
from rolecall.spreadsheet import REPORT_SHEET
from rolecall.texts import texts_of
from rolecall.usecases.reporting.files import files_of, lines_of
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.role_holders import holders_of
from tests.cloud import ROOT
from tests.tiers import examples, some

AS_OF = datetime(2026, 11, 2, tzinfo=UTC)
EXAMPLE = ROOT / "examples" / "diocese"
WORDS = texts_of("en").words("reports")
CHECKPOINT = "diocese.example/audit/ab\n12\nZm9v\n\n\u2014 diocese.example/audit Zm9vYmFy\n"


@cache
def example() -> tuple[Snapshot, Policy]:
    return read_registry(EXAMPLE, AS_OF.date()).snapshot, read_policy(find_policy(EXAMPLE))


def document_for(
    report: Report, checkpoint: str, most: int = MOST_ROWS, *, with_incidents: bool = False
) -> ReportDocument:
    facts = Facts(
        holders=holders_of(report.context),
        checkpoint=checkpoint,
        digest="0" * 64,
        with_incidents=with_incidents,
    )
    return document_of(report.heading(), lines_of(report)(), catalogue(), facts, most=most)


def written(report: Report) -> dict[str, bytes]:
    facts = Facts(holders=holders_of(report.context), checkpoint=CHECKPOINT)
    made = files_of(report.heading(), lines_of(report), facts)
    return {name: b"".join(pieces) for name, pieces in made}


@cache
def audited() -> Report:
    return run_audit(*example(), AS_OF, lambda _: None)


@cache
def document() -> ReportDocument:
    return document_for(audited(), CHECKPOINT)


@cache
def files() -> dict[str, bytes]:
    return written(audited())


def test_every_report_is_there_and_the_same_every_time() -> None:
    assert set(files()) == set(KEPT)
    assert written(run_audit(*example(), AS_OF, lambda _: None)) == files()


# -- all of them say the same ----------------------------------------------------------------------


class Page(HTMLParser):
    """What stands in a page: its tags, its texts, and the cells of its rows."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self._is_cell = False
        self.feed(data.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(f"{tag}.{name}", value) for name, value in attrs]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self._is_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._is_cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._is_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def findings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files()["findings.json"])["findings"]
    return found


def is_told(one: dict[str, Any]) -> bool:
    """Tell whether pages without an annex tell of a finding."""
    return one["status"] not in ("resolved", "waived") and one["subject"]["kind"] != "incident"


def standing() -> dict[str, int]:
    return {
        severity: sum(
            one["severity"] == severity and one["status"] not in ("resolved", "waived")
            for one in findings()
        )
        for severity in SEVERITIES
    }


def test_the_document_counts_what_the_findings_are() -> None:
    made = document()
    assert made.summary.standing == standing()
    told = made.standing - made.left_out_standing
    assert sum(sum(section.standing.values()) for section in made.entities) == told
    assert sum(section.standing for section in made.controls) == made.standing
    shown = [row.id for section in made.entities for row in section.rows]
    assert sorted(shown) == sorted(one["id"] for one in findings() if is_told(one))
    assert made.worst == tuple(sorted(made.worst, key=lambda row: SEVERITIES.index(row.severity)))
    for requirement in chain.from_iterable(one.requirements for one in made.frameworks):
        expected = sum(
            one["control"] in requirement.controls and one["status"] not in ("resolved", "waived")
            for one in findings()
        )
        assert requirement.standing == expected


SEVERE = tuple(WORDS[severity] for severity in SEVERITIES)


def test_the_page_says_the_same() -> None:
    page = Page(files()["report.html"])
    told = {one["id"]: one for one in findings() if is_told(one)}
    ids = [str(value) for name, value in page.attributes if name == "tr.id"]
    assert sorted(ids) == sorted(f"finding-{id_}" for id_ in told)
    # The cells of a finding: how severe it is, where, and what is wrong.
    rows = [row for row in page.rows if len(row) == 3 and row[0].startswith(SEVERE)]
    shown = rows[len(document().worst) :]
    by_severity = Counter(row[0].split()[0] for row in shown)
    assert by_severity == Counter(WORDS[one["severity"]] for one in told.values())
    for row, id_ in zip(shown, ids, strict=True):
        assert row[2].startswith(told[id_.removeprefix("finding-")]["detail"])
    # Nothing of Python stands where a word should.
    assert "<built-in" not in page.text


def test_the_page_names_the_head_of_each_entity() -> None:
    people = {one.id: one.name for one in example()[0].people}
    heads = {one.id: people[one.head_id] for one in example()[0].entities if one.head_id in people}
    shown = {section.id: section.head for section in document().entities}
    assert len(heads.keys() & shown.keys()) > 10
    assert shown == {id_: heads.get(id_, "") for id_ in shown}
    text = Page(files()["report.html"]).text
    assert all(f"{WORDS['head']}: {name}" in text for name in shown.values() if name)


def test_the_workbook_says_the_same() -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(files()["report.xlsx"]))
    own = texts_of("en").words("workbook")
    assert book.sheet_names == [
        # Of a first run nothing can have changed.
        *(own["sheet_actions"], WORDS["summary"], WORDS["findings"]),
        *(WORDS["waivers"], WORDS["holders"], own["sheet_frameworks"], own["sheet_coverage"]),
        *(WORDS["unchecked"], WORDS["glossary"], REPORT_SHEET),
    ]
    head, *rows = book.get_sheet_by_name(WORDS["findings"]).to_python()
    at = {str(name): number for number, name in enumerate(head)}
    columns = WORDS["severity"], WORDS["what"], WORDS["control"], own["id"]
    told = [tuple(row[at[name]] for name in columns) for row in rows]
    ranks = {one: f"{rank} {WORDS[one]}" for rank, one in enumerate(SEVERITIES, 1)}
    assert told == [
        (ranks[one["severity"]], one["detail"], one["control"], one["id"])
        for one in findings()
        if one["subject"]["kind"] != "incident"
    ]
    accepted = book.get_sheet_by_name(WORDS["waivers"]).to_python()[1:]
    assert len(accepted) == len(document().accepted)
    required = book.get_sheet_by_name(own["sheet_frameworks"]).to_python()[1:]
    assert [row[1] for row in required] == [
        one.name for section in document().frameworks for one in section.requirements
    ]
    pairs = book.get_sheet_by_name(WORDS["summary"]).to_python()[2:]
    summary = {str(name): value for name, value in pairs}
    assert summary[WORDS["standing"]] == document().standing
    for severity, count in standing().items():
        assert summary[WORDS[severity]] == count


def batches(archive: bytes) -> list[list[dict[str, Any]]]:
    """Return what stands in the files of an archive for AWS Security Hub."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [json.loads(opened.read(name)) for name in opened.namelist()]


def test_the_table_and_the_feeds_say_the_same() -> None:
    rows = list(csv.DictReader(io.StringIO(files()["findings.csv"].decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [one["id"] for one in findings()]
    hub = [one for batch in batches(files()["findings.asff.zip"]) for one in batch]
    assert [one["Id"] for one in hub] == [f"rolecall/{one['id']}" for one in findings()]
    for one, finding in zip(hub, findings(), strict=True):
        assert one["Severity"]["Label"] == finding["severity"].upper()
        assert one["Compliance"]["Status"] == "FAILED"
        is_waived = finding["status"] == "waived"
        assert (one["Workflow"]["Status"] == "SUPPRESSED") == is_waived
        assert len(one["Title"]) <= 256
        assert len(one["Description"]) <= 1_024
    assert len(json.loads(files()["findings.ocsf.json"])) == len(findings())


def test_every_format_has_the_same_findings() -> None:
    """Ids are equal everywhere; pages leave out incidents alone, and say how many."""
    wanted = [one["id"] for one in findings()]
    table = csv.DictReader(io.StringIO(files()["findings.csv"].decode("utf-8-sig")))
    feed = json.loads(files()["findings.ocsf.json"])
    hub = [one for batch in batches(files()["findings.asff.zip"]) for one in batch]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(files()["report.xlsx"]))
    head, *rows = book.get_sheet_by_name(WORDS["findings"]).to_python()
    at = head.index(texts_of("en").words("workbook")["id"])
    assert [row["id"] for row in table] == wanted
    assert [one["finding_info"]["uid"] for one in feed] == wanted
    assert [one["Id"].removeprefix("rolecall/") for one in hub] == wanted
    incidents = {one["id"] for one in findings() if one["subject"]["kind"] == "incident"}
    assert incidents
    assert [row[at] for row in rows] == [id_ for id_ in wanted if id_ not in incidents]
    assert sum(document().left_out.values()) == len(incidents)


def test_the_ticket_says_the_same() -> None:
    text = files()["report.md"].decode()
    for severity, count in standing().items():
        assert f"| {WORDS[severity]} | {count} |" in text
    worst = len(document().worst)
    rows = [line for line in text.splitlines() if line.count(" | ") == 3]
    by_entity = rows[worst + 1 :]
    shown = [row for row in by_entity if not row.startswith(f"| {WORDS['severity']}")]
    assert len(shown) == len([one for one in findings() if is_told(one)])


@cache
def pdf() -> tuple[PdfReader, str]:
    """Return the PDF, and its text without the places where lines may break."""
    reader = PdfReader(io.BytesIO(files()["report.pdf"]))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def test_the_pdf_says_the_same() -> None:
    reader, text = pdf()
    whole = squeezed(text)
    for one in findings():
        if is_told(one):
            assert squeezed(one["detail"]) in whole, one["detail"]
    first, second = (squeezed(page.extract_text()) for page in reader.pages[:2])
    assert squeezed(f"{standing()['critical']} critical findings stand") in first
    assert f"{document().standing:,}" in second
    for severity, count in standing().items():
        assert f"{count}{severity}" in second
    assert [str(item["/Title"]) for item in reader.outline if isinstance(item, dict)][:3] == [
        WORDS["actions"],
        WORDS["summary"],
        WORDS["by_entity"],
    ]
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    marks = root["/Metadata"].get_object().get_data().decode()
    for mark in ("pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert mark in marks


def test_digest_and_checkpoint_can_be_copied_from_the_pdf() -> None:
    _, text = pdf()
    assert hashlib.sha256(files()["findings.json"]).hexdigest() in text
    for line in CHECKPOINT.splitlines():
        assert line in text


def test_the_last_page_says_how_to_verify() -> None:
    page = Page(files()["report.html"])
    assert CHECKPOINT.splitlines()[0] in page.text
    assert hashlib.sha256(files()["findings.json"]).hexdigest() in page.text
    without = document_for(audited(), "")
    assert WORDS["no_checkpoint"] in Page(b"".join(html_report(without))).text


def test_the_worst_are_severe_then_back_then_old() -> None:
    report = audited()
    some = next(line for line in lines_of(report)() if line.subject.kind == "account")
    wanted = [
        *[("critical", "regressed", 5), ("critical", "regressed", 1), ("critical", "open", 9)],
        *[("critical", "new", 0), ("high", "regressed", 3)],
        *[("high", "open", days) for days in range(20, 10, -1)],
    ]
    lines = [
        replace(
            some,
            id=f"{99 - number:032}",
            severity=severity,
            status=status,
            first_seen=AS_OF - timedelta(days),
        )
        for number, (severity, status, days) in enumerate(wanted)
    ]
    # Findings come by severity, and within one as it happens.
    given = [*lines[3::-1], *lines[:3:-1]]
    made = document_of(report.heading(), given, catalogue(), Facts())
    assert [row.id for row in made.worst] == [line.id for line in lines[:10]]


def test_very_many_findings_are_counted_and_the_worst_shown() -> None:
    short = document_for(audited(), "", 15)
    shown = sum(len(section.rows) for section in short.entities)
    hidden = sum(section.more for section in short.entities)
    assert (shown, shown + hidden) == (15, short.standing - short.left_out_standing)
    assert short.summary == document().summary
    # Pages show some of the accounts, the workbook all that are given.
    accounts = document().accounts
    assert short.accounts == accounts
    assert accounts is not None
    few = replace(short, accounts=accounts[:20], more_accounts=len(accounts) - 20)
    said = WORDS["more_accounts"].format(count=len(accounts) - 15)
    page = Page(b"".join(html_report(few)))
    assert "findings.csv" in page.text
    assert said in page.text
    pages = PdfReader(io.BytesIO(pdf_report(few))).pages
    assert squeezed(said) in squeezed("".join(page.extract_text() for page in pages))
    book = b"".join(xlsx_report(few, lines_of(audited())()))
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    said = WORDS["more_accounts"].format(count=len(accounts) - 20)
    assert rows.get_sheet_by_name(WORDS["holders"]).to_python()[-1][0] == said


def test_very_many_changes_are_counted_and_some_shown() -> None:
    report = audited()
    lines = [replace(line, status="resolved") for line in lines_of(report)()]
    statuses = {**report.summary.by_status, "new": 0, "resolved": len(lines)}
    heading = replace(
        report.heading(),
        run=replace(report.run, number=2),
        summary=replace(report.summary, by_status=statuses),
    )
    facts = Facts(digest="0" * 64, with_incidents=True)
    made = document_of(heading, iter(lines), catalogue(), facts, most=7)
    said = WORDS["more"].format(count=f"{len(lines) - 7:,}")
    assert said in Page(b"".join(html_report(made))).text
    pages = PdfReader(io.BytesIO(pdf_report(made))).pages
    assert squeezed(said) in squeezed("".join(page.extract_text() for page in pages))
    book = b"".join(xlsx_report(made, iter(lines)))
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert rows.get_sheet_by_name(WORDS["changes"]).to_python()[-1][4] == said


def test_very_many_entities_are_counted_and_the_worst_shown() -> None:
    report = audited()
    lines = [
        replace(line, id=f"{number:04}{line.id[4:]}", entity=f"{line.entity}-{number}")
        for number in range(40)
        for line in lines_of(report)()
    ]
    facts = Facts(digest="0" * 64)
    made = document_of(report.heading(), iter(lines), catalogue(), facts)
    assert len(made.entities) == MOST_ENTITIES
    every = Counter(
        line.entity
        for line in lines
        if line.status not in ("resolved", "waived") and line.subject.kind != "incident"
    )
    assert made.more_entities == len(every) - MOST_ENTITIES > 0
    shown = {section.id for section in made.entities}
    assert made.more_findings == sum(count for id_, count in every.items() if id_ not in shown)
    said = WORDS["more_entities"].format(
        count=f"{made.more_findings:,}", entities=f"{made.more_entities:,}"
    )
    assert said in Page(b"".join(html_report(made))).text
    assert said in b"".join(markdown_report(made)).decode()
    pages = PdfReader(io.BytesIO(pdf_report(made))).pages
    assert squeezed(said) in squeezed("".join(page.extract_text() for page in pages))


# -- what concerns somebody's conduct --------------------------------------------------------------


def incidents() -> list[dict[str, Any]]:
    return [one for one in findings() if one["subject"]["kind"] == "incident"]


def test_incidents_are_counted_and_told_in_the_annex_alone() -> None:
    report = audited()
    without, annexed = document(), document_for(report, CHECKPOINT, with_incidents=True)
    assert sum(without.left_out.values()) == len(incidents()) > 0
    assert without.summary == annexed.summary
    said = texts_of("en").filled(WORDS["left_out"], count=len(incidents()))
    texts = {
        name: [squeezed(told(made, name, report)) for made in (without, annexed)]
        for name in ("report.pdf", "report.html", "report.md", "report.xlsx")
    }
    details = {squeezed(one["detail"]) for one in incidents() if one["status"] != "waived"}
    for name, (plain_text, annexed_text) in texts.items():
        if name == "report.md":
            plain_text, annexed_text = (
                text.replace("\\", "") for text in (plain_text, annexed_text)
            )
        assert squeezed(said) in plain_text, name
        assert squeezed(said) not in annexed_text, name
        assert not [detail for detail in details if detail in plain_text], name
        assert not [detail for detail in details if detail not in annexed_text], name


def test_programs_are_told_of_incidents_either_way() -> None:
    assert {one["id"] for one in incidents()} <= {
        row["id"] for row in csv.DictReader(io.StringIO(files()["findings.csv"].decode()))
    }


def told(made: ReportDocument, name: str, report: Report) -> str:
    """Return what people read in a report."""
    match name:
        case "report.pdf":
            pages = PdfReader(io.BytesIO(pdf_report(made))).pages
            return "\n".join(page.extract_text() for page in pages)
        case "report.html":
            return Page(b"".join(html_report(made))).text
        case "report.md":
            return b"".join(markdown_report(made)).decode()
        case _:
            data = io.BytesIO(b"".join(xlsx_report(made, lines_of(report)())))
            book = python_calamine.CalamineWorkbook.from_filelike(data)
            sheets = (book.get_sheet_by_name(one).to_python() for one in book.sheet_names)
            return "\n".join(str(cell) for sheet in sheets for row in sheet for cell in row)


# -- whose audit it is, and who holds what ---------------------------------------------------------


def test_the_document_says_whose_audit_it_is() -> None:
    assert document().organisation == "Diocese of Ellerwick"
    for name in ("report.pdf", "report.html", "report.md", "report.xlsx"):
        assert "Diocese of Ellerwick" in told(document(), name, audited()), name


def test_everybody_with_a_role_is_listed_and_whom_the_platform_shows() -> None:
    snapshot, _ = example()
    accounts = {one.id: one for one in document().accounts or ()}
    live = [one for one in snapshot.grants if one.is_live and one.account_id in accounts]
    listed = Counter((id_, one.role) for id_, row in accounts.items() for one in row.holders)
    called = texts_of("en").groups("values")["role"]
    assert listed == Counter((one.account_id, called[one.role]) for one in live)
    assert {"editor", "analyst"} <= {role for _, role in listed}
    shown = [row for row in accounts.values() if row.observed]
    assert shown
    assert all(row.seen_on is not None for row in shown)
    assert any(not one.is_holder for row in shown for one in row.observed)
    names = {one.name for one in snapshot.people}
    assert all(one.name in names for row in shown for one in row.observed if one.is_holder)


def test_accounts_are_counted_once_by_their_worst() -> None:
    worst: dict[str, str] = {}
    closed = {one.id for one in example()[0].accounts if one.status == "closed"}
    for one in sorted(findings(), key=lambda one: SEVERITIES.index(one["severity"])):
        account = one["subject"].get("account")
        if is_told(one) and account and account not in closed:
            worst.setdefault(account, one["severity"])
    tally = document().tally
    assert tally.by_worst == Counter(worst.values())
    assert tally.checked == len(document().accounts or ())
    assert tally.clear == tally.checked - len(worst)


def test_accepted_findings_have_the_names_of_things_and_people() -> None:
    people = {one.id: one.name for one in example()[0].people}
    waivers = example()[1].waivers
    accepted = document().accepted
    assert sorted(one.approved_by for one in accepted) == sorted(
        tuple(people[id_] for id_ in one.approved_by) for one in waivers
    )
    ids = {value for one in accepted for value in one.subject.values()}
    assert not [one for one in accepted if any(id_ in one.label for id_ in ids)]


def test_findings_of_an_entity_are_folded_by_account() -> None:
    for section in document().entities:
        labels = [group.label for group in section.groups]
        assert len(labels) == len(set(labels)), section.name
        assert all(group.rows for group in section.groups)
    urls = {group.url for section in document().entities for group in section.groups}
    assert {one.url for one in example()[0].accounts} & urls


def test_nothing_changed_where_there_was_no_run_before() -> None:
    assert document().is_first
    assert WORDS["changes"] not in told(document(), "report.html", audited())
    assert WORDS["changes"] not in pdf()[1]


# -- nothing comes from elsewhere, nothing is markup -----------------------------------------------


def test_the_page_loads_nothing() -> None:
    page = Page(files()["report.html"])
    assert not {"img", "link", "iframe", "object", "form", "base"} & set(page.tags)
    for name, value in page.attributes:
        assert not name.endswith((".src", ".style", ".srcset", ".action"))
        assert not name.partition(".")[2].startswith("on")
        if name.endswith(".href"):
            assert value is not None
            # Of what is followed by hand alone: the accounts themselves.
            assert value.startswith(("#", "https://"))
    assert page.tags.count("script") == page.tags.count("style") == 1


NASTY = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    '#import "x": * $x$ *bold* _em_ `raw` <label> @ref',
    '=HYPERLINK("http://x")',
    "+1-1",
    "@SUM(A1)",
    "evil\u202egnp.exe\u2066\u2069",
    "\U0001f511 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "x" * 300,
    "\u4e2d\u6587\u540d\u5b57 \u3042\u3044 \ud55c\uad6d",
    "\u0639\u0631\u0628\u064a \u05e2\u05d1\u05e8\u05d9\u05ea",
    "a|b\nc\td\x00\x1b[31m",
    "[link](http://x) ![i](http://y) http://z www.z <b>",
]


def with_name(name: str) -> tuple[Report, ReportDocument]:
    """Return an audit of the example in which everybody and everything is called so."""
    snapshot, policy = example()
    named = replace(
        snapshot,
        entities=tuple(replace(one, name=name) for one in snapshot.entities),
        people=tuple(replace(one, name=name) for one in snapshot.people),
        accounts=tuple(replace(one, handle=name) for one in snapshot.accounts),
    )
    report = run_audit(named, policy, AS_OF, lambda _: None)
    return report, document_for(report, "")


@cache
def plain() -> tuple[Report, ReportDocument]:
    return with_name("Name")


def markup_in(text: str) -> set[tuple[str, str]]:
    """Return what a reader of Markdown makes of a text: links, images and HTML, and where to."""
    parsed = MarkdownIt("commonmark").enable("table").parse(text)
    tokens = chain(parsed, chain.from_iterable(one.children or () for one in parsed))
    kinds = {"link_open", "image", "html_inline", "html_block"}
    return {
        (one.type, str(one.attrs.get("href", one.attrs.get("src", one.content))))
        for one in tokens
        if one.type in kinds
    }


def test_what_is_markup_is_seen() -> None:
    told = markup_in("[a](http://x) ![b](http://y) <b>c</b>\n\n<p>")
    assert {kind for kind, _ in told} == {"link_open", "image", "html_inline", "html_block"}
    assert markup_in(r"\[a](http://x) and a](b)") == set()


@pytest.mark.parametrize("name", some(NASTY), ids=some(map(str, range(len(NASTY)))))
def test_names_are_inert(name: str) -> None:
    report, made = with_name(name)
    page, other = (Page(b"".join(html_report(one))) for one in (made, plain()[1]))
    # Accounts of one name are findings of their own: what may differ is how many rows there are.
    assert set(page.tags) == set(other.tags)
    assert page.tags.count("script") == 1
    text = b"".join(markdown_report(made)).decode()
    assert "\u202e" not in text
    drawn = markup_in(text)
    assert drawn <= markup_in(b"".join(markdown_report(plain()[1])).decode())
    assert not {kind for kind, _ in drawn} & {"image", "html_inline", "html_block"}
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(b"".join(xlsx_report(made, lines_of(report)())))
    )
    cells = [cell for row in book.get_sheet_by_name(WORDS["findings"]).to_python() for cell in row]
    assert {type(cell) for cell in cells} == {str, date}
    assert pdf_report(made).startswith(b"%PDF")


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_name_is_inert(name: str) -> None:
    """The page has the elements of its template, whatever the words in it are."""
    made = document()
    sections = tuple(replace(one, name=name) for one in made.entities)
    page = Page(b"".join(html_report(replace(made, entities=sections))))
    assert page.tags == Page(files()["report.html"]).tags
    assert pdf_report(replace(made, entities=sections[:2], controls=(), frameworks=(), accounts=()))


def test_what_the_fonts_have_is_typeset_and_the_rest_is_named() -> None:
    signs = [chr(code) for first, last in COVERED for code in range(first, last + 1)]
    assert len(signs) > 2_500
    source = (
        b'#set document(title: "x", date: auto)\n'
        b'#set text(lang: "en", font: ("Libertinus Serif", "DejaVu Sans Mono"))\n'
        b"#for p in json(bytes(sys.inputs.data)) [#p ]"
    )
    # It fails for a sign that no font has.
    assert typst.compile(
        source,
        format="pdf",
        sys_inputs={"data": json.dumps([f"a{sign}" for sign in signs])},
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
        timestamp=0,
    )
    assert is_covered("\u00e9")
    assert not is_covered("\u4e2d")
    assert not is_covered("\U0001f511")


def crowded(path: Path, holders: int, name: str) -> Snapshot:
    """Return a registry with an account that so many hold, and with texts of any length."""
    people = [
        {"id": f"p-{at}", "name": name.format(at), "status": "active"} for at in range(holders)
    ]
    text = "A name that goes on. " * 80
    document = {
        "entities": [
            {"id": "e-1", "name": f"{text}the parish"},
            {"id": "e-2", "name": "n" * 3_000},
        ],
        "people": people,
        "accounts": [
            *account("acc-1", "e-1", f"{text}the handle"),
            *account("acc-2", "e-2", "h" * 3_000),
        ],
        "grants": [
            {"account_id": account_id, "person_id": person["id"], "role": "admin"}
            for account_id, some in (("acc-1", people), ("acc-2", people[:1]))
            for person in some
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_registry(path, AS_OF.date()).snapshot


def account(id_: str, entity: str, handle: str) -> Iterator[dict[str, str]]:
    row = {"id": id_, "entity_id": entity, "platform": "facebook", "handle": handle}
    yield {**row, "status": "active"}


@pytest.mark.parametrize(
    ("holders", "name"),
    some(
        [
            # So many that they are more than a page.
            (80, "Person {:03}"),
            # So many words that are longer than a column.
            (300, "firstname.lastname{:03}@parish.example"),
            # Letters with marks, signs that no font has, and one name of many pages.
            (20, "e\u0301" * 200 + "{:03}"),
            (20, "\U0001f511" * 40 + "{:03}"),
            (2, "z" * 6_000 + "{:03}"),
        ]
    ),
)
def test_the_pdf_leaves_nobody_out_and_draws_nothing_beyond_a_page(
    tmp_path: Path, holders: int, name: str
) -> None:
    snapshot = crowded(tmp_path / "registry.json", holders, name)
    report = run_audit(snapshot, Policy(), AS_OF, lambda _: None)
    reader = PdfReader(io.BytesIO(pdf_report(document_for(report, CHECKPOINT))))
    beyond: list[str] = []
    texts = []
    for page in reader.pages:
        top = float(page.mediabox.height)

        def seen(text: str, _: Any, matrix: Any, *__: Any, top: float = top) -> None:
            if text.strip() and not 0 <= matrix[5] <= top:
                beyond.append(text)

        texts.append(page.extract_text(visitor_text=seen))
    assert beyond == []
    whole = squeezed("".join(texts))
    for person in range(holders):
        shown = "".join(map(_sign, squeezed(name.format(person))))
        assert shown[-60:] in whole
    for end in ("the parish", "the handle"):
        assert squeezed(end) in whole
