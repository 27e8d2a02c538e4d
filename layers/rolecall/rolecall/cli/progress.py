"""What a terminal shows while work goes on: on standard error, and gone before a report comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from rolecall.quantity import counted

__all__ = ["Spinner", "bar", "ended", "progress"]


class Spinner:
    """A spinner that counts; it ends before anything else is written to the terminal."""

    running: ClassVar[Spinner | None] = None

    def __init__(self, count: Callable[[int], object], end: Callable[[], object]) -> None:
        """Begin to count.

        :param count: shows how much was counted in all.
        """
        self._count = count
        self._end = end
        self._counted = 0
        Spinner.running = self

    def __call__(self, count: int) -> None:
        """Count some more."""
        self._counted += count
        self._count(self._counted)

    def end(self) -> None:
        """Take it away, once."""
        if Spinner.running is self:
            Spinner.running = None
            self._end()


def ended(spinner: Spinner | None) -> None:
    """End a spinner, which would stand in the first line of what is written next."""
    if spinner is not None:
        spinner.end()


@contextmanager
def progress(label: str) -> Iterator[Spinner | None]:
    """Show a spinner and a count on a terminal's standard error while work goes on.

    A terminal that cannot erase what it showed gets none.
    """
    if not _can_erase():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=None)
    bar.start()
    spinner = Spinner(
        lambda count: bar.update(task, description=f"{label} {counted(count, 'check')}"), bar.stop
    )
    try:
        yield spinner
    finally:
        spinner.end()


def _can_erase() -> bool:
    """Tell whether what is shown while work goes on can be taken away again."""
    return sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


@contextmanager
def bar(label: str, total: int | None) -> Iterator[Callable[[int, int | None], None] | None]:
    """Show a bar on a terminal's standard error while work goes on.

    What it gives is called with how much is done, and of how much.
    """
    if not _can_erase():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns: list[Any] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)
