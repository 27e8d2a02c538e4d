"""What the first page of a report says, and the last: whose audit it is, how things stand, what is
signed.

The headline is what stands, by the worst of it, and on how many accounts. It is no share of checks:
a check that passed weighs as much there as one that failed, and of fifty checks on an account whose
password half the parish knows forty-nine pass.
"""

from __future__ import annotations

from typing import Any

from rolecall.model import SEVERITIES
from rolecall.reports.document import ReportDocument
from rolecall.reports.words import WORDS

__all__ = ["front_of", "headline"]


def front_of(document: ReportDocument) -> dict[str, Any]:
    """Return what a page says first and last, beside its sections."""
    return {
        "headline": headline(document),
        "accounts_critical": _of(document.tally.by_worst["critical"], document.tally.checked),
        "accounts_clear": _of(document.tally.clear, document.tally.checked),
        "accounts_means": _accounts_means(document),
        "left_out_told": _left_out(document),
        "signed_is": _signed(document),
    }


def headline(document: ReportDocument) -> str:
    """Return how things stand, in a sentence or two."""
    standing = document.summary.standing
    worst = next((one for one in SEVERITIES if standing[one]), None)
    match worst:
        case None:
            told = WORDS["headline_none"]
        case "critical" | "high":
            told = WORDS[f"headline_{worst}"].format(count=f"{standing[worst]:,}")
        case _:
            told = WORDS["headline_other"].format(count=f"{document.standing:,}")
    unmade = document.checks.unmade
    return " ".join(
        [told, *([WORDS["headline_unmade"].format(count=f"{unmade:,}")] if unmade else [])]
    )


def _of(count: int | None, every: int | None) -> str:
    if count is None or every is None:
        return "-" if count is None else f"{count:,}"
    return WORDS["accounts_of"].format(count=f"{count:,}", every=f"{every:,}")


def _accounts_means(document: ReportDocument) -> str:
    by_worst = document.tally.by_worst
    counts = ", ".join(f"{by_worst[one]:,} {WORDS[one].lower()}" for one in SEVERITIES)
    return WORDS["accounts_means"].format(counts=counts)


def _left_out(document: ReportDocument) -> str:
    count = sum(document.left_out.values())
    return WORDS["left_out"].format(count=f"{count:,}") if count else ""


def _signed(document: ReportDocument) -> str:
    run, by_status = document.run, document.summary.by_status
    return WORDS["signed_is"].format(
        organisation=document.organisation or WORDS["this_organisation"],
        as_of=f"{run.as_of:%Y-%m-%d %H:%M} UTC",
        number=run.number,
        policy=f"{run.policy.name} {run.policy.version or ''}".strip(),
        standing=f"{document.standing:,}",
        waived=f"{by_status['waived']:,}",
        resolved=f"{by_status['resolved']:,}",
    )
