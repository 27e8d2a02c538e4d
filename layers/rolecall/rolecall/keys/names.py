"""Keys of names that people write out: of legal bodies, of portfolios, of who pays and is paid.

Two names are one where they differ by case, by the spaces in them or by the form of a letter alone.
What merely looks alike is another name: whoever is paid under it may want just that.
"""

from __future__ import annotations

import unicodedata

__all__ = ["name_key"]


def name_key(name: str) -> str:
    """Return by what a name is found."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
