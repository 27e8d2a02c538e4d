"""Whether what a control needs is tracked: for all its subjects, for some, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from rolecall.controls.context import Context
from rolecall.controls.control import Concern, Control, Params, Undecided
from rolecall.controls.populations import Population
from rolecall.lineage import lineage_of
from rolecall.model import Snapshot
from rolecall.presence import ROWS
from rolecall.provenance import row_key

__all__ = ["Sieving", "Unproven", "unmet", "unproven"]

Sieving: TypeAlias = Callable[[Sequence[Any]], tuple[Sequence[Any], list[Undecided]]]
"""Takes from subjects those for which something is not tracked, each with the reason."""
Unproven: TypeAlias = Callable[[Sequence[Any], Params], list[Undecided]]
"""Returns, of subjects that do not fail, those that may by what is not tracked, and why."""


def unmet(control: Control[Any], context: Context) -> tuple[list[str], Sieving | None]:
    """Return what is not there for any subject of a control, and what takes out some of them."""
    missing: list[str] = []
    partly = []
    # Of a table that may be empty the rows are needed by whoever looks at them.
    rows = ROWS.get(control.subjects.table or "")
    for need in filter(None, (rows, *control.needs)):
        if (reason := context.lacks(need)) is not None:
            is_tracked = _tracked_for(need, control.subjects, context.snapshot)
            if is_tracked is None:
                # Several columns of a table without rows are missing for one reason.
                missing += [] if reason in missing else [reason]
            else:
                partly.append((reason, is_tracked))
    unmet_choices, chosen = _choices(control, context)
    missing += unmet_choices
    partly += chosen
    return missing, _sieving(partly) if partly else None


def _choices(
    control: Control[Any], context: Context
) -> tuple[list[str], list[tuple[str, Callable[[Any], bool]]]]:
    """Return what is not there of what a control needs one of, and of which subjects none is."""
    lacking: list[str] = []
    by_row: list[list[Callable[[Any], bool]]] = []
    for needs in control.needs_one:
        unmet = {need: reason for need in needs if (reason := context.lacks(need)) is not None}
        if not unmet:
            return [], []
        rows = [_tracked_for(need, control.subjects, context.snapshot) for need in unmet]
        by_row += [[row for row in rows if row is not None]] if None not in rows else []
        lacking += unmet.values()
    reasons = list(dict.fromkeys(lacking))
    if not by_row:
        return reasons, []
    return [], [(reasons[0], lambda item: any(all(is_in(item) for is_in in one) for one in by_row))]


def unproven(control: Control[Any], context: Context) -> Unproven | None:
    """Return what takes out, of subjects that do not fail, those that a missing column concerns."""
    partly = [
        (reason, concerns, _tracked_for(column, control.subjects, context.snapshot))
        for column, concerns in control.partly.items()
        if (reason := context.lacks(column)) is not None
    ]
    if not partly:
        return None

    def concerned(subjects: Sequence[Any], params: Params) -> list[Undecided]:
        return _sieving(
            [
                (reason, _settled(concerns, is_tracked, context, params))
                for reason, concerns, is_tracked in partly
            ]
        )(subjects)[1]

    return concerned


def _settled(
    concerns: Concern[Any],
    is_tracked: Callable[[Any], bool] | None,
    context: Context,
    params: Params,
) -> Callable[[Any], bool]:
    """Return the function that tells whether a column could say no more of a subject."""

    def settled(subject: Any) -> bool:
        if is_tracked is not None and is_tracked(subject):
            return True
        return not concerns(subject, context, params)

    return settled


def _tracked_for(
    need: str, population: Population[Any], snapshot: Snapshot
) -> Callable[[Any], bool] | None:
    """Return the function that tells whether a column is tracked for a subject.

    That is whether it is for the row that stands behind it: its own, of a grant its holder's, of an
    account its entity's, and that of any of its grants or logins. An e-mail domain of an entity
    holds for those below it, so all in line have to say theirs. ``None`` where it is tracked for no
    subject.
    """
    rows = snapshot.filled.get(need)
    if rows is None:
        return None
    match need.partition(".")[0], population.table:
        case (table, own) if table == own:
            key = row_key(table)
            return lambda item: key(item) in rows
        case ("people", "grants"):
            return lambda grant: (grant.person_id,) in rows
        case ("entities", "accounts") if need == "entities.email_domains":
            entities = {entity.id: entity for entity in snapshot.entities}
            return lambda account: all(
                (one.id,) in rows for one in lineage_of(account.entity_id, entities)
            )
        case ("entities", "accounts"):
            return lambda account: (account.entity_id,) in rows
        case ("logins" | "grants", "accounts"):
            accounts = {account for account, _ in rows}
            return lambda account: account.id in accounts
    return None


def _sieving(partly: Sequence[tuple[str, Callable[[Any], bool]]]) -> Sieving:
    def sieve(subjects: Sequence[Any]) -> tuple[Sequence[Any], list[Undecided]]:
        out: list[Undecided] = []
        for reason, is_decided in partly:
            out += [(subject, reason) for subject in subjects if not is_decided(subject)]
            subjects = list(filter(is_decided, subjects))
        return subjects, out

    return sieve
