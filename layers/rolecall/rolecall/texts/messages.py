"""Says in a language what was said in English: messages about inputs, and what a log holds of them.

A message is made in English wherever something is found, and so it is put on record, compared, and
said to programs. Whoever shows it to a person says it in the person's language here: the table has
each English template with its values in braces, and how it is said. Of a message that no template
fits nobody here knows anything, such as one that a later release put on record: it stays as it is.
That every message of this release has its template, the tests find out from the source.

A value may be a message itself, for many say at their end what would be right. These are the values
of :data:`PARTS`; all others are data, and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

from rolecall.texts.forms import Forms

__all__ = ["PARTS", "Messages", "bare"]

PARTS = frozenset(
    {
        *("near", "hint", "more", "reason", "error", "message", "kind", "what", "where", "noun"),
        "accounts",
    }
)
"""Values that are messages themselves."""
_ENDINGS = frozenset({"near", "hint", "more"})
"""Those that may be missing, and begin as one of the templates that begin with no letter."""
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+", re.ASCII)


def bare(template: str) -> str:
    """Return a template without the names of its values: by it two are the same."""
    return "".join(
        text if name is None else f"{text}{{}}" for text, name, _, _ in Formatter().parse(template)
    )


class Messages:
    """The messages of a language."""

    def __init__(self, table: Mapping[str, str], forms: Forms) -> None:
        """Take the English templates, and what each is in the language."""
        self._forms = forms
        self._plain = {text: said for text, said in table.items() if "{" not in text}
        heads = [text.partition("{")[0] for text in table if not text[:1].isalnum()]
        ending = f"(?:(?:{'|'.join(map(re.escape, filter(None, heads)))}).*)?"
        # What has more words of its own says more closely what was meant.
        templates = sorted(table.keys() - self._plain.keys(), key=lambda one: -len(bare(one)))
        self._patterns = [(_pattern(one, ending), table[one]) for one in templates]
        self.said = lru_cache(4_096)(self._said)

    def _said(self, message: str) -> str:
        """Return a message in the language."""
        if message in self._plain:
            return self._plain[message]
        for pattern, said in self._patterns:
            if found := pattern.fullmatch(message):
                return said.format_map(
                    {name: self._value(name, value) for name, value in found.groupdict().items()}
                )
        return message

    def _value(self, name: str, value: str) -> str:
        if name in PARTS:
            return self.said(value)
        return (
            self._forms.number(int(value.replace(",", ""))) if _GROUPED.fullmatch(value) else value
        )


def _pattern(template: str, ending: str) -> re.Pattern[str]:
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(f"(?P<{name}>{ending if name in _ENDINGS else '.+?'})")
    return re.compile("".join(parts), re.DOTALL)
