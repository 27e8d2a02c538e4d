"""Breaks the package in places chosen at random, and sees whether the tests notice each of them.

``python -m bench.mutants --places 10 --seed 7``: the same seed chooses the same places of the same
code. Each is changed in a copy of the tree, and the tests run that import the module, the nearest
first, until one fails. What they did not notice in time is broken all at once for the tests that
``make test`` runs (``bench.broken_tree`` says how each is told from the others). What survives is
either a test that is missing or a change that changes nothing: somebody has to look. ``--compare
TREE`` chooses among what another tree has too, word for word, and runs that tree's tests, in its
own environment, against what ours did not notice.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.broken_tree import BrokenTree, killers
from bench.mutation import Place, chosen, places, shared

__all__: list[str] = []

ROOT = Path(__file__).parents[1]


def nearby(tree: BrokenTree, picked: Sequence[Place], seconds: int) -> dict[Place, str]:
    """Return what is noticed by the tests that are near to a place."""
    found = {}
    for number, place in enumerate(picked, 1):
        near = tree.near(place.module)
        with tree.broken([place]):
            failed = tree.run([*near, "-x"], seconds).failed if near else ()
        if failed:
            found[place] = failed[0]
        print(f"{number:3} {place}", flush=True)
        print(f"    {f'by {failed[0]}' if failed else 'not noticed nearby'}", flush=True)
    return found


def by_all(tree: BrokenTree, picked: Sequence[Place], workers: str) -> dict[Place, str]:
    """Return what is noticed by any test."""

    def run(broken: Sequence[Place], tests: Sequence[str]) -> Sequence[str]:
        with tree.broken(broken):
            first = ["-x"] if len(broken) == 1 else []
            failed = tree.run([*(tests or tree.everything(workers)), *first]).failed
        what = f"{len(broken)} broken, {f'{len(tests)} tests' if tests else 'all tests'}"
        print(f"    {what}: {len(failed)} failed", flush=True)
        return failed

    return killers(picked, run)


def tell(
    survived: Sequence[Place], theirs: Mapping[Place, str], pairs: Mapping[Place, Place]
) -> None:
    """Print what nobody noticed here, with what another tree makes of it."""
    for place in survived:
        print(f"SURVIVED {place}")
        if pairs:
            print(f"    in the other tree by {theirs.get(pairs[place], 'nothing')}")


def main() -> None:
    """Break, run, tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--places", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--near-seconds", type=int, default=60, help="of a processor")
    parser.add_argument("--compare", type=Path, help="a tree whose tests run as well")
    options = parser.parse_args()
    ours = places(ROOT)
    pairs = shared(ours, places(options.compare)) if options.compare else {}
    picked = chosen(list(pairs) if options.compare else ours, options.places, options.seed)
    with tempfile.TemporaryDirectory() as scratch:
        here = BrokenTree(ROOT, Path(scratch) / "here")
        found = nearby(here, picked, options.near_seconds)
        found |= by_all(here, [one for one in picked if one not in found], options.workers)
        survived = [place for place in picked if place not in found]
        theirs: dict[Place, str] = {}
        if options.compare:
            there = BrokenTree(options.compare, Path(scratch) / "there")
            theirs = by_all(there, [pairs[one] for one in survived], options.workers)
    tell(survived, theirs, pairs)
    print(f"seed {options.seed}: {len(found)} of {len(picked)} killed", flush=True)
    if options.compare:
        print(f"the other tree kills {len(theirs)} of the {len(survived)} others")


if __name__ == "__main__":
    main()
