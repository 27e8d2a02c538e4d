"""What follows from the sheets: a registry's tables, what was assumed, and what is still asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from rolecall.adopt.questions import Question

__all__ = ["Proposal", "ProposedRow", "TakenColumn"]


class ProposedRow(Struct, frozen=True):
    """One row of a table of the registry, as the sheets have it.

    :ivar cells: by the names of columns; a column that is left out is one of which the sheets of
        this row say nothing, and an empty cell is one that they left empty.
    :ivar sheets: the indexes of the sheets that speak of it.
    :ivar silent: of an account, the tables of which its sheets say nothing: who administers it, and
        who knows its password, nobody wrote down.
    """

    cells: Mapping[str, str]
    sheets: frozenset[int] = frozenset()
    silent: frozenset[str] = frozenset()


class TakenColumn(NamedTuple):
    """What a column was taken for.

    :ivar sheet: its place in words.
    :ivar meaning: what its cells say, in words.
    :ivar sample: one of its cells, empty where it has none.
    """

    sheet: str
    heading: str
    meaning: str
    sample: str


class Proposal(Struct, frozen=True):
    """A registry as it would be.

    :ivar tables: rows by the names of the registry's tables, in the order of writing.
    :ivar assumptions: what was taken to be so, in sentences, each with its place.
    :ivar warnings: what should be looked at, and does not stand in the way.
    :ivar questions: what nobody has answered; the safest answer was taken for each.
    :ivar empties: which words were taken for nothing, and how often.
    :ivar columns: what each column of each sheet was taken for.
    """

    tables: Mapping[str, Sequence[ProposedRow]]
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    empties: Mapping[str, int] = {}
    columns: tuple[TakenColumn, ...] = ()
