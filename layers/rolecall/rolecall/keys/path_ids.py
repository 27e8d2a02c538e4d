"""How ids stand in the paths of the API, so that each of them can be addressed.

Registries have ids of other people's systems: with a slash, a question mark, or nothing but two
dots. A gateway decodes a path before it hands it on, so that an encoded slash is one more part of
it and an encoded question mark ends it, and clients take dots away. So an id that is anything but
plain stands there as ``~`` and the base64url of its UTF-8; a plain one stands there as it is.
"""

from __future__ import annotations

import base64
import binascii
import re

__all__ = ["id_in_path", "path_id"]

_PLAIN = re.compile(r"[A-Za-z0-9_:@+-][A-Za-z0-9_:@+.~-]*", re.ASCII)
_MARK = "~"


def path_id(id_: str) -> str:
    """Return how an id stands in a path."""
    if _PLAIN.fullmatch(id_):
        return id_
    return _MARK + base64.urlsafe_b64encode(id_.encode()).decode().rstrip("=")


def id_in_path(part: str) -> str:
    """Return the id that a part of a path is.

    :raises ValueError: it begins as one that is encoded, and is none.
    """
    if not part.startswith(_MARK):
        return part
    text = part.removeprefix(_MARK)
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("~ is followed by the base64url of an id in UTF-8") from None
    # One id has one name in a path.
    if not found or path_id(found) != part:
        raise ValueError("this id stands in a path otherwise: plain, or in another encoding")
    return found
