"""What columns refer to is declared once, in their types, and everything else follows from that."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rolecall.model import TABLES, Account, Incident, Investigator
from rolecall.registry.documents import OF_ACCOUNTS
from rolecall.registry.schema import columns, names_in, referring
from tests.registries import AS_OF

COLUMNS = [(table, column) for table in TABLES for column in columns(table).values()]
OWN = {(table, "id") for table in TABLES}
NAMES = re.compile(r"(^|_)(id|ids|by)$|^(investigators|holders|approvers|contacts)$")
"""How columns are called that name rows of a table."""
NAMED_OTHERWISE = {("accounts", "owned_by")}
"""What is called so and names none: a portfolio is a platform's."""


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda part: getattr(part, "name", part))
def test_a_column_that_is_called_like_a_reference_says_what_it_refers_to(
    table: str, column: Any
) -> None:
    is_called_so = NAMES.search(column.name) is not None
    is_reference = is_called_so and (table, column.name) not in OWN | NAMED_OTHERWISE
    assert (column.refers is not None) == is_reference
    assert column.refers in (None, "entities", "people", "accounts")


def test_accounts_are_named_by_what_lies_in_their_documents_alone() -> None:
    # A batch has these with the account. Anything else that names one must bring it into batches.
    naming = {(table, name) for table in TABLES for name in referring(table, "accounts")}
    assert naming == {(table, "account_id") for table in OF_ACCOUNTS}


def test_names_are_taken_from_cells_lists_and_roles() -> None:
    who = (Investigator("p2", "it"), Investigator("p3", "compliance"))
    case = Incident("i", "a", AS_OF, subject_id="p1", investigators=who)
    account = Account("a", "e", "x", "h", "active", owner_id="p1", approved_by=("p1", "p2"))
    assert names_in("incidents", "people")((case,)) == {"p1", "p2", "p3"}
    assert names_in("incidents", "accounts")((case,)) == {"a"}
    assert names_in("accounts", "people")((account, account)) == {"p1", "p2"}
    assert names_in("accounts", "entities")((account,)) == {"e"}
    assert names_in("entities", "accounts")(()) == set()
