"""What every format of a report is written from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from rolecall.frameworks.citations import Citations
from rolecall.location import LocateSubject
from rolecall.reports.document import ReportDocument
from rolecall.reports.facts import Holders
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import FindingLine
from rolecall.run import Heading
from rolecall.texts import Texts, texts_of
from rolecall.vocabulary import Language

__all__ = ["Lines", "Material"]


class Lines(Protocol):
    """The findings of a run in words, in the order of every report; as often as asked."""

    def __call__(self) -> Iterator[FindingLine]:
        """Yield them."""
        ...


class Material(Struct, frozen=True, kw_only=True):
    """What a report is written from.

    :ivar document: what pages say; ``None`` where no page is asked for.
    :ivar locate: finds the rows behind findings; ``None`` where there is no registry at hand.
    :ivar citations: what the organisation says beside references.
    :ivar actions: what is to be done; ``None`` where nobody knows.
    :ivar holders: the names that no finding has.
    :ivar language: in which the lines are, and what is said beside them.
    """

    heading: Heading
    lines: Lines
    document: ReportDocument | None = None
    locate: LocateSubject | None = None
    citations: Citations = Citations()
    holders: Holders = Holders()
    language: Language = "en"
    actions: ToldActions | None = None

    @property
    def page(self) -> ReportDocument:
        """What pages say, where a page is written."""
        if self.document is None:
            raise TypeError("a page is written from a document")
        return self.document

    @property
    def texts(self) -> Texts:
        """What is said in the language of the report."""
        return texts_of(self.language)

    @property
    def rows(self) -> LocateSubject:
        """What finds the rows behind findings, where a format points at them."""
        if self.locate is None:
            raise TypeError("a format that points at rows is written where a registry is at hand")
        return self.locate
