"""The rules of the folder ``policy`` that look at other things than grants."""

from __future__ import annotations

from tests.second_oracle.book import Book
from tests.second_oracle.rules import POLICY, Answer, Limits, rule

__all__: list[str] = []


@rule("policy-review-overdue", "medium", POLICY, "policy.next_review")
def policy_review_overdue(book: Book, _: None, __: Limits) -> Answer:
    return book.policy.next_review is not None and book.is_past(book.policy.next_review)
