"""A document as plain data, in the words and forms of a page: what templates are filled with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from rolecall.model import SEVERITIES
from rolecall.printable import printable
from rolecall.reports.document import Checks, ReportDocument
from rolecall.reports.words import WORDS, incomplete

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
        "words": WORDS,
        "severities": list(SEVERITIES),
        "statuses": list(_STATUSES),
        "as_of": f"{run.as_of:%Y-%m-%d %H:%M} UTC",
        "policy": f"{run.policy.name} {run.policy.version or ''}".strip(),
        "standing": document.standing,
        "more_accounts": document.more_accounts + len(accounts or ()) - len(shown or ()),
        "more_changes": {name: document.more_changes(name) for name in document.changes},
        "share": _percent(checks.share),
        "coverage": _percent(checks.coverage),
        "share_means": WORDS["share_means" if counted else "not_counted"].format(
            made=f"{checks.made:,}", passed=f"{checks.passed:,}"
        ),
        "coverage_means": WORDS["coverage_means" if counted else "not_counted"].format(
            unmade=f"{checks.unmade:,}"
        ),
        "scope": "",
        "incomplete": incomplete(document.unknown_records, document.problems),
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
    found: dict[str, Any] = _shown(data)
    return found


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
