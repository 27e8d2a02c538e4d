"""Cursors of lists: where a page ended, of which list, with which filters.

A cursor says where to go on in the words of the list that gave it, and those mean something else,
or nothing at all, to another one. So it is bound to what was asked, and refused elsewhere. The
bond is no signature: whoever makes a cursor up is told nothing that they may not see, as what a
list shows is decided anew for each page, and a store looks at what it is given.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from rolecall.errors import UsageError
from rolecall.registry.documents import MOST_KEY_BYTES

__all__ = ["Cursor", "Listing", "foreign_cursor"]


class Cursor(Struct, frozen=True, array_like=True):
    """Where a page ended: at which entity, and after what in it.

    :ivar asked: the tag of the list and its filters; cursors of release 0.1.0 have none.
    """

    entity: str
    after: str | None
    asked: str = ""


class Listing:
    """What somebody asks a list for; how many rows make a page is no part of it."""

    def __init__(self, name: str, *filters: str | datetime | None) -> None:
        """Ask.

        :param filters: the same instant is the same in every time zone.
        """
        told = [one.astimezone(UTC) if isinstance(one, datetime) else one for one in filters]
        self._tag = hashlib.sha256(msgspec.json.encode([name, *told])).hexdigest()[:16]

    def cursor_text(self, entity: str, after: str | None = None) -> str:
        """Return a cursor as it is handed out."""
        made = Cursor(entity, after, self._tag)
        return base64.urlsafe_b64encode(msgspec.json.encode(made)).decode().rstrip("=")

    def read_cursor(self, text: str | None) -> Cursor | None:
        """Return a cursor that was handed out.

        :raises UsageError: it was not, or with another list or other filters.
        """
        if text is None:
            return None
        try:
            data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            found = msgspec.json.decode(data, type=Cursor)
        except (binascii.Error, ValueError, msgspec.MsgspecError):
            raise foreign_cursor() from None
        places = (found.entity, found.after or "")
        is_key = all(len(one.encode()) <= MOST_KEY_BYTES for one in places)
        if found.asked not in ("", self._tag) or not is_key:
            raise foreign_cursor()
        return found


def foreign_cursor() -> UsageError:
    """Return what is said of a cursor that a list did not give."""
    return UsageError(
        "cursor: not one that this list gave with these filters; without one it begins at the front"
    )
