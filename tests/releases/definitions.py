"""What decides of each control, as a digest, and which version of the catalogue had which.

A control whose definition changes is declared in ``rolecall/controls/versions.py``: a log says of
each finding by which version it was judged, and what comes or goes for a changed rule must not look
like the work of people. Nobody can see by a digest whether two definitions decide the same. So the
table of the version at hand (tests/vectors/catalogue) has a digest for each control and for each
module that controls share, and tests/unit/test_catalogue_versions.py fails where the code has
another. Whoever changed it then says which it is:

- it decides otherwise: declare the control under the last version, in words;
- it decides as before: ``--same NAME="why"`` keeps that word beside the digest.

Then ``python -m tests.releases.definitions`` writes the table, unless that version is released: it
asks for another one. The digest leaves out what does not decide: texts for people, references,
comments, docstrings, imports and annotations.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.controls.catalogue import GROUPS
from rolecall.controls.versions import CATALOGUE_VERSION, CATALOGUE_VERSIONS
from tests.cloud import ROOT

__all__ = ["FOLDER", "Definitions", "changed", "made", "read", "table", "undeclared"]

FOLDER = ROOT / "tests" / "vectors" / "catalogue"
PACKAGE = ROOT / "layers" / "rolecall" / "rolecall"
FRAME = frozenset({"__init__", "catalogue", "control", "remedy_words", "versions"})
"""Modules of the catalogue that say what a control is, and decide of no subject."""
_BESIDE = (
    *("engine", "entitlement", "lineage"),
    *("keys/accounts", "keys/addresses", "keys/names", "keys/platforms"),
    *("keys/subjects", "keys/texts"),
)
"""Modules beside the catalogue that decide with it."""
_TEXTS = frozenset(
    {"title", "rationale", "remediation", "record", "detail", "references", "without", "suspects"}
)
_SILENT = frozenset({"ctx", "type_comment", "type_params", "kind", "annotation", "returns"})


class Definitions(Struct, frozen=True):
    """What a version of the catalogue has.

    :ivar digests: of controls by their ids, and of shared modules by their names with ``.py``.
    :ivar same: what has another digest than in the version before, and decides as it did: the
        digest that this was said of, and why.
    """

    digests: dict[str, str]
    same: dict[str, tuple[str, str]] = {}


def table(version: int) -> Path:
    """Return where the table of a version is."""
    return FOLDER / f"{version}.json"


def read(version: int) -> Definitions:
    """Return what a version has; of one that was not written yet, nothing."""
    path = table(version)
    return msgspec.json.decode(
        path.read_bytes() if path.exists() else b'{"digests":{}}', type=Definitions
    )


def made(package: Path = PACKAGE) -> dict[str, str]:
    """Return the digests of what is in a package."""
    found = {}
    for group in GROUPS:
        for path in sorted((package / "controls" / group).glob("*.py")):
            if path.stem != "__init__":
                found[path.stem.replace("_", "-")] = digest_of(path.read_text(encoding="utf-8"))
    shared = [path for path in (package / "controls").glob("*.py") if path.stem not in FRAME]
    named = {path.name: path for path in shared}
    named |= {f"{name}.py": package / f"{name}.py" for name in _BESIDE}
    for name, path in sorted(named.items()):
        if path.exists():
            found[name] = digest_of(path.read_text(encoding="utf-8"))
    return found


def digest_of(source: str) -> str:
    """Return the digest of what decides in a module."""
    tree = ast.parse(source)
    told = "\n".join(_told(one) for one in tree.body if not isinstance(one, _IMPORTS))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


_IMPORTS = (ast.Import, ast.ImportFrom)


def _told(node: Any) -> str:
    """Return a tree as text, without what does not decide; the same under every Python."""
    if isinstance(node, list):
        return "[" + ",".join(_told(one) for one in node if not _is_silent(one)) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    parts = [f"{name}={_told(one)}" for name, one in ast.iter_fields(node) if _speaks(name, one)]
    return f"{type(node).__name__}({','.join(parts)})"


def _speaks(name: str, value: Any) -> bool:
    return name not in _SILENT and value is not None and value != []


def _is_silent(node: Any) -> bool:
    """Tell whether something in a list decides nothing: a docstring, a text, the exports."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.keyword(arg=name):
            return name in _TEXTS
        case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.Import() | ast.ImportFrom():
            return True
    return False


def changed(version: int) -> set[str]:
    """Return what has another digest in a version than in the one before."""
    before, now = read(version - 1).digests, read(version).digests
    return {name for name in {*before, *now} if before.get(name) != now.get(name)}


def undeclared(version: int, now: dict[str, str]) -> Iterator[str]:
    """Yield what is otherwise than in the version before, and of which nobody said how it decides.

    :param now: the digests to hold against that version.
    """
    before, same = read(version - 1).digests, read(version).same
    declared = CATALOGUE_VERSIONS[version - 1].changes
    for name in sorted({*before, *now}):
        digest = now.get(name, "")
        is_said = name in declared or (name in same and same[name][0] == digest)
        if before.get(name, "") != digest and not is_said:
            yield name


def main(arguments: list[str] | None = None) -> None:
    """Write the table of the last version."""
    parser = argparse.ArgumentParser(prog="python -m tests.releases.definitions")
    parser.add_argument("--same", action="append", default=[], metavar="NAME=WHY")
    options = parser.parse_args(arguments)
    release = CATALOGUE_VERSIONS[CATALOGUE_VERSION - 1].rolecall
    if (FOLDER.parent / f"release-{release}").exists():
        sys.exit(f"{release} is released, and its catalogue with it: add a version")
    now, known = made(), read(CATALOGUE_VERSION)
    said = dict(one.split("=", 1) for one in options.same)
    same = {name: one for name, one in known.same.items() if now.get(name) == one[0]}
    same |= {name: (now.get(name, ""), why) for name, why in said.items()}
    open_ = [name for name in undeclared(CATALOGUE_VERSION, now) if name not in same]
    if open_:
        sys.exit(
            f"changed since version {CATALOGUE_VERSION - 1}: {', '.join(open_)}. What decides "
            "otherwise is declared in rolecall/controls/versions.py; of what decides as before say "
            'why: --same NAME="why"'
        )
    document = {"digests": now, "same": dict(sorted(same.items()))}
    table(CATALOGUE_VERSION).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
