"""What reports say beside the findings of a run: most of it is in no log (``facts.json``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import UNSET, Struct, UnsetType

from rolecall.frameworks.citations import Citations
from rolecall.reports.trend import TrendPoint
from rolecall.vocabulary import Language

__all__ = ["MOST_HELD", "Administrator", "Facts", "HeldAccount", "Holders"]

MOST_HELD = 100_000
"""Accounts that the workbook lists with who holds them."""


class Administrator(Struct, frozen=True, array_like=True):
    """Who has a live administrative role on an account."""

    person: str
    name: str
    role: str


class HeldAccount(Struct, frozen=True, array_like=True):
    """An account that is not closed, and its administrators; ``entity`` is an id."""

    entity: str
    id: str
    label: str
    status: str
    holders: tuple[Administrator, ...]


class Holders(Struct, frozen=True, kw_only=True):
    """What reports take from the registry, and no log has.

    :ivar entities: names by id.
    :ivar accounts: in the order in which to show them, :data:`MOST_HELD` at most; ``None`` where
        nobody knows.
    :ivar more: how many there are beside them.
    :ivar heads: who heads an entity, by name, by the id of the entity.
    """

    entities: Mapping[str, str] = {}
    accounts: Sequence[HeldAccount] | None = None
    more: int = 0
    heads: Mapping[str, str] = {}


class Facts(Struct, frozen=True, kw_only=True):
    """What a document needs beside the lines of a run.

    :ivar trend: the runs before this one, the oldest first.
    :ivar checkpoint: the signed note that seals the log with this run in it; empty for none.
    :ivar digest: SHA-256 (hex) of the findings as JSON.
    :ivar citations: what the organisation says beside references.
    :ivar typesetter: the release of Typst that set the PDF, where it is another than this release's
        own.
    :ivar language: in which its sentences are, those of the findings too.
    """

    holders: Holders = Holders()
    trend: Sequence[TrendPoint] = ()
    checkpoint: str = ""
    digest: str = ""
    citations: Citations = Citations()
    typesetter: str | UnsetType = UNSET
    language: Language = "en"
