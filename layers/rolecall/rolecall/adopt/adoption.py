"""One adoption: sheets and the registry that is there make the registry that is to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.adopted import KEYS, Adopted, AdoptedRow
from rolecall.adopt.memory import Memory
from rolecall.adopt.proposal import Proposal, ProposedRow
from rolecall.adopt.proposing import propose
from rolecall.adopt.questions import Answers, Question
from rolecall.adopt.reconciling import MergedTable, merged_table
from rolecall.adopt.registry_tables import RegistryTable
from rolecall.adopt.sheets import Sheet
from rolecall.adopt.silence import with_silence
from rolecall.adopt.sources import matched_sources, source_of
from rolecall.adopt.vanishing import VANISHED, Settled, vanished
from rolecall.model import Snapshot

__all__ = ["Adoption", "RegistryThere", "adopt_sheets"]


class RegistryThere(Struct, frozen=True):
    """A registry as it is before an adoption; all of it empty where there is none yet.

    :ivar tables: those that have a file, as they stand in it.
    """

    snapshot: Snapshot = Snapshot()
    tables: Mapping[str, RegistryTable] = {}
    memory: Memory = Memory()
    adopted: Adopted = Adopted()


class Adoption(Struct, frozen=True):
    """What an adoption makes, and what it still asks.

    :ivar tables: every table that it makes, merged with what was there.
    :ivar questions: all that nobody has answered; the safest answer was taken for each.
    """

    proposal: Proposal
    tables: Mapping[str, MergedTable]
    questions: tuple[Question, ...]
    memory: Memory
    adopted: Adopted

    @property
    def kept(self) -> tuple[str, ...]:
        """What the registry says otherwise than the sheets, and goes on saying, in sentences."""
        return tuple(sentence for table in self.tables.values() for sentence in table.kept)


def adopt_sheets(
    sheets: Sequence[Sheet],
    there: RegistryThere,
    answers: Answers,
    today: date,
    random_bytes: Callable[[int], bytes],
) -> Adoption:
    """Return the registry that sheets and a registry make.

    :param answers: the answers to questions, those that memory keeps among them.
    :param random_bytes: gives so many bytes at random, for ids of people.
    """
    proposal, memory = propose(sheets, there.memory, there.snapshot, answers, today, random_bytes)
    keys = {name: [_key(name, row) for row in rows] for name, rows in proposal.tables.items()}
    sources = _sources(sheets, proposal, keys, there.adopted)
    known = {index for index in sources if index < len(there.adopted.sources)}
    proposed = {name: frozenset(found) for name, found in keys.items()}
    gone = vanished(there.adopted, known, proposed, there.tables, answers, today)
    before = _without(there.adopted, gone.settled)
    merged = _merged(proposal, there, gone.settled)
    adopted = _undecided(_adopted(proposal, keys, sources, sheets, before), before, merged)
    tables, others = with_silence(merged, there.tables, adopted)
    return Adoption(
        proposal=proposal,
        tables=tables,
        questions=(*proposal.questions, *gone.questions),
        memory=replace(memory, answers=_remembered({**there.memory.answers, **answers})),
        adopted=replace(adopted, others=others),
    )


def _remembered(answers: Answers) -> Answers:
    return {name: value for name, value in answers.items() if not name.startswith(VANISHED)}


def _without(adopted: Adopted, settled: Settled) -> Adopted:
    """Return what was adopted without the rows that answers settled.

    Of a row that is kept it stays on record that sheets made it, and no sheet has to have it.
    """
    tables = dict(adopted.tables)
    for name, answered in settled.items():
        tables[name] = tuple(
            replace(row, sources=()) if row.key in answered else row
            for row in tables.get(name, ())
            if not answered.get(row.key)
        )
    return replace(adopted, tables=tables)


def _key(table: str, row: ProposedRow) -> tuple[str, ...]:
    return tuple(row.cells.get(part, "") for part in KEYS[table])


def _sources(
    sheets: Sequence[Sheet],
    proposal: Proposal,
    keys: Mapping[str, Sequence[tuple[str, ...]]],
    adopted: Adopted,
) -> list[int]:
    """Return the index of the source that each sheet is; new ones count on from the old."""
    named: list[set[tuple[str, ...]]] = [set() for _ in sheets]
    for table, rows in proposal.tables.items():
        for row, key in zip(rows, keys[table], strict=True):
            for index in row.sheets:
                named[index].add((table, *key))
    found, fresh = [], len(adopted.sources)
    for match in matched_sources(sheets, named, adopted):
        found.append(fresh if match is None else match)
        fresh += match is None
    return found


def _adopted(
    proposal: Proposal,
    keys: Mapping[str, Sequence[tuple[str, ...]]],
    sources: Sequence[int],
    sheets: Sequence[Sheet],
    before: Adopted,
) -> Adopted:
    """Return what is remembered: the rows of these sheets, and what others said before."""
    read = set(sources)
    kept = list(before.sources)
    for sheet, index in zip(sheets, sources, strict=True):
        kept[index : index + 1] = [source_of(sheet)]
    tables: dict[str, tuple[AdoptedRow, ...]] = {}
    for name in KEYS:
        now = {
            key: AdoptedRow(
                key,
                row.cells,
                tuple(sorted({sources[one] for one in row.sheets})),
                tuple(sorted(row.silent)),
            )
            for key, row in zip(keys.get(name, ()), proposal.tables.get(name, ()), strict=True)
        }
        tables[name] = tuple(
            one for _, one in sorted({**now, **_left(before, name, read, now)}.items())
        )
    said = {name: rows for name, rows in tables.items() if rows}
    return replace(before, sources=tuple(kept), tables=said)


def _undecided(adopted: Adopted, before: Adopted, merged: Mapping[str, MergedTable]) -> Adopted:
    """Return what is remembered with the cells as they were in which registry and sheets disagree.

    What a sheet said and the registry did not take is news until one of them gives way: the same
    sheets say so again, and make the same page.
    """
    tables = dict(adopted.tables)
    for name, table in merged.items():
        if not table.conflicts:
            continue
        was = {row.key: row.cells for row in before.tables.get(name, ())}
        columns: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for key, column in table.conflicts:
            columns[key].add(column)
        tables[name] = tuple(
            replace(row, cells=_as_before(row.cells, was.get(row.key, {}), columns[row.key]))
            if row.key in columns
            else row
            for row in tables.get(name, ())
        )
    return replace(adopted, tables=tables)


def _as_before(
    cells: Mapping[str, str], was: Mapping[str, str], columns: Set[str]
) -> Mapping[str, str]:
    settled = {name: cell for name, cell in cells.items() if name not in columns}
    return settled | {name: was[name] for name in columns & was.keys()}


def _left(
    before: Adopted, name: str, read: Set[int], now: Mapping[tuple[str, ...], AdoptedRow]
) -> dict[tuple[str, ...], AdoptedRow]:
    """Return the rows of last time that others spoke of, or that vanished: they stay known."""
    found = {}
    for row in before.tables.get(name, ()):
        others = tuple(sorted(set(row.sources) - read))
        if row.key not in now:
            found[row.key] = row
        elif others:
            row_now = now[row.key]
            silent = tuple(sorted(set(row.silent) & set(row_now.silent)))
            sources = tuple(sorted({*row_now.sources, *others}))
            found[row.key] = replace(row_now, sources=sources, silent=silent)
    return found


def _merged(
    proposal: Proposal, there: RegistryThere, settled: Settled
) -> Mapping[str, MergedTable]:
    adopted: defaultdict[str, Iterable[AdoptedRow]] = defaultdict(tuple, there.adopted.tables)
    return {
        name: merged_table(
            name,
            there.tables.get(name),
            proposal.tables.get(name, ()),
            adopted[name],
            settled.get(name, {}),
        )
        for name in KEYS
        if name in proposal.tables or name in settled
    }
