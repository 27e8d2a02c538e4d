"""Who signs in is found by the key of today, in items of earlier releases too."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import msgspec
import pytest

from rolecall.aws.address_index import indexed, people_by_address
from rolecall.aws.table import DocumentTable
from rolecall.keys.subjects import email_key
from rolecall.model import Person
from rolecall.registry.documents import person_key


class _Row(NamedTuple):
    data: str


class _Table:
    """People as a table keeps them, each with the attribute that the index has of them."""

    def __init__(self, *people: Person, is_old: bool) -> None:
        self._rows = {person_key(one.id): msgspec.json.encode(one) for one in people}
        self._keys = {
            person_key(one.id): {"email": email_key(one.email or "")}
            if is_old
            else indexed(person_key(one.id), self._rows[person_key(one.id)])
            for one in people
        }

    def indexed(self, _: str, name: str, value: str) -> list[Any]:
        return [where for where, found in self._keys.items() if found.get(name) == value]

    def get(self, *where: str) -> _Row:
        return _Row(self._rows[cast("Any", where)].decode())


@pytest.mark.parametrize("is_old", [True, False])
@pytest.mark.parametrize(
    ("registered", "claimed", "finds"),
    [
        ("Ann@Parish.Example", "ann@parish.example", True),
        ("ann@mission.example", "ann@mi\u00dfion.example", False),
        ("t.bonsu@x.example", "t.bon\u017fu@x.example", False),
        ("ann@x.example", "Ann <ann@x.example>", False),
        ("ann@gmail.com", "a.nn@gmail.com", False),
    ],
)
def test_one_address_is_one_person(
    registered: str, claimed: str, finds: bool, is_old: bool
) -> None:
    table = _Table(Person("p-1", "Ann", "active", email=registered), is_old=is_old)
    found = people_by_address(cast("DocumentTable", table), claimed)
    assert [one.id for one in found] == (["p-1"] if finds else [])


def test_what_the_index_gains_is_found_after_an_import() -> None:
    person = Person("p-1", "Ann", "active", email="Ann <ann@m\u00fcnchen.example>")
    table = cast("DocumentTable", _Table(person, is_old=False))
    assert people_by_address(table, "ann@xn--mnchen-3ya.example")
    nobody = Person("p-2", "Kay", "active", email="\u212aay@x.example")
    assert not indexed(person_key("p-2"), msgspec.json.encode(nobody))
