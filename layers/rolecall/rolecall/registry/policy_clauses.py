"""``[policy.clauses]``: which clause of the organisation's own policy stands behind a control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rolecall.controls.catalogue import catalogue
from rolecall.printable import printable
from rolecall.registry.problems import suggestion

__all__ = ["MOST_OF_A_CLAUSE", "AddPolicyProblem", "clauses_of"]

MOST_OF_A_CLAUSE = 200
"""Characters: a clause is named here, not quoted at length."""
_WHERE = "policy.clauses"


class AddPolicyProblem(Protocol):
    """Takes a problem of a policy: where, what, and the value that is wrong."""

    def __call__(self, where: str, message: str, value: Any = None) -> None:
        """Take it."""
        ...


def clauses_of(table: Any, problem: AddPolicyProblem) -> Mapping[str, str]:
    """Return clauses by the id of the control that serves them.

    :param table: as the document has it; ``None`` where it has none.
    """
    if table is None:
        return {}
    if not isinstance(table, dict):
        problem(_WHERE, 'must be a table, such as [policy.clauses] with orphaned-admin = "II.B"')
        return {}
    return {id_: clause for id_, clause in table.items() if _is_clause(id_, clause, problem)}


def _is_clause(id_: str, clause: Any, problem: AddPolicyProblem) -> bool:
    where, flaw = f"{_WHERE}.{id_}", None
    if id_ not in catalogue():
        problem(where, f"no such control{suggestion(id_, catalogue())}")
        return False
    if not isinstance(clause, str) or not clause.strip():
        flaw = "must be a text that is not empty"
    elif clause != clause.strip():
        flaw = "must not begin or end with a space"
    elif printable(clause) != clause:
        flaw = "holds a line break, or a sign that nobody sees; write it on one line"
    elif len(clause) > MOST_OF_A_CLAUSE:
        flaw = f"takes {len(clause):,} characters; name the clause with {MOST_OF_A_CLAUSE} at most"
    if flaw is not None:
        problem(where, flaw, clause)
    return flaw is None
