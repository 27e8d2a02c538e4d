"""The rules of the folder ``policy`` that look at other things than grants."""

from __future__ import annotations

from rolecall.model import Content, Waiver
from tests.second_oracle.book import Book
from tests.second_oracle.rules import POLICY, Answer, Limits, Population, rule

__all__ = ["CONTENTS"]

CONTENTS = Population(
    lambda book: (
        one
        for one in book.registry.contents
        if one.removed_on is None or one.removed_on > book.today
    ),
    lambda one: ("content", one.account_id, one.id),
    lambda book, one: book.account(one.account_id).entity_id,
    lambda one: {"contents": (one.account_id, one.id)},
    ("contents",),
)


@rule("policy-review-overdue", "medium", POLICY, "policy.next_review")
def policy_review_overdue(book: Book, _: None, __: Limits) -> Answer:
    return book.policy.next_review is not None and book.is_past(book.policy.next_review)


@rule("minor-shown-without-consent", "critical", CONTENTS, "contents.shows_minors")
def minor_shown_without_consent(book: Book, content: Content, _: Limits) -> Answer:
    if content.shows_minors is None:
        return None
    if not content.shows_minors:
        return False
    has_ref = book.knows("contents.consent_ref", content.account_id, content.id)
    is_over = content.consent_ends is not None and book.is_past(content.consent_ends)
    if is_over or (has_ref and content.consent_ref is None):
        return True
    return (
        False
        if has_ref and book.knows("contents.consent_ends", content.account_id, content.id)
        else None
    )


@rule("waiver-without-end", "medium", POLICY, days=365, maximum=2)
def waiver_without_end(book: Book, _: None, limits: Limits) -> Answer:
    waivers = book.policy.waivers
    running = [one for one in waivers if not book.is_past(one.expires)]
    for one in running:
        since = min(one.accepted_on or book.today, book.today)
        if (one.expires - since).days > limits["days"]:
            return True
        if len([other for other in waivers if _is_same(one, other)]) > limits["maximum"]:
            return True
    return False


def _is_same(one: Waiver, other: Waiver) -> bool:
    return (one.control, one.subject) == (other.control, other.subject)
