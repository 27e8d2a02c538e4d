"""A table whose key is another one, or cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import TableFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["table_encryption"]


def _asked(state: StackState) -> Mapping[str, Answer[TableFacts]]:
    return state.tables


@doctor_check(
    title="Every table can be read, and lies under the data key of the stack",
    why=(
        "A table whose key is gone is not readable by anybody; under another key, whoever has "
        "that one reads it."
    ),
    remedy=(
        "Enable the data key (aws kms enable-key), or cancel its deletion, within seven days; "
        "then deploy again."
    ),
    asks=("dynamodb:DescribeTable",),
    subjects=_asked,
    on_emulator=False,
)
def table_encryption(name: str, found: TableFacts, state: StackState) -> Iterator[Complaint]:
    """Look at the state of a table and at its key."""
    key = state.stack.outputs.get("DataKeyArn")
    if found.status not in ("ACTIVE", "UPDATING"):
        yield Complaint("critical", f"{name} is in the state {found.status}.")
    if found.encryption is None or found.encryption.key != key:
        yield Complaint(
            "warning",
            f"{name} is not encrypted under the data key of the stack.",
            "Somebody changed it: deploy again, and look in CloudTrail who.",
        )
    elif found.encryption.inaccessible is not None:
        yield Complaint("critical", f"DynamoDB cannot use the key of {name}: it will be archived.")
