"""What is tracked for some rows alone is judged for those as if it were tracked for all."""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from msgspec.structs import fields, replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.errors import RegistryError
from rolecall.model import TABLES, Policy, Snapshot, Subject
from rolecall.provenance import OTHERS_UNTRACKED, TABLES_BY_ROW, UNTRACKED, row_key
from tests.registries import AS_OF, HEADERS, OPTIONAL_COLUMNS, crowded, parish, read
from tests.tiers import TIER, some

ROW_BY_ROW = ("accounts", "people", "grants", "logins", "incidents", "contents")


def asks_for(control: str, column: str) -> bool:
    """Tell whether a control asks for a column of the rows that it looks at."""
    one = catalogue()[control]
    tables = {one.subjects.table, "people" if one.subjects.table == "grants" else None}
    return (
        column in (*one.needs, *one.partly, *chain.from_iterable(one.needs_one))
        and column.partition(".")[0] in tables
    )


COLUMNS = [
    column
    for column in OPTIONAL_COLUMNS
    if column.partition(".")[0] in ROW_BY_ROW
    and any(asks_for(control, column) for control in catalogue())
]


@cache
def organisation(seed: int) -> tuple[Snapshot, Policy]:
    """Return a registry in which much is wrong."""
    return crowded(seed).read()


def first_row_untracked(registry: Snapshot, column: str) -> tuple[Snapshot, str]:
    """Keep no track of a column for the first row of its table; return the id of that row too."""
    table, _, name = column.partition(".")
    first, *others = getattr(registry, table)
    key = row_key(table)
    empty = next(one.default for one in fields(TABLES[table]) if one.name == name)
    rows = [one for one in others if key(one) != key(first)]
    known = {**registry.filled, column: frozenset(map(key, rows))}
    emptied = (replace(first, **{name: empty}), *rows)
    return (
        replace(registry, **{table: emptied}, tracked=registry.tracked - {column}, filled=known),
        key(first)[-1],
    )


@pytest.mark.parametrize("column", some(COLUMNS))
def test_a_row_is_judged_by_what_is_tracked_of_it(column: str) -> None:
    for seed in range(4 if TIER == "test" else 8):
        registry, policy = organisation(seed)
        less, row = first_row_untracked(registry, column)
        table = column.partition(".")[0]
        whole = replace(registry, **{table: getattr(less, table)})
        roster = {one.id for one in registry.people}
        for id_, control in catalogue().items():
            if not asks_for(id_, column):
                continue
            verdicts = []
            for one in (whole, less):
                found = evaluate(Context(one, policy, AS_OF), [control])
                subject = control.subjects.subject
                unknown = [(subject(item), "") for item in found.undecided.get(id_, ())]
                failed = [(finding.subject, finding.severity) for finding in found.findings]
                # Who is on no roster has no row either, of which anything could be tracked.
                strange = {grant.person_id for grant in whole.grants} - roster
                verdicts.append(
                    {
                        pair
                        for pair in (*unknown, *failed)
                        if not is_of(pair[0], row) and pair[0].person not in strange
                    }
                )
            assert verdicts[0] == verdicts[1], id_


def is_of(subject: Subject, row: str) -> bool:
    """Tell whether a subject is, or belongs to, what has an id."""
    return row in subject.keys().values()


@pytest.mark.parametrize("mark", [UNTRACKED, OTHERS_UNTRACKED])
@pytest.mark.parametrize("table", sorted(TABLES.keys() - TABLES_BY_ROW))
def test_a_mark_where_it_means_nothing_is_refused(table: str, mark: str, tmp_path: Path) -> None:
    files = parish()
    names = [one for one in HEADERS[table] if (f"{table}.{one}" in OPTIONAL_COLUMNS)]
    if mark == OTHERS_UNTRACKED:
        files.tables[table].append(dict.fromkeys(HEADERS[table], mark))
    else:
        files.tables[table][0].update(dict.fromkeys(names, mark))
    with pytest.raises(RegistryError) as raised:
        read(files.write(tmp_path))
    expected = 1 if mark == OTHERS_UNTRACKED else len(names)
    assert sum("tracked by column" in str(one) for one in raised.value.problems) == expected


def test_a_supervisor_of_whom_nobody_knows_what_they_are_is_no_flaw() -> None:
    files = parish()
    files.row("people", 0, type="volunteer", supervisor_id="p1")
    files.row("people", 1, type=UNTRACKED)
    registry, policy = files.read()
    found = evaluate(Context(registry, policy, AS_OF), [catalogue()["unsupervised-volunteer"]])
    assert found.findings == []
    undecided = found.undecided["unsupervised-volunteer"]
    assert ("a0", "p0") in {(grant.account_id, grant.person_id) for grant in undecided}
