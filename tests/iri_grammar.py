"""The grammar of IRIs, built when somebody asks for it, and not whenever jsonschema is imported.

jsonschema takes its check of the formats ``iri`` and ``iri-reference`` from a package that builds
dozens of parsers as it is imported, for two seconds in each worker; few tests use one.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

__all__ = ["NAME", "build_when_asked"]

NAME = "rfc3987_syntax"


def _is_valid_syntax(term: str, value: str) -> bool:
    """Answer as the package does, which takes this one's place."""
    if not hasattr(sys.modules[NAME], "__file__"):
        del sys.modules[NAME]
    verdict: bool = import_module(NAME).is_valid_syntax(term, value)
    return verdict


def build_when_asked() -> None:
    """Let who imports the grammar have a promise of it, unless it is there already."""
    promise = ModuleType(NAME)
    promise.__dict__["is_valid_syntax"] = _is_valid_syntax
    sys.modules.setdefault(NAME, promise)
