"""Why somebody does something, and what they remark: it stays on record for good."""

from __future__ import annotations

import re
import unicodedata

from rolecall.errors import UsageError

__all__ = ["LEAST_REASON", "MOST_REASON", "reason_of", "remark_of"]

LEAST_REASON, MOST_REASON = 10, 500
"""Characters of a reason."""


def reason_of(text: str) -> str:
    """Return a reason as it is kept: one line, without spaces that say nothing.

    :raises UsageError: it is too short or too long, cannot be shown, or names an e-mail address:
        the log holds ids, as what must be erasable one day may not be in it.
    """
    return _line(text, "the reason", LEAST_REASON)


def remark_of(text: str) -> str:
    """Return a remark, which may be a word, as it is kept.

    :raises UsageError: as for a reason.
    """
    return _line(text, "the note", 1)


def _line(text: str, what: str, least: int) -> str:
    said = " ".join(text.split())
    if not least <= len(said) <= MOST_REASON:
        raise UsageError(
            f"{what} must have {least} to {MOST_REASON} characters; it has {len(said)}"
        )
    if not said.isprintable() or re.search(r"\S@\S", unicodedata.normalize("NFKC", said)):
        raise UsageError(
            f"{what} must be plain text without e-mail addresses: it stays in the log for good"
        )
    return said
