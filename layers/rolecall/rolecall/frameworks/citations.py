"""What an organisation says of requirements itself: clauses of its policy, and official titles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec import Struct

__all__ = ["Citations"]

_encode = msgspec.json.Encoder(order="sorted").encode


class Citations(Struct, frozen=True, kw_only=True):
    """The words of an organisation beside references.

    Their digest is on record, and every release makes it alike: what a later one adds has a place
    and a digest of its own.

    :ivar clauses: of its own policy, by the id of the control that serves it.
    :ivar titles: of requirements, by framework and id: what whoever is licensed may print in place
        of our words.
    """

    clauses: Mapping[str, str] = {}
    titles: Mapping[str, Mapping[str, str]] = {}

    @property
    def digest(self) -> str | None:
        """SHA-256 (hex) of their JSON, keys sorted; ``None`` where there are none."""
        if not self.clauses and not any(self.titles.values()):
            return None
        return hashlib.sha256(_encode(self)).hexdigest()
