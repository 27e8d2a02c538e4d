"""What reports say beside the findings of a run: most of it is in no log (``facts.json``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import UNSET, Struct, UnsetType

from rolecall.frameworks.citations import Citations
from rolecall.reports.trend import TrendPoint
from rolecall.vocabulary import Language

__all__ = ["MOST_HELD", "Facts", "HeldAccount", "Holders", "RoleHolder", "ShownPerson"]

MOST_HELD = 100_000
"""Accounts that the workbook lists with who holds them."""


class RoleHolder(Struct, frozen=True, array_like=True):
    """Who has a live role on an account."""

    person: str
    name: str
    role: str


class ShownPerson(Struct, frozen=True, array_like=True):
    """Whom a platform shows on an account: by the name of the holder whose mailbox it is, or as the
    platform names them. ``role`` is the platform's word."""

    name: str
    role: str
    is_holder: bool


class HeldAccount(Struct, frozen=True, array_like=True):
    """An account that is not closed, and everybody with a role on it; ``entity`` is an id.

    ``url`` is its address on the web, empty where there is none; ``observed`` whom the platform
    showed on the day ``seen_on``.
    """

    entity: str
    id: str
    label: str
    status: str
    holders: tuple[RoleHolder, ...]
    url: str = ""
    observed: tuple[ShownPerson, ...] = ()
    seen_on: date | None = None


class Holders(Struct, frozen=True, kw_only=True):
    """What reports take from the registry, and no log has.

    :ivar organisation: whose registry it is, by the name of what is on top of its tree; empty where
        nobody knows.
    :ivar entities: names by id.
    :ivar names: what is called how, by table and id, of what accepted findings are about, and who
        approved them.
    :ivar accounts: in the order in which to show them, :data:`MOST_HELD` at most; ``None`` where
        nobody knows.
    :ivar more: how many there are beside them.
    :ivar heads: who heads an entity, by name, by the id of the entity.
    """

    organisation: str = ""
    entities: Mapping[str, str] = {}
    names: Mapping[str, Mapping[str, str]] = {}
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
    :ivar unmade: names of the reports that could not be made when these were.
    :ivar with_incidents: whether pages have the annex of what concerns somebody's conduct.
    :ivar language: in which its sentences are, those of the findings too.
    """

    holders: Holders = Holders()
    trend: Sequence[TrendPoint] = ()
    checkpoint: str = ""
    digest: str = ""
    citations: Citations = Citations()
    with_incidents: bool = False
    unmade: tuple[str, ...] = ()
    language: Language = "en"
    typesetter: str | UnsetType = UNSET
