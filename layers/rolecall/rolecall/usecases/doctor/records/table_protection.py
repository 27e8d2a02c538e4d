"""A table that one call deletes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import TableFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["table_protection"]


def _asked(state: StackState) -> Mapping[str, Answer[TableFacts]]:
    return {one: answer for one, answer in state.tables.items() if one != "AnswersTable"}


@doctor_check(
    title="No table of records can be deleted by mistake",
    why=(
        "The tables are the record; one call deletes a table without protection, with "
        "everything in it."
    ),
    remedy=(
        "aws dynamodb update-table --deletion-protection-enabled --table-name TABLE, or "
        "deploy again."
    ),
    asks=("dynamodb:DescribeTable",),
    subjects=_asked,
    on_emulator=False,
)
def table_protection(name: str, found: TableFacts, __: StackState) -> Iterator[Complaint]:
    """Look at whether a table is protected."""
    if not found.protected:
        yield Complaint("critical", f"{name} can be deleted by one call: its protection is off.")
