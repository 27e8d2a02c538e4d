"""Measures what requests to the API take in organisations of two sizes.

Usage: python bench/reach.py [--small 20] [--large 20000]

Counted are the calls to AWS that a request makes, and the bytes of what they ask and answer. The
head of one parish has the same in both organisations, so a request of theirs may take 1.3 times as
much in the larger one at most. Of those who reach everything, the head of all and an officer, a
page may take no more calls than a fixed number. The stack is moto's, in this process: the counts
are those of AWS, the time is not.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.cloud import cloud
from tests.organisations import Desk, Taken, Traffic, fill, id_of, look_around, work_of_a_head

PROMISED = 1.3
MOST_CALLS = 300
"""Calls for one page of somebody who reaches everything: it visits 200 entities at most."""


OFFICER = ("officer", "compliance")


def measure(size: int) -> dict[str, dict[str, Taken]]:
    """Return what requests take in an organisation of a size."""
    # Functions print their metrics.
    with cloud() as sky, redirect_stdout(StringIO()):
        fill(sky, size)
        traffic, function = Traffic(), sky.function("api")
        wide = {}
        for name, person in (("the head of all", (f"head-{id_of(0)}",)), ("an officer", OFFICER)):
            desk = Desk(function, traffic, *person)
            look_around(desk)
            wide[name] = desk.taken
        return {"the head of a parish": work_of_a_head(function, traffic, size - 1), **wide}


def main() -> int:
    """Print what each request took, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=20)
    parser.add_argument("--large", type=int, default=20_000)
    arguments = parser.parse_args()
    small, large = measure(arguments.small), measure(arguments.large)
    worst, most = 0.0, 0
    for person in small:
        print(f"{person}: calls and bytes, {arguments.small:,} and {arguments.large:,} entities")
        for name, one in small[person].items():
            other = large[person][name]
            ratio = max(other.calls / one.calls, other.size / one.size)
            if person == "the head of a parish":
                worst = max(worst, ratio)
            else:
                most = max(most, other.calls)
            print(
                f"  {name:<24}{one.calls:5} {other.calls:5} {one.size:10,} {other.size:10,}"
                f"{ratio:8.2f}x"
            )
    print(f"the head of a parish {worst:6.2f}x at most  (promised: {PROMISED}x at most)")
    print(f"a page of all there is {most:,} calls at most  (promised: {MOST_CALLS} at most)")
    kept = worst <= PROMISED and most <= MOST_CALLS
    print("every promise is kept" if kept else "a promise is not kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
