"""A typesetter that sets what was set before at once.

To typeset a report takes a third of a second, and most tests of reports ask for one that another
test had: the same source and the same data give the same bytes, which
``tests/functional/test_typesetters.py`` holds the typesetter itself to.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import typst

__all__ = ["set_anew", "set_quickly"]

_MOST = 32
_made: OrderedDict[Any, bytes] = OrderedDict()

set_anew = typst.compile
"""The typesetter as it is."""


def _set_once(source: Any, **settings: Any) -> Any:
    """Typeset, or return what was made of the same."""
    if not isinstance(source, bytes):
        # Files may change between two calls.
        return set_anew(source, **settings)
    key = source, repr(sorted(settings.items()))
    if key not in _made:
        _made[key] = set_anew(source, **settings)
        if len(_made) > _MOST:
            _made.popitem(last=False)
    _made.move_to_end(key)
    return _made[key]


def set_quickly() -> None:
    """Put it in the place of the typesetter, for this process."""
    setattr(typst, "compile", _set_once)  # noqa: B010 - it is typed as several functions
