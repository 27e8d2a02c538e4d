"""Breaks the package in places chosen at random, one at a time, and sees whether the tests notice.

``python -m bench.mutation --places 10 --seed 7``: the same seed chooses the same places of the same
code. Each is changed in a copy of the tree; first the tests run that import the module, then, if
they noticed nothing, all that ``make test`` runs. What survives is either a test that is missing or
a change that changes nothing: somebody has to look. ``--compare TREE`` chooses among what another
tree has too, word for word, and runs that tree's tests against what ours did not notice.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Mutant", "Place", "chosen", "mutants", "places"]

ROOT = Path(__file__).parents[1]
PACKAGE = Path("layers/rolecall/rolecall")
LEFT_OUT = ("stack", "pages", "setup", "pipelines", "install", "docsite")
SECONDS = 3_600
"""After which a run counts as noticed: a loop that does not end is."""

FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}


class Mutant(NamedTuple):
    """A change of one piece of a module.

    :ivar statement: in which it is, with what it becomes and the function around it: by these the
        same change is found in another tree.
    """

    start: int
    end: int
    line: int
    was: str
    becomes: str
    statement: tuple[str, str, str]

    def apply(self, text: bytes) -> bytes:
        """Return the module, changed."""
        return text[: self.start] + self.becomes.encode() + text[self.end :]


class Place(NamedTuple):
    """A mutant of a module of a tree."""

    module: Path
    mutant: Mutant

    def __str__(self) -> str:
        was = " ".join(self.mutant.was.split())
        becomes = " ".join(self.mutant.becomes.split())
        return f"{self.module}:{self.mutant.line}: {was[:50]} -> {becomes[:50]}"


def mutants(text: str) -> Iterator[Mutant]:
    """Yield every change of a module that is made here, in its order."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node, function, statement in _walk(ast.parse(text), "", ""):
        for becomes in _changes(node):
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            was = text.encode()[start:end].decode()
            where = (function, statement, f"{ast.unparse(node)} -> {becomes}")
            yield Mutant(start, end, node.lineno, was, becomes, where)


def _walk(node: ast.AST, function: str, statement: str) -> Iterator[tuple[Any, str, str]]:
    """Yield nodes with the function and the statement around them; types and words left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.arguments):
            continue
        inside, around = function, statement
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = f"{function}.{child.name}"
        elif isinstance(child, ast.stmt):
            around = ast.unparse(child)
            if isinstance(child, ast.AnnAssign) and child.value is not None:
                yield from _walk(ast.Expr(child.value), inside, around)
                continue
            if isinstance(child, ast.AnnAssign):
                continue
        yield child, inside, around
        yield from _walk(child, inside, around)


def _changes(node: Any) -> Iterator[str]:
    """Yield what a node may become."""
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in FLIPS:
            yield f"({ast.unparse(ast.Compare(left, [FLIPS[type(operator)]()], [right]))})"
        case ast.BoolOp(operator, values):
            other = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield f"({ast.unparse(ast.BoolOp(other, values))})"
        case ast.UnaryOp(ast.Not(), operand):
            yield f"({ast.unparse(operand)})"
        case ast.BinOp(left, operator, right) if type(operator) in SUMS:
            yield f"({ast.unparse(ast.BinOp(left, SUMS[type(operator)](), right))})"
        case ast.IfExp(test, body, orelse):
            yield f"({ast.unparse(ast.IfExp(test, orelse, body))})"
        case ast.Constant(bool() as value):
            yield repr(not value)
        case ast.Constant(int() as value):
            yield repr(value + 1)
        case ast.Return(value) if value is not None and ast.unparse(value) != "None":
            yield "return None"
        case ast.Raise() | ast.AugAssign() | ast.Expr(ast.Call()) | ast.Continue() | ast.Break():
            yield "pass"


def places(tree: Path) -> list[Place]:
    """Return every place of a tree's package, in order."""
    modules = sorted((tree / PACKAGE).rglob("*.py"))
    return [
        Place(path.relative_to(tree), mutant)
        for path in modules
        for mutant in mutants(path.read_text(encoding="utf-8"))
    ]


