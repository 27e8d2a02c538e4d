"""Finds what is defined one a file, in folders: the controls, and the checks of the doctor.

A file defines what is called as it is, and to add one is to add its file: nothing else names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["definitions"]


def definitions(package: str, folders: Iterable[str]) -> Iterator[Any]:
    """Yield what the files of some folders of a package define, by folder and then by name."""
    for folder in folders:
        found = importlib.import_module(f"{package}.{folder}")
        for name in sorted(info.name for info in pkgutil.iter_modules(found.__path__)):
            yield getattr(importlib.import_module(f"{found.__name__}.{name}"), name)
