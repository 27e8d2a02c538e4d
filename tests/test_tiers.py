"""What is left out is told, and the places of mutants follow from a seed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.mutation import Place, chosen, mutants, places, shared
from tests.needs import NEEDS, SUITES, left_out, look_for
from tests.tiers import CASES, TIERS, cases, examples

ROOT = Path(__file__).parents[1]


def test_no_tier_tries_less_than_the_one_below() -> None:
    for what, numbers in CASES.items():
        assert len(numbers) == len(TIERS)
        # Of fewer bytes one is more; no limit is the most.
        power = [-number if what == "bytes" else number or 10**9 for number in numbers]
        assert power == sorted(power), what
    assert cases("bytes") in CASES["bytes"]
    assert examples(6) <= 6 * 20
    assert examples(4) >= 1


class Item:
    """A test, as far as its marks go."""

    def __init__(self, *names: str) -> None:
        self.marks = [pytest.mark.needs(name).mark for name in names]

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        """Return the marks of a name."""
        return self.marks if name == "needs" else []


def test_what_is_not_there_is_left_out_but_not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("ROLECALL_REQUIRE_NODE", raising=False)
    look_for(Item())  # type: ignore[arg-type]
    with pytest.raises(pytest.skip.Exception, match="need Node"):
        look_for(Item("node"))  # type: ignore[arg-type]
    monkeypatch.setenv("ROLECALL_REQUIRE_NODE", "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install nodejs"):
        look_for(Item("node"))  # type: ignore[arg-type]


def test_what_was_left_out_is_told_with_what_to_install() -> None:
    node, go = NEEDS["node"].reason, NEEDS["go"].reason
    assert left_out([f"Skipped: {node}", f"Skipped: {go}", f"Skipped: {go}", "the moon"]) == [
        "left out: 2 tests that need Go (apt-get install golang-go golang-golang-x-mod-dev)",
        "left out: 1 test that needs Node (apt-get install nodejs)",
    ]
    (line,) = left_out([], [Path("tests/pages"), Path("elsewhere")])
    assert line.endswith(SUITES["pages"])
    assert int(line.split()[2]) > 5


@pytest.mark.parametrize("folder", SUITES)
def test_suites_of_their_own_have_a_target(folder: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"--ignore=tests/{folder} " in makefile.replace("\n", " ")
    (target,) = re.findall(r"\btest-\w+", SUITES[folder])
    assert f"\n{target}: " in makefile
    assert f"make {target}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"`make {target}`" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert list((ROOT / "tests" / folder).glob("test_*.py"))


SOURCE = '''"""Words > numbers."""
from typing import Literal
Kind = Literal["a", 1]
limit: int = 3

def decide(one: int, *, two: bool = True) -> bool:
    """Return nothing == anything."""
    if one < limit and not two:
        raise ValueError(f"{one + 1}")
    log(one)
    return one in (1, 2)
'''


def test_each_piece_of_a_module_is_broken_by_itself() -> None:
    made = {mutant.was: mutant.becomes for mutant in mutants(SOURCE)}
    assert made["one < limit"] == "(one <= limit)"
    assert made["one < limit and not two"] == "(one < limit or not two)"
    assert made["not two"] == "(two)"
    assert made["log(one)"] == "pass"
    assert made["return one in (1, 2)"] == "return None"
    assert made["one in (1, 2)"] == "(one not in (1, 2))"
    assert made["3"] == "4"
    assert "ValueError" in next(was for was in made if was.startswith("raise"))
    for mutant in mutants(SOURCE):
        changed = mutant.apply(SOURCE.encode()).decode()
        assert changed != SOURCE
        compile(changed, "changed", "exec")


def test_places_follow_from_the_seed() -> None:
    found = places(ROOT)
    assert len(found) > 5_000
    assert chosen(found, 20, 7) == chosen(found, 20, 7) != chosen(found, 20, 8)
    assert len({place.module for place in chosen(found, 200, 1)}) > 50


def test_the_same_places_are_found_in_another_tree() -> None:
    ours = [Place(Path("new.py"), one) for one in mutants(SOURCE)]
    moved = [Place(Path("old.py"), one) for one in mutants(f"# Older.\n\n{SOURCE}")]
    pairs = shared(ours, moved)
    assert len(pairs) > 5
    for place, other in pairs.items():
        assert (place.mutant.was, place.mutant.line + 2) == (other.mutant.was, other.mutant.line)
    less = SOURCE.replace("log(one)", "log(two)")
    assert len(shared(ours, [Place(Path("old.py"), one) for one in mutants(less)])) < len(pairs)
