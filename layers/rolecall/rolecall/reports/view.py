"""A document as plain data, in the words and forms of a page: what templates are filled with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from rolecall.model import SEVERITIES
from rolecall.printable import printable
from rolecall.reports.counts import Checks
from rolecall.reports.document import ReportDocument
from rolecall.reports.front import front_of
from rolecall.reports.reasons import ReasonWords
from rolecall.reports.values import value_words
from rolecall.reports.words import (
    about_subjects,
    by_change,
    incomplete,
    reasons_in_words,
    reported_in_words,
    severities_in_words,
    status_in_words,
    words_for,
)
from rolecall.texts import Texts, texts_of

__all__ = ["view_of"]

_STATUSES = ("new", "regressed", "resolved")


def view_of(document: ReportDocument) -> dict[str, Any]:
    """Return a document as data of JSON: texts, whole numbers, lists and objects.

    Texts have no signs that cannot be seen, nor any that turn the direction of the rest around.
    """
    texts = texts_of(document.language)
    accounts = document.accounts
    shown = None if accounts is None else accounts[: document.most]
    plain: dict[str, Any] = msgspec.to_builtins(
        replace(document, accounts=shown), enc_hook=str, builtin_types=(date, datetime)
    )
    run = document.run
    checks, counted = document.checks, document.is_counted
    data = {
        **plain,
        **front_of(texts, document),
        "words": words_for(texts, run.registry.rows),
        "severities": list(SEVERITIES),
        "statuses": list(_STATUSES),
        **_written(texts, document),
        "policy": f"{run.policy.name} {run.policy.version or ''}".strip(),
        "standing": document.standing,
        "more_accounts": document.more_accounts + len(accounts or ()) - len(shown or ()),
        "more_changes": {name: document.more_changes(name) for name in document.changes},
        "share": _percent(texts, checks.share),
        "coverage": _percent(texts, checks.coverage),
        **_means(texts, checks, is_counted=counted),
        "scope": _scope(texts, document),
        **_judged(texts, document),
        "controls": [{**one, "key": one["id"]} for one in plain["controls"]],
        "checks": [_counts(texts, one.checks) for one in document.controls],
        "unchecked": list(_unchecked(ReasonWords(texts), document)),
        "trend": [{**point, "total": sum(point["standing"].values())} for point in plain["trend"]],
        "checkpoint": document.checkpoint.splitlines(),
    }
    _name(texts, plain)
    found: dict[str, Any] = _shown(texts, data)
    for row in _rows(found):
        row["told"] = status_in_words(texts, row["status"], row["reason"])
    return found


def _name(texts: Texts, plain: dict[str, Any]) -> None:
    """Give names to what has none: no entity, and roles."""
    roles = value_words(texts, "role")
    for entity in plain["entities"]:
        entity["name"] = entity["name"] or texts.words("reports")["no_entity"]
        entity["counted"] = severities_in_words(texts, entity["standing"])
    for account in plain["accounts"] or ():
        for holder in account["holders"]:
            holder["role"] = roles.get(holder["role"], holder["role"])


def _scope(texts: Texts, document: ReportDocument) -> str:
    """Return to what a report is limited, or nothing."""
    scope = texts.words("reports")["scope" if document.is_counted else "scope_alone"]
    return scope.format(name=document.scope) if document.scope else ""


def _unchecked(reasons: ReasonWords, document: ReportDocument) -> Iterator[dict[str, Any]]:
    """Yield what could not be checked: why, and what whoever keeps the registry can write down."""
    for one in document.controls:
        for reason, count in one.reasons.items():
            told = {"reason": reasons.said(reason), "record": reasons.to_record(reason)}
            yield {"control": one.id, "title": one.title, **told, "count": count}


def _means(texts: Texts, checks: Checks, *, is_counted: bool) -> dict[str, str]:
    """Return what the shares of checks mean."""
    words = texts.words("reports")
    if not is_counted:
        return dict.fromkeys(("share_means", "coverage_means"), words["not_counted"])
    share = texts.filled(words["share_means"], made=checks.made, passed=checks.passed)
    return {
        "share_means": " ".join(filter(None, (share, reported_in_words(texts, checks.reported)))),
        "coverage_means": texts.filled(words["coverage_means"], unmade=checks.unmade),
    }


def _written(texts: Texts, document: ReportDocument) -> dict[str, Any]:
    """Return the instant of a run, and how numbers are written, for templates that write some."""
    forms, words = texts.forms, texts.words("reports")
    standing = document.summary.standing
    return {
        "as_of": texts.instant(document.run.as_of),
        "counted": [
            texts.filled(words[f"counted_{one}"], count=standing[one]) for one in SEVERITIES
        ],
        "thousands": forms.thousands,
        "grouped_from": forms.grouped_from,
    }


def _judged(texts: Texts, document: ReportDocument) -> dict[str, Any]:
    """Return by which rules the run judged, and what came and went for which reason."""
    summary, words = document.summary, texts.words("reports")
    rows = document.run.registry.rows
    return {
        "incomplete": incomplete(texts, document.unknown_records, document.problems, rows),
        "catalogue": texts.filled(words["catalogue_version"], number=document.run.catalogue),
        "about_subjects": about_subjects(texts, summary),
        "moves": {
            name: texts.number(summary.by_status[name]) + reasons_in_words(texts, name, summary)
            for name in _STATUSES
        },
        "by_change": by_change(texts, summary),
        "trend_differs": words["trend_differs"] if document.is_judged_differently else "",
    }


def _rows(shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every finding that a page shows."""
    yield from shown["worst"]
    yield from shown["incidents"]
    for rows in shown["changes"].values():
        yield from rows
    for entity in shown["entities"]:
        for group in entity["groups"]:
            yield from group["rows"]


def _counts(texts: Texts, checks: Checks | None) -> list[str]:
    """Return how many checks passed, failed and could not be made, as they stand in a table."""
    if checks is None:
        return ["-", "-", "-"]
    return [texts.number(count) for count in (checks.passed, checks.failed, checks.unmade)]


def _percent(texts: Texts, share: float | None) -> str:
    # Rounded down: 99.99 of 100 is not everything.
    return "-" if share is None else texts.share(int(share * 1_000))


def _shown(texts: Texts, value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case dict():
            return {name: _shown(texts, one) for name, one in value.items()}
        case list() | tuple():
            return [_shown(texts, one) for one in value]
        case date():
            return texts.day(value)
        case _:
            return value
