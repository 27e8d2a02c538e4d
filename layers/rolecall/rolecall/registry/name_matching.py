"""References by name: each that means one row gets its id, and what is not clear is an error.

Hardly any table has one, so that next to nothing may be done before it is known that there is.
Texts
that are no ids are held against the names of rows as sets, and only what is in both is looked into.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from operator import attrgetter

from rolecall.registry.neighbours import named_one_by_one, with_ids
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.problems import Problems
from rolecall.registry.row_names import NAMED_TABLES, RowNames, composed, shown_choice
from rolecall.registry.schema import columns, names_in

__all__ = ["Unclear", "match_names", "named_in_roles"]

Unclear = Mapping[str, Set[str]]
"""By the table that is referred to, texts that name more than one row of it."""
_Tables = Mapping[str, ParsedTable]
_id, _name = attrgetter("id"), attrgetter("name")


def match_names(
    tables: _Tables, texts: Set[str], warnings: Problems, problems: Problems
) -> tuple[_Tables, Unclear]:
    """Return tables in which references by name are ids, and the names that are not clear.

    :param texts: every text of a column that refers to something, among others.
    :param problems: takes an error of each reference that could mean several rows.
    """
    found, unclear = dict(tables), {}
    # Of each text that is asked for in a hundred thousand rows nothing is asked one by one.
    ids = {name: list(map(_id, tables[name].records)) for name in NAMED_TABLES if name in tables}
    for target in ids:
        _warn_of_names_like_ids(tables[target], ids[target], warnings)
        # A text that is an id elsewhere may be a name here.
        elsewhere = [known for name, known in ids.items() if name != target]
        candidates = _called(tables[target], texts, elsewhere)
        if not (candidates := frozenset(candidates).difference(ids[target] if candidates else ())):
            continue
        names = RowNames(target, tables[target].records)
        choices = {text: names.ids_of(text) for text in candidates}
        meant = {text: some[0] for text, some in choices.items() if len(some) == 1}
        several = {text: some for text, some in choices.items() if len(some) > 1}
        told = _told(tables, target, candidates)
        for name in told:
            found[name] = with_ids(found[name], target, meant)
        _report(told, target, meant, warnings)
        for table, index, column, text in _places(told, target, several):
            message = (
                f"could be {shown_choice(several[text])}, which are called alike; write the id"
            )
            place = {"row": table.numbers[index], "column": column, "value": text}
            problems.add(table.file, message, **place)  # type: ignore[arg-type]
        unclear[target] = frozenset(several)
    return found, unclear


def named_in_roles(tables: _Tables) -> set[str]:
    """Return whom columns of people with their roles name: their cells are read as wholes."""
    return {
        one.person_id
        for name, table in tables.items()
        for column in columns(name).values()
        if column.kind == "roles"
        for record in table.records
        for one in getattr(record, column.name)
    }


def _called(target: ParsedTable, texts: Set[str], elsewhere: Iterable[Sequence[str]]) -> Set[str]:
    """Return the texts by which a row of a table may be called.

    :param elsewhere: the ids of other tables.
    """
    joined = "\n".join(texts)
    if target.name == "accounts":
        return {text for text in texts if " on " in text} if " on " in joined else frozenset()
    names = set(map(_name, target.records))
    found = names.intersection(texts).union(*map(names.intersection, elsewhere))
    if not joined.isascii():
        # A name that is composed otherwise is equal to none as it stands.
        plain = {composed(name) for name in names if name}
        found |= {text for text in texts if not text.isascii() and composed(text) in plain}
    return found


def _warn_of_names_like_ids(table: ParsedTable, known: Sequence[str], warnings: Problems) -> None:
    """Warn of who is called as another row's id is: where that stands, the other one is meant."""
    if table.name == "accounts":
        return
    ids = set(map(_name, table.records)).intersection(known) - {None}
    if not ids:
        return
    for index, record in enumerate(table.records):
        if record.name in ids and record.name != record.id:
            message = "is the id of another row, which is meant wherever it stands"
            place = {"row": table.numbers[index], "column": "name", "value": record.name}
            warnings.add(table.file, message, **place)


def _told(tables: _Tables, target: str, texts: Set[str]) -> dict[str, ParsedTable]:
    """Return the tables in which some of the texts refer to rows of another."""
    return {
        name: table
        for name, table in tables.items()
        if not texts.isdisjoint(names_in(name, target)(table.records))
    }


def _places(
    tables: _Tables, target: str, texts: Mapping[str, object]
) -> Iterator[tuple[ParsedTable, int, str, str]]:
    if texts:
        for table in tables.values():
            for index, column, text in named_one_by_one(table, target):
                if text in texts:
                    yield table, index, column, text


def _report(tables: _Tables, target: str, meant: Mapping[str, str], warnings: Problems) -> None:
    """Say once of each name for whom it was taken, where it stands first, and how often."""
    places = list(_places(tables, target, meant))
    times = Counter(text for _, _, _, text in places)
    for table, index, column, text in places:
        if (often := times.pop(text, 0)) > 0:
            more = f" (in {often:,} places)" if often > 1 else ""
            message = f"was taken for {meant[text]}, who is called so{more}"
            if target != "people":
                message = f"was taken for {meant[text]}, which is called so{more}"
            place = {"row": table.numbers[index], "column": column, "value": text}
            warnings.add(table.file, message, **place)  # type: ignore[arg-type]