def chosen(found: Sequence[Place], count: int, seed: int) -> list[Place]:
    """Return so many of them, at random."""
    return random.Random(seed).sample(list(found), count)


def shared(ours: Sequence[Place], theirs: Sequence[Place]) -> dict[Place, Place]:
    """Return the places that another tree has too, each with that tree's."""

    def alone(found: Sequence[Place]) -> dict[tuple[str, str, str], Place]:
        counts = Counter(place.mutant.statement for place in found)
        return {p.mutant.statement: p for p in found if counts[p.mutant.statement] == 1}

    there = alone(theirs)
    return {place: there[key] for key, place in alone(ours).items() if key in there}


class Copy:
    """A copy of a tree in which one module at a time is changed, and its tests are run."""

    def __init__(self, tree: Path, directory: Path) -> None:
        self.root = directory
        listed = subprocess.run(
            ["/usr/bin/env", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=tree,
            capture_output=True,
            check=True,
        )
        for name in listed.stdout.decode().split("\0"):
            if name and (tree / name).is_file():
                (directory / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(tree / name, directory / name)

    def killer(self, place: Place, workers: str) -> str | None:
        """Return what noticed a place, or None."""
        path = self.root / place.module
        kept = path.read_bytes()
        path.write_bytes(place.mutant.apply(kept))
        try:
            near = self.near(place.module)
            suites = [f"--ignore=tests/{name}" for name in LEFT_OUT]
            return (near and self.run([*near, *suites])) or self.run(
                ["tests", *suites, "-n", workers, "--dist", "worksteal"]
            )
        finally:
            path.write_bytes(kept)

    def near(self, module: Path) -> list[str]:
        """Return the tests that import a module, and those of its own name."""
        name = ".".join(module.with_suffix("").parts[2:]).removesuffix(".__init__")
        imports = re.compile(rf"\b{re.escape(name)}\b")
        found = [
            str(path.relative_to(self.root))
            for path in sorted((self.root / "tests").rglob("test_*.py"))
            if path.stem == f"test_{module.stem}" or imports.search(path.read_text("utf-8"))
        ]
        return [one for one in found if Path(one).parts[1] not in LEFT_OUT]

    def run(self, arguments: Sequence[str]) -> str | None:
        """Run tests until one fails, and return its name."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / PACKAGE.parent)}
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        try:
            done = subprocess.run(
                [*command, *arguments],
                cwd=self.root,
                env=environment,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "the clock"
        if done.returncode == 0:
            return None
        first = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
        return first[1] if first else f"an exit with {done.returncode}"


def main() -> None:
    """Break, run, tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--places", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--compare", type=Path, help="a tree whose tests run as well")
    options = parser.parse_args()
    ours = places(ROOT)
    pairs = shared(ours, places(options.compare)) if options.compare else {}
    picked = chosen(list(pairs) if options.compare else ours, options.places, options.seed)
    survived = 0
    with tempfile.TemporaryDirectory() as scratch:
        here = Copy(ROOT, Path(scratch) / "here")
        there = Copy(options.compare, Path(scratch) / "there") if options.compare else None
        for number, place in enumerate(picked, 1):
            killer = here.killer(place, options.workers)
            print(f"{number:3} {'killed  ' if killer else 'SURVIVED'} {place}", flush=True)
            print(f"    by {killer or 'nothing'}", flush=True)
            survived += killer is None
            if killer is None and there is not None:
                theirs = there.killer(pairs[place], options.workers)
                print(f"    in the other tree by {theirs or 'nothing'}", flush=True)
    print(f"seed {options.seed}: {len(picked) - survived} of {len(picked)} killed")


if __name__ == "__main__":
    main()
