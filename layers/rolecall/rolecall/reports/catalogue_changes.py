"""What each version of the catalogue changed, as the last part of its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolecall.controls.versions import CatalogueVersion

__all__ = ["changes_section"]

_INTRO = """\
## Versions of the catalogue

A version names every control whose rule is another than in the version before: what it looks at,
what decides, its limits or its severity. Every run and every report says by which version it
judged. What goes when it is first judged by a changed rule is *resolved: rule changed*, and what
comes is *new: rule changed*: nobody did it, so reports count both apart.
"""


def changes_section(versions: Iterable[CatalogueVersion]) -> Iterator[str]:
    """Yield the parts of the section, the last version first."""
    yield _INTRO
    for version in sorted(versions, key=lambda one: -one.number):
        yield f"### Version {version.number} (release {version.rolecall})\n"
        if version.changes:
            yield "| control | what changed |\n|---|---|"
            yield from (f"| {id_} | {what} |" for id_, what in sorted(version.changes.items()))
        else:
            yield "The first one."
        yield ""
