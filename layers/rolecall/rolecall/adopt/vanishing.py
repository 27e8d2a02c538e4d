"""What stood in a sheet last time and does not now: a question, never a deletion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from typing import NamedTuple, TypeAlias

from rolecall.adopt.adopted import KEYS, Adopted
from rolecall.adopt.questions import Answers, Choice, Question, answer_to
from rolecall.adopt.registry_tables import RegistryTable

__all__ = ["VANISHED", "Settled", "Vanished", "vanished"]

Settled: TypeAlias = Mapping[str, Mapping[tuple[str, ...], Mapping[str, str]]]
"""Cells that answers set, by table and by the key of the row; none for what is kept as it is."""

VANISHED = "vanished:"
"""How the ids of these questions begin: their answers hold once, and are not remembered."""


class Vanished(NamedTuple):
    """What is asked about rows that vanished, and what answers to it decided."""

    questions: Sequence[Question]
    settled: Settled


_KEEP = Choice("keep", "it is still there: keep it as it is")
_CHOICES = {
    "accounts": Choice("closed", "it is closed"),
    "people": Choice("left", "they left"),
    "grants": Choice("revoked", "the access was taken away"),
}


def vanished(
    adopted: Adopted,
    sources: Set[int],
    proposed: Mapping[str, Set[tuple[str, ...]]],
    current: Mapping[str, RegistryTable],
    answers: Answers,
    today: date,
) -> Vanished:
    """Return what is asked about rows that vanished, and what answers to it set.

    :param sources: the sources of last time that were read again.
    :param proposed: the keys of the rows that stand in the sheets now, by table.
    """
    questions: list[Question] = []
    settled: dict[str, dict[tuple[str, ...], Mapping[str, str]]] = {}
    gone = {table: list(_gone(adopted, table, sources, proposed)) for table in _CHOICES}
    names = _names(current)
    accounts = {key[0] for key in gone["accounts"]}
    people = {key[0] for key in gone["people"]}
    for table, keys in gone.items():
        there = {
            tuple(row.get(part, "") for part in KEYS[table]): row
            for row in (current[table].rows if table in current else ())
        }
        for key in keys:
            row = there.get(key)
            is_part = table == "grants" and (key[0] in accounts or key[1] in people)
            if row is None or is_part or _is_over(table, row):
                continue
            question = _question(table, key, row, names)
            if question.id not in answers:
                questions.append(question)
            else:
                is_kept = answer_to(question, answers) == _KEEP.value
                settled.setdefault(table, {})[key] = {} if is_kept else _set(table, today)
    return Vanished(questions, settled)


def _gone(
    adopted: Adopted,
    table: str,
    sources: Set[int],
    proposed: Mapping[str, Set[tuple[str, ...]]],
) -> Iterator[tuple[str, ...]]:
    there = proposed.get(table, frozenset())
    for row in adopted.tables.get(table, ()):
        if row.sources and sources >= set(row.sources) and row.key not in there:
            yield row.key


def _is_over(table: str, row: Mapping[str, str]) -> bool:
    if table == "grants":
        return bool(row.get("revoked_on"))
    return row.get("status") in ("closed", "left")


def _names(current: Mapping[str, RegistryTable]) -> dict[str, str]:
    """Return what people and accounts are called, by their ids: an id of a person says nothing."""
    found = {}
    for table in {"people", "accounts"} & current.keys():
        for row in current[table].rows:
            platform = f"{row.get('handle')} on {row.get('platform')}"
            found[row.get("id", "")] = row.get("name", "") if table == "people" else platform
    return found


def _question(
    table: str, key: Sequence[str], row: Mapping[str, str], names: Mapping[str, str]
) -> Question:
    if table == "accounts":
        what = f"{row.get('handle')} on {row.get('platform')}"
    elif table == "people":
        what = row.get("name") or key[0]
    else:
        what = f"the access of {names.get(key[1]) or key[1]} to {names.get(key[0]) or key[0]}"
    return Question(
        id=f"{VANISHED}{table}:{':'.join(key)}",
        text=f"{what} stood in the sheet before, and does not now. What became of it?",
        choices=(_KEEP, _CHOICES[table]),
        safest=_KEEP.value,
    )


def _set(table: str, today: date) -> Mapping[str, str]:
    if table == "grants":
        return {"revoked_on": today.isoformat()}
    return {"status": _CHOICES[table].value}
