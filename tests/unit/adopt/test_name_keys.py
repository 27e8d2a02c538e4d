"""Names that are near, and what it costs to tell that others are not."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import pytest

from rolecall.adopt import name_keys
from rolecall.adopt.name_keys import are_near


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Maureen Kelly", "Maureen Kely"),
        ("Tom Birch", "Thomas Birch"),
        ("Ann Mary Dale", "Ann Dale Mary Lou"),
        ("M. Kelly", "Maureen Kelly"),
        ("Jon Marsh", "John Marsh"),
        ("Ann Dale", "Anne Dale"),
    ],
)
def test_what_is_near(name: str, other: str) -> None:
    assert are_near(name, other)
    assert are_near(other, name)


def test_names_with_other_letters_are_told_apart_without_comparing_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = []

    def counted(_: Any, one: str, two: str, **options: Any) -> SequenceMatcher[str]:
        compared.append((one, two))
        return SequenceMatcher(None, one, two, **options)

    monkeypatch.setattr(name_keys, "SequenceMatcher", counted)
    assert not are_near("Ann Birch", "Ann Dolley")
    assert not are_near("Cosima Hollowell", "Bertrand Dunmore")
    assert not compared
    assert are_near("Maureen Kelly", "Maureen Kelli")
    assert compared
