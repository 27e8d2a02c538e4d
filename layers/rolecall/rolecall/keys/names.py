"""Keys of names that people write out: of legal bodies, of portfolios, of who pays and is paid.

Two names are one where they differ by case, by the spaces in them or by the form of a letter alone.
What merely looks alike is another name: whoever is paid under it may want just that.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

__all__ = ["name_key", "name_mark"]


@lru_cache(maxsize=1 << 12)
def name_key(name: str) -> str:
    """Return by what a name is found."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def name_mark(name: str) -> str:
    """Return a mark that tells a name from others where the name itself must not stand.

    Evidence is kept for years, and a name may be a private person's. Who has a name can tell
    whether it is this one; nobody can read it off the mark.
    """
    return hashlib.sha256(name_key(name).encode()).hexdigest()[:16]
