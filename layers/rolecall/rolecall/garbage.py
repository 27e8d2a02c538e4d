"""Pauses the garbage collector: the one place that turns it off and on.

Collecting looks for circles of objects, which neither the import of a module nor an audit makes:
it would only walk what is there, again and again (a sixth of a cold start).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect nothing meanwhile; what is there at the end is never looked at again.

    Freeing does not wait for this: all that is in no circle is freed when the last name of it goes.
    Within another, or where collecting was off before, it changes nothing.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        # Without this the first collection afterwards would walk all that was made meanwhile.
        gc.freeze()
        gc.enable()
