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
    title = f"{w['title']}: {d['as_of']}"
    yield f"# {literal(title, 'heading')}"
    yield ""
    judged = f"{w['policy']}: {d['policy']}. {w['catalogue']}: {d['catalogue']}."
    yield literal(f"{judged} {w['run']} {d['run']['number']}. {w['zone']}", "block")
    if d["scope"]:
        yield f"\n{literal(d['scope'], 'block')}"
    if d["incomplete"]:
        yield f"\n> {literal(d['incomplete'], 'block')}"
    yield f"\n## {w['summary']}\n\n{w['summary_means']}\n"
    yield f"| {w['severity']} | {w['standing']} |\n|---|---:|"
    for severity in d["severities"]:
        yield f"| {w[severity]} | {texts.number(d['summary']['standing'][severity])} |"
    standing = texts.number(d["standing"])
    yield f"\n{w['standing']}: {standing} {d['about_subjects']}".rstrip() + "."
    yield f"\n{w['share']}: **{d['share']}**. {d['share_means']}"
    yield f"\n{w['coverage']}: **{d['coverage']}**. {d['coverage_means']}"
    yield from _changes(d, w)
    yield f"\n## {w['worst']}\n"
    if not d["worst"]:
        yield w["nothing"]
    else:
        yield from _table(d["worst"], w, place=True)
    yield f"\n## {w['by_entity']}"
    for entity in d["entities"]:
        yield f"\n### {literal(entity['name'], 'heading')}\n"
        if entity["rows"]:
            yield from _table(entity["rows"], w, place=False)
        if entity["more"]:
            yield "\n" + texts.filled(w["more"], count=entity["more"])
    if d["more_entities"]:
        yield "\n" + texts.filled(
            w["more_entities"], count=d["more_findings"], entities=d["more_entities"]
        )
    yield f"\n{w['digest']}: `{d['digest']}`"


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
