"""The reason for which somebody does something: it stays in the audit log for good."""

from __future__ import annotations

import re

from rolecall.errors import UsageError

__all__ = ["LEAST_REASON", "MOST_REASON", "reason_of"]

LEAST_REASON, MOST_REASON = 10, 500
"""Characters of a reason."""


def reason_of(text: str) -> str:
    """Return a reason as it is kept: one line, without spaces that say nothing.

    :raises UsageError: it is too short or too long, cannot be shown, or names an e-mail address:
        the log holds ids, as what must be erasable one day may not be in it.
    """
    said = " ".join(text.split())
    if not LEAST_REASON <= len(said) <= MOST_REASON:
        raise UsageError(
            f"the reason must have {LEAST_REASON} to {MOST_REASON} characters; it has {len(said)}"
        )
    if not said.isprintable() or re.search(r"\S@\S", said):
        raise UsageError(
            "the reason must be plain text without e-mail addresses: it stays in the log for good"
        )
    return said
