"""What the first page of a report says, and the last: whose audit it is, how things stand, what is
signed.

The headline is what stands, by the worst of it, and on how many accounts. It is no share of checks:
a check that passed weighs as much there as one that failed, and of fifty checks on an account whose
password half the parish knows forty-nine pass.
"""

from __future__ import annotations

from typing import Any

from rolecall.model import SEVERITIES
from rolecall.reports.action_rows import ActionRow
from rolecall.reports.document import ReportDocument
from rolecall.reports.words import severities_in_words
from rolecall.texts import Texts

__all__ = ["FIRST_ACTIONS", "PLACES_OF_ACTION", "front_of", "headline", "left_out", "unmade"]

FIRST_ACTIONS = 10
"""Things to do that the first page shows."""
PLACES_OF_ACTION = 3
"""Places that it shows of each."""


def front_of(texts: Texts, document: ReportDocument) -> dict[str, Any]:
    """Return what a page says first and last, beside its sections."""
    tally = document.tally
    return {
        "headline": headline(texts, document),
        "accounts_critical": _of(texts, tally.by_worst["critical"], tally.checked),
        "accounts_clear": _of(texts, tally.clear, tally.checked),
        "accounts_means": _accounts_means(texts, document),
        "left_out_told": left_out(texts, document),
        "unmade_told": unmade(texts, document),
        "signed_is": _signed(texts, document),
        "glossary": list(texts.groups("glossary").values()),
        **_actions(texts, document),
    }


def headline(texts: Texts, document: ReportDocument) -> str:
    """Return how things stand, in a sentence or two."""
    words, standing = texts.words("reports"), document.summary.standing
    worst = next((one for one in SEVERITIES if standing[one]), None)
    match worst:
        case None:
            told = words["headline_none"]
        case "critical" | "high":
            told = texts.filled(words[f"headline_{worst}"], count=standing[worst])
        case _:
            told = texts.filled(words["headline_other"], count=document.standing)
    if not (unmade := document.checks.unmade):
        return told
    return f"{told} {texts.filled(words['headline_unmade'], count=unmade)}"


def left_out(texts: Texts, document: ReportDocument) -> str:
    """Return how many findings a report leaves out, and where they are; or nothing."""
    count = sum(document.left_out.values())
    return texts.filled(texts.words("reports")["left_out"], count=count) if count else ""


def unmade(texts: Texts, document: ReportDocument) -> str:
    """Return which reports of the run could not be made, or nothing."""
    names = ", ".join(document.unmade)
    return texts.words("reports")["unmade_reports"].format(names=names) if names else ""


def _of(texts: Texts, count: int | None, every: int | None) -> str:
    if count is None or every is None:
        return "-" if count is None else texts.number(count)
    return texts.filled(texts.words("reports")["accounts_of"], count=count, every=every)


def _accounts_means(texts: Texts, document: ReportDocument) -> str:
    words, by_worst = texts.words("reports"), document.tally.by_worst
    counts = ", ".join(f"{texts.number(by_worst[one])} {words[one].lower()}" for one in SEVERITIES)
    return words["accounts_means"].format(counts=counts)


def _actions(texts: Texts, document: ReportDocument) -> dict[str, Any]:
    """Return what a page says of each thing to do beside what the document does."""
    words, first = texts.words("reports"), document.actions[:FIRST_ACTIONS]
    more = document.more_actions + len(document.actions) - len(first)
    return {
        "ends": [_ends(texts, one) for one in first],
        "places_more": [
            texts.filled(words["places_more"], count=len(one.places) - PLACES_OF_ACTION)
            for one in first
        ],
        "actions_more": texts.filled(words["actions_more"], count=more) if more else "",
    }


def _ends(texts: Texts, action: ActionRow) -> str:
    words = texts.words("reports")
    counts = severities_in_words(texts, action.ends)
    return texts.filled(words["ends"], count=sum(action.ends.values()), counts=counts)


def _signed(texts: Texts, document: ReportDocument) -> str:
    run, by_status = document.run, document.summary.by_status
    words = texts.words("reports")
    return texts.filled(
        words["signed_is"],
        organisation=document.organisation or words["this_organisation"],
        as_of=texts.instant(run.as_of),
        number=run.number,
        policy=f"{run.policy.name} {run.policy.version or ''}".strip(),
        standing=document.standing,
        waived=by_status["waived"],
        resolved=by_status["resolved"],
    )
