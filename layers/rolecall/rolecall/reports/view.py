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
from rolecall.reports.words import (
    WORDS,
    about_subjects,
    by_change,
    incomplete,
    reasons_in_words,
    reported_in_words,
    status_in_words,
    words_for,
)

__all__ = ["view_of"]

_STATUSES = ("new", "regressed", "resolved")


def view_of(document: ReportDocument) -> dict[str, Any]:
    """Return a document as data of JSON: texts, whole numbers, lists and objects.

    Texts have no signs that cannot be seen, nor any that turn the direction of the rest around.
    """
    accounts = document.accounts
    shown = None if accounts is None else accounts[: document.most]
    plain: dict[str, Any] = msgspec.to_builtins(
        replace(document, accounts=shown), enc_hook=str, builtin_types=(date, datetime)
    )
    run = document.run
    checks, counted = document.checks, document.is_counted
    data = {
        **plain,
        **front_of(document),
        "words": words_for(run.registry.rows),
        "severities": list(SEVERITIES),
        "statuses": list(_STATUSES),
        "as_of": f"{run.as_of:%Y-%m-%d %H:%M} UTC",
        "policy": f"{run.policy.name} {run.policy.version or ''}".strip(),
        "standing": document.standing,
        "more_accounts": document.more_accounts + len(accounts or ()) - len(shown or ()),
        "more_changes": {name: document.more_changes(name) for name in document.changes},
        "share": _percent(checks.share),
        "coverage": _percent(checks.coverage),
        **_means(checks, is_counted=counted),
        "scope": "",
        **_judged(document),
        "incomplete": incomplete(document.unknown_records, document.problems, run.registry.rows),
        "checks": [_counts(one.checks) for one in document.controls],
        "unchecked": [
            {"control": one.id, "title": one.title, "reason": reason, "count": count}
            for one in document.controls
            for reason, count in one.reasons.items()
        ],
        "trend": [{**point, "total": sum(point["standing"].values())} for point in plain["trend"]],
        "checkpoint": document.checkpoint.splitlines(),
    }
    if document.scope:
        scope = WORDS["scope" if counted else "scope_alone"]
        data["scope"] = scope.format(name=document.scope)
    for entity in plain["entities"]:
        entity["name"] = entity["name"] or WORDS["no_entity"]
    for one in plain["accepted"]:
        one["holds"] = WORDS[f"waiver_{one['standing']}"]
    found: dict[str, Any] = _shown(data)
    for row in _rows(found):
        row["told"] = status_in_words(row["status"], row["reason"])
    return found


def _means(checks: Checks, *, is_counted: bool) -> dict[str, str]:
    """Return what the shares of checks mean."""
    if not is_counted:
        return dict.fromkeys(("share_means", "coverage_means"), WORDS["not_counted"])
    made, passed, unmade = (f"{n:,}" for n in (checks.made, checks.passed, checks.unmade))
    share = WORDS["share_means"].format(made=made, passed=passed)
    return {
        "share_means": " ".join(filter(None, (share, reported_in_words(checks.reported)))),
        "coverage_means": WORDS["coverage_means"].format(unmade=unmade),
    }


def _judged(document: ReportDocument) -> dict[str, Any]:
    """Return by which rules the run judged, and what came and went for which reason."""
    summary = document.summary
    return {
        "catalogue": WORDS["catalogue_version"].format(number=document.run.catalogue),
        "about_subjects": about_subjects(summary),
        "moves": {
            name: f"{summary.by_status[name]:,}{reasons_in_words(name, summary)}"
            for name in _STATUSES
        },
        "by_change": by_change(summary),
        "trend_differs": WORDS["trend_differs"] if document.is_judged_differently else "",
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


def _counts(checks: Checks | None) -> list[str]:
    """Return how many checks passed, failed and could not be made, as they stand in a table."""
    if checks is None:
        return ["-", "-", "-"]
    return [f"{count:,}" for count in (checks.passed, checks.failed, checks.unmade)]


def _percent(share: float | None) -> str:
    # Rounded down: 99.99 of 100 is not everything.
    return "-" if share is None else f"{int(share * 1_000) / 10:.1f} %"


def _shown(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case dict():
            return {name: _shown(one) for name, one in value.items()}
        case list() | tuple():
            return [_shown(one) for one in value]
        case datetime():
            return f"{value:%Y-%m-%d}"
        case date():
            return value.isoformat()
        case _:
            return value
