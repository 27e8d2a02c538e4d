"""Where the package can be broken, and how: places for ``bench.mutants`` to choose from."""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["PACKAGE", "Mutant", "Place", "chosen", "mutants", "places", "shared"]

PACKAGE = Path("layers/rolecall/rolecall")

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
