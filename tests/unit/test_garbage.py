"""The garbage collector is paused in one place, and is never left off."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

import rolecall
from rolecall.garbage import uncollected


def test_nothing_is_collected_meanwhile_and_what_was_made_is_not_looked_at_again() -> None:
    assert gc.isenabled()
    before = gc.get_freeze_count()
    with uncollected():
        assert not gc.isenabled()
        made = [[] for _ in range(1_000)]  # type: list[list[object]]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(made)


def test_it_is_on_again_after_an_exception() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_within_another_and_where_it_was_off_nothing_changes() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_no_other_module_turns_it_off() -> None:
    package = Path(rolecall.__file__).parent
    sources = [*package.rglob("*.py"), *package.parents[2].glob("functions/*/*.py")]
    users = [path.name for path in sources if "import gc" in path.read_text(encoding="utf-8")]
    assert users == ["garbage.py"]
