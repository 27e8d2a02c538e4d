"""The text of a file, whatever its encoding is: decided by its content, and said."""

from __future__ import annotations

import codecs
from typing import NamedTuple

__all__ = ["Decoded", "decoded_text"]


class Decoded(NamedTuple):
    """A text, and what its encoding was taken for where its file does not say so."""

    text: str
    remark: str = ""


def decoded_text(data: bytes) -> Decoded:
    """Return the text of a file."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(data.decode("utf-16"))
    try:
        return Decoded(data.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError:
        return Decoded(data.decode("cp1252", errors="replace"), "is read as Windows-1252")
