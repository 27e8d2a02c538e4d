"""All texts for people, one folder a language, and how the language writes numbers and days.

A language is a folder of tables in TOML and its code in :data:`rolecall.vocabulary.Language`. A
table is one part of what is said, read when it is first asked for: most runs say little. What a
table does not have is an error and never English in between; the tests hold every table to the keys
and the placeholders of the English one.

English sentences of controls stand in the controls themselves, where they are reviewed with what
they describe; ``catalogue.toml`` has them in the other languages.
"""

from __future__ import annotations

from rolecall.texts.forms import Forms
from rolecall.texts.number import Number
from rolecall.texts.spoken import (
    ControlText,
    FrameworkText,
    MissingTextError,
    Texts,
    Words,
    texts_of,
)

__all__ = [
    "ControlText",
    "Forms",
    "FrameworkText",
    "MissingTextError",
    "Number",
    "Texts",
    "Words",
    "texts_of",
]
