"""What is wrong with a registry that a run looks at: problems of the run, and never its end.

Files with such an error are refused, and so is an edit that would make one. A table may hold it all
the same: an earlier release let it in, somebody wrote past Rolecall, or a copy was put back. Then
the run says what is wrong, looks at everything else, and concludes of nothing that it is gone while
rows were left out: what is not there may be what could not be read.

Messages hold ids and fixed words alone, for they go into the log.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Container, Mapping
from typing import Any, TypeVar

import msgspec

from rolecall.lineage import MOST_LEVELS, flaws_of
from rolecall.model import Person
from rolecall.printable import shorten
from rolecall.registry.documents import AccountDocument
from rolecall.registry.references import shown_circle
from rolecall.run import RegistryProblem, RegistryProblems

__all__ = ["MOST_TOLD", "Integrity"]

MOST_TOLD = 50
"""Problems that a run names; it counts them all."""
T = TypeVar("T")


class Integrity:
    """Gathers what is wrong with a registry while it is read.

    :ivar count: how many problems there are.
    :ivar left_out: whether rows are not looked at because of one.
    """

    def __init__(self) -> None:
        self.count = 0
        self.left_out = False
        self._told: list[RegistryProblem] = []

    def problems(self) -> RegistryProblems | None:
        """Return what was found, if something was."""
        told = sorted(self._told, key=lambda one: (one.table, one.id, one.message))
        return RegistryProblems(self.count, tuple(told)) if told else None

    def add(self, table: str, id_: str, message: str, *, leaves_out: bool = False) -> None:
        """Report a problem.

        :param leaves_out: whether a row is not looked at because of it.
        """
        self.count += 1
        self.left_out |= leaves_out
        if len(self._told) < MOST_TOLD:
            self._told.append(RegistryProblem(table, shorten(id_), message))

    def read(self, table: str, data: bytes, decode: Callable[[bytes], T]) -> T | None:
        """Return a document, or report that it is none."""
        try:
            return decode(data)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            self.add(table, _name_of(data), "cannot be read, and is left out", leaves_out=True)
            return None

    def is_first(self, table: str, id_: str, known: Container[str]) -> bool:
        """Tell whether nothing of an id was read before, or report that there was."""
        if id_ in known:
            self.add(table, id_, "is there twice; the first counts", leaves_out=True)
        return id_ not in known

    def check_tree(self, parents: Mapping[str, str | None]) -> None:
        """Report circles, entities that lie too deep, and parents that there are not."""
        flaws = flaws_of(parents)
        for circle in flaws.circles:
            self.add("entities", circle[0], f"goes round in a circle: {shown_circle(circle)}")
        for id_ in flaws.deep:
            self.add("entities", id_, f"lies more than {MOST_LEVELS} levels deep")
        for id_, parent in parents.items():
            if parent is not None and parent not in parents:
                self.add("entities", id_, f"is below {shorten(parent)}, which there is not")

    def check_person(self, person: Person, entities: Container[str]) -> None:
        """Report an entity of a person that there is not."""
        if person.entity_id is not None and person.entity_id not in entities:
            self.add("people", person.id, f"is of {shorten(person.entity_id)}, which there is not")

    def check_account(self, document: AccountDocument, entities: Container[str]) -> None:
        """Report an entity of an account that there is not, and grants that are one too many."""
        account = document.account
        if account.entity_id not in entities:
            entity = shorten(account.entity_id)
            self.add("accounts", account.id, f"is of {entity}, which there is not")
        live = Counter(grant.person_id for grant in document.grants if grant.is_live)
        for person, times in live.items():
            if times > 1:
                told = f"{shorten(person)} has {times} live grants on it"
                self.add("accounts", account.id, told)


def _name_of(data: bytes) -> str:
    """Return the id in a document that is not what it should be, or else what names its bytes."""
    try:
        found: Any = msgspec.json.decode(data)
        id_ = found.get("id") or found["account"]["id"]
    except (
        msgspec.MsgspecError,
        UnicodeError,
        RecursionError,
        AttributeError,
        KeyError,
        TypeError,
    ):
        id_ = None
    return id_ if isinstance(id_, str) else f"document {hashlib.sha256(data).hexdigest()[:16]}"
