"""Clauses of an organisation's own policy: what is read, and what is refused."""

from __future__ import annotations

import pytest

from rolecall.errors import PolicyError
from rolecall.registry.policy_toml import parse_policy, read_policy

HEAD = '[policy]\nname = "N"\n[policy.clauses]\n'


def clauses(text: str) -> dict[str, str]:
    return dict(parse_policy("policy.toml", text.encode()).citations.clauses)


def test_a_policy_names_its_own_clauses() -> None:
    assert clauses(f'{HEAD}orphaned-admin = "II.B"\nsole-administrator = "\u00a7 4 (2)"\n') == {
        "orphaned-admin": "II.B",
        "sole-administrator": "\u00a7 4 (2)",
    }


@pytest.mark.parametrize("text", ["", '[policy]\nname = "N"\n', HEAD])
def test_a_policy_without_clauses_cites_nothing(text: str) -> None:
    assert clauses(text) == {}
    assert parse_policy("policy.toml", text.encode()).citations.digest is None
    assert read_policy(None).citations.digest is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('orphand-admin = "II"', "policy.clauses.orphand-admin: no such control; did you mean "),
        ('II = "orphaned-admin"', "policy.clauses.II: no such control"),
        ("orphaned-admin = 2", "policy.clauses.orphaned-admin: must be a text"),
        ('orphaned-admin = ["II"]', "must be a text that is not empty"),
        ('orphaned-admin = "  "', "must be a text that is not empty"),
        ('orphaned-admin = " II"', "must not begin or end with a space"),
        ('orphaned-admin = "a\\nb"', "holds a line break, or a sign that nobody sees"),
        ('orphaned-admin = "a\\u001b[2J"', "holds a line break, or a sign that nobody sees"),
        ('orphaned-admin = "a\\u202eb"', "holds a line break, or a sign that nobody sees"),
        (f'orphaned-admin = "{"x" * 201}"', "takes 201 characters; name the clause with 200"),
        ('[policy.clauses.orphaned-admin]\nx = "y"', "must be a text that is not empty"),
    ],
)
def test_what_is_no_clause_is_refused_with_its_place(line: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        clauses(f"{HEAD}{line}\n")
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert str(problem).startswith("policy.toml:policy.clauses.")
    assert str(problem).isprintable()


def test_clauses_are_a_table() -> None:
    with pytest.raises(PolicyError) as caught:
        clauses('[policy]\nclauses = "II.B"\n')
    (problem,) = caught.value.problems
    assert "policy.clauses: must be a table, such as" in str(problem)
