"""The report in Markdown, for a ticket or a mail: what to do first, how things stand, and what is
wrong by entity and account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rolecall.reports.commonmark import literal
from rolecall.reports.document import ReportDocument
from rolecall.reports.page import FIRST_ACTIONS, grouped_places
from rolecall.reports.view import view_of
from rolecall.reports.words import severities_in_words
from rolecall.texts import Texts, texts_of

__all__ = ["markdown_report"]

_NOT_IN_ADDRESS = re.compile(r"[\s<>\\`\"'\[\]]|[^\x21-\x7e]")


def markdown_report(document: ReportDocument) -> Iterator[bytes]:
    """Yield the report in pieces."""
    for line in _lines(view_of(document), texts_of(document.language)):
        yield f"{line}\n".encode()


def _lines(d: dict[str, Any], texts: Texts) -> Iterator[str]:
    w = d["words"]
    yield from _front(d, w)
    yield from _actions(d, texts)
    yield from _summary(d, w, texts)
    if not d["is_first"]:
        yield from _changes(d, w)
    if d["worst"] and not d["actions"]:
        yield f"\n## {w['worst']}\n"
        yield from _table(d["worst"], w, is_placed=True)
    yield from _by_entity(d, w, texts)
    if d["has_annex"]:
        yield f"\n## {w['annex']}\n\n{w['annex_means']}\n"
        yield from _table(d["incidents"], w, is_placed=True)
        if d["more_incidents"]:
            yield "\n" + texts.filled(w["more"], count=d["more_incidents"])
    yield f"\n{w['digest']}: `{d['digest']}`"


def _front(d: dict[str, Any], w: dict[str, str]) -> Iterator[str]:
    title = f"{w['title']}: {d['as_of']}"
    yield f"# {literal(title, 'heading')}"
    if d["organisation"]:
        told = f"{w['organisation']} {d['organisation']}."
        yield f"\n{literal(told, 'block')}"
    if d["scope"]:
        yield f"\n{literal(d['scope'], 'block')}"
    if d["unmade_told"]:
        yield f"\n> {literal(d['unmade_told'], 'block')}"
    if d["incomplete"]:
        yield f"\n> {literal(d['incomplete'], 'block')}"
    yield f"\n{literal(d['headline'], 'block')}"


def _actions(d: dict[str, Any], texts: Texts) -> Iterator[str]:
    """Yield what to do first, each under a heading of its own."""
    w, actions = d["words"], d["actions"]
    if not actions:
        return
    yield f"\n## {w['actions']}"
    for number, action in enumerate(actions[:FIRST_ACTIONS], start=1):
        title = f"{texts.number(number)}. {action['title']}"
        yield f"\n### {literal(title, 'heading')}\n"
        counts = severities_in_words(texts, action["ends"])
        told = texts.filled(w["ends"], count=len(action["findings"]), counts=counts)
        yield literal(f"{w[action['severity']]}. {told}", "block")
        if action["first"]:
            yield f"\n{literal(action['first'], 'block')}"
        if action["who"] or action["entity"]:
            yield f"\n{literal(_who(action, w), 'block')}"
        for group in grouped_places(action["places"]):
            yield from _places(group, w)
    more = d["more_actions"] + len(actions[FIRST_ACTIONS:])
    if more:
        yield "\n" + literal(texts.filled(w["actions_more"], count=more), "block")


def _who(action: dict[str, Any], w: dict[str, str]) -> str:
    """Return who can do it, and whose it is where that is not said with it."""
    who, entity = action["who"], action["entity"]
    if entity and entity not in who:
        who = f"{who} ({entity})" if who else entity
    return f"{w['who']}: {who}"


def _places(group: dict[str, Any], w: dict[str, str]) -> Iterator[str]:
    """Yield places where the same is to be done, and what. An address is a paragraph of its own:
    so nothing in the name before it can make something else of it."""
    yield ""
    for place in group["places"]:
        yield f"- {literal(place['label'], 'item')}"
        if place["url"]:
            yield f"\n  <{_address(place['url'])}>"
    if group["steps"]:
        yield ""
        for number, step in enumerate(group["steps"], 1):
            yield f"{number}. {literal(step['told'], 'item')}"
            below = " " * len(f"{number}. ")
            for at, how in enumerate(step["how"], 1):
                yield f"{below}{at}. {literal(how, 'item')}"
    if group["record"]:
        told = f"{w['record']}: {' '.join(group['record'])}"
        yield f"\n{literal(told, 'block')}"


def _address(url: str) -> str:
    """Return an address that ends where it ends, whatever signs somebody put into it."""
    return _NOT_IN_ADDRESS.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url
    )


def _summary(d: dict[str, Any], w: dict[str, str], texts: Texts) -> Iterator[str]:
    yield f"\n## {w['summary']}\n\n{w['summary_means']}\n"
    yield f"| {w['severity']} | {w['standing']} |\n|---|---:|"
    for severity in d["severities"]:
        yield f"| {w[severity]} | {texts.number(d['summary']['standing'][severity])} |"
    about = f" ({d['about_subjects']})" if d["about_subjects"] else ""
    yield "\n" + literal(f"{w['standing']}: {texts.number(d['standing'])}{about}.", "block")
    yield f"\n{w['accounts_critical']}: {d['accounts_critical']}."
    clear = f"{w['accounts_clear']}: {d['accounts_clear']}. {d['accounts_means']}"
    yield f"\n{literal(clear, 'block')}"
    if d["left_out_told"]:
        yield f"\n{literal(d['left_out_told'], 'block')}"
    judged = f"{w['policy']}: {d['policy']}. {w['catalogue']}: {d['catalogue']}."
    yield "\n" + literal(f"{judged} {w['run']} {d['run']['number']}. {w['zone']}", "block")


def _by_entity(d: dict[str, Any], w: dict[str, str], texts: Texts) -> Iterator[str]:
    yield f"\n## {w['by_entity']}"
    if not d["entities"]:
        yield f"\n{w['nothing']}"
    for entity in d["entities"]:
        yield f"\n### {literal(entity['name'], 'heading')}"
        for group in entity["groups"]:
            label = group["label"] or w["of_no_account"]
            yield f"\n#### {literal(label, 'heading')}\n"
            yield from _table(group["rows"], w, is_placed=False)
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


def _table(rows: Iterable[dict[str, Any]], w: dict[str, str], *, is_placed: bool) -> Iterator[str]:
    yield f"| {w['severity']} | {w['where']} | {w['what']} | {w['do']} |\n|---|---|---|---|"
    for row in rows:
        where = f"{row['entity']}: {row['label']}" if is_placed else row["label"]
        what = f"{row['detail']} ({row['control']}, {row['told'].lower()})"
        todo = row["remediation"]
        if row["record"]:
            todo += f" {w['record']}: {row['record']}"
        cells = (literal(cell, "cell") for cell in (w[row["severity"]], where, what, todo))
        yield f"| {' | '.join(cells)} |"
