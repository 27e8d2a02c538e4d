"""What is left out is told, and the places of mutants follow from a seed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.broken_tree import CLOCK, BrokenTree, apart, killers
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


def test_places_that_are_broken_together_are_told_from_each_other() -> None:
    all_ = [Place(Path("here.py"), one) for one in mutants(SOURCE)]
    by_name = {place.mutant.was: place for place in all_}
    inner, outer = by_name["one < limit"], by_name["one < limit and not two"]
    log, three = by_name["log(one)"], by_name["3"]
    assert apart([outer, inner, log]) == [outer, log]
    notice = {"a.py::test_one": {log}, "b.py::test_two[x y]": {outer, log}, "c.py::test_sick": None}
    whole: list[list[Place]] = []

    def run(broken: Sequence[Place], tests: Sequence[str]) -> list[str]:
        if not tests:
            whole.append(list(broken))
        # The second test sees nothing of what is behind the first.
        return [
            name
            for name, seen in notice.items()
            if (not tests or name in tests) and (seen is None or seen & set(broken))
        ]

    found = killers([inner, outer, log, three], run)
    assert found == {log: "a.py::test_one", outer: "b.py::test_two[x y]"}
    assert whole == [[inner, log, three], [inner, three], [outer]]
    assert killers([three], lambda _broken, _tests: [CLOCK]) == {three: CLOCK}
    assert killers([], run) == {}


def test_a_broken_tree_runs_its_tests_nearest_first_and_is_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of pytest alone, which is what is needed here, three starts are quick.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    tree, module = tmp_path / "tree", Path("layers/rolecall/rolecall/deep/sums.py")
    files = {
        str(module): "def more(one: int) -> int:\n    return one + 1\n",
        "layers/rolecall/rolecall/__init__.py": "",
        "layers/rolecall/rolecall/deep/__init__.py": "",
        "tests/test_far.py": "from rolecall.deep import sums\nimport rolecall.deep, rolecall\n"
        "def test_far(): assert sums.more(1) == 2\n",
        "tests/test_sums.py": "from rolecall.deep.sums import more\n"
        "def test_sound(): assert more\ndef test_more(): assert more(1) == 2\n",
        "tests/test_other.py": "def test_other(): pass\n",
        "tests/endless.py": "def test_endless():\n    while True: pass\n",
    }
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q", tree], check=True)
    copy = BrokenTree(tree, tmp_path / "copy")
    assert copy.near(module) == ["tests/test_sums.py", "tests/test_far.py"]
    (minus,) = (one for one in mutants(files[str(module)]) if one.becomes == "(one - 1)")
    with copy.broken([Place(module, minus)]):
        assert "one - 1" in (copy.root / module).read_text(encoding="utf-8")
        ended = copy.run([*copy.near(module), "-x"])
        assert ended == (("tests/test_sums.py::test_more",), True)
        assert copy.run(["tests/endless.py"], seconds=1) == ((), False)
    assert copy.run(["tests"]).failed == ()
    assert (copy.root / module).read_text(encoding="utf-8") == files[str(module)]
