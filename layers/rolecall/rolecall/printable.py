"""Makes text from outside safe to print: on a terminal, in a message, in a table.

A registry cell may hold anything, an escape sequence that rewrites the screen or a right-to-left
override that turns a name round. Nothing of that reaches a person's terminal as it is.
"""

from __future__ import annotations

import re

__all__ = ["printable", "shorten"]

# Control characters, line and paragraph separators, bidirectional controls, invisible formatting
# characters, surrogates and the byte order mark.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Return text with every unsafe character written as its escape."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shorten(text: str, most: int = 60) -> str:
    """Return printable text of at most ``most`` characters; ``...`` stands for what was cut."""
    safe = printable(text[: most + 1])
    return safe if len(safe) <= most else f"{safe[: most - 3]}..."
