"""The report in Markdown, for a ticket or a mail: the first page, and what is wrong by entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rolecall.reports.commonmark import literal
from rolecall.reports.document import ReportDocument
from rolecall.reports.view import view_of
from rolecall.texts import Texts, texts_of

__all__ = ["markdown_report"]


def markdown_report(document: ReportDocument) -> Iterator[bytes]:
    """Yield the report in pieces."""
    for line in _lines(view_of(document), texts_of(document.language)):
        yield f"{line}\n".encode()


def _lines(d: dict[str, Any], texts: Texts) -> Iterator[str]:
    w = d["words"]
    yield from _front(d, w, texts)
    if not d["is_first"]:
        yield from _changes(d, w)
    yield f"\n## {w['worst']}\n"
    if not d["worst"]:
        yield w["nothing"]
    else:
        yield from _table(d["worst"], w, place=True)
    yield from _by_entity(d, w, texts)
    if d["has_annex"]:
        yield f"\n## {w['annex']}\n\n{w['annex_means']}\n"
        yield from _table(d["incidents"], w, place=True)
        if d["more_incidents"]:
            yield "\n" + texts.filled(w["more"], count=d["more_incidents"])
    yield f"\n{w['digest']}: `{d['digest']}`"


def _front(d: dict[str, Any], w: dict[str, str], texts: Texts) -> Iterator[str]:
    title = f"{w['title']}: {d['as_of']}"
    yield f"# {literal(title, 'heading')}"
    yield ""
    if d["organisation"]:
        told = f"{w['organisation']} {d['organisation']}."
        yield f"{literal(told, 'block')}\n"
    judged = f"{w['policy']}: {d['policy']}. {w['catalogue']}: {d['catalogue']}."
    yield literal(f"{judged} {w['run']} {d['run']['number']}. {w['zone']}", "block")
    if d["scope"]:
        yield f"\n{literal(d['scope'], 'block')}"
    if d["unmade_told"]:
        yield f"\n> {literal(d['unmade_told'], 'block')}"
    if d["incomplete"]:
        yield f"\n> {literal(d['incomplete'], 'block')}"
    yield f"\n## {w['summary']}\n\n**{literal(d['headline'], 'block')}**\n\n{w['summary_means']}\n"
    yield f"| {w['severity']} | {w['standing']} |\n|---|---:|"
    for severity in d["severities"]:
        yield f"| {w[severity]} | {texts.number(d['summary']['standing'][severity])} |"
    standing = texts.number(d["standing"])
    yield f"\n{w['standing']}: {standing} {d['about_subjects']}".rstrip() + "."
    yield f"\n{w['accounts_critical']}: {d['accounts_critical']}."
    yield f"\n{w['accounts_clear']}: {d['accounts_clear']}. {literal(d['accounts_means'], 'block')}"
    if d["left_out_told"]:
        yield f"\n{literal(d['left_out_told'], 'block')}"


def _by_entity(d: dict[str, Any], w: dict[str, str], texts: Texts) -> Iterator[str]:
    yield f"\n## {w['by_entity']}"
    for entity in d["entities"]:
        yield f"\n### {literal(entity['name'], 'heading')}\n"
        if rows := [row for group in entity["groups"] for row in group["rows"]]:
            yield from _table(rows, w, place=False)
        if entity["more"]:
            yield "\n" + texts.filled(w["more"], count=entity["more"])
    if d["more_entities"]:
        yield "\n" + texts.filled(
            w["more_entities"], count=d["more_findings"], entities=d["more_entities"]
        )


def _changes(d: dict[str, Any], w: dict[str, str]) -> Iterator[str]:
    counts = (f"{w[name]} {d['moves'][name]}" for name in d["statuses"])
    yield f"\n{w['changes']}: {', '.join(counts)}."
    if d["by_change"]:
        yield f"\n> {literal(d['by_change'], 'block')}"
    if d["trend_differs"]:
        yield f"\n{literal(d['trend_differs'], 'block')}"


def _table(rows: Iterable[dict[str, Any]], w: dict[str, str], *, place: bool) -> Iterator[str]:
    yield f"| {w['severity']} | {w['where']} | {w['what']} | {w['do']} |\n|---|---|---|---|"
    for row in rows:
        where = f"{row['entity']}: {row['label']}" if place else row["label"]
        what = f"{row['detail']} ({row['control']}, {row['told'].lower()})"
        todo = row["remediation"]
        if row["record"]:
            todo += f" {w['record']}: {row['record']}"
        cells = (literal(cell, "cell") for cell in (w[row["severity"]], where, what, todo))
        yield f"| {' | '.join(cells)} |"
