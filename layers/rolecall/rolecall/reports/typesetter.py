"""Which release of Typst typesets a PDF: another one may set the same report in other bytes."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["TYPESETTER", "installed_typesetter", "other_typesetter"]

TYPESETTER = "0.15.2"
"""The release of Typst with which this release was tested, and by which every stack typesets: it is
the one in the locks."""


def installed_typesetter() -> str | None:
    """Return the release of Typst that is installed here, without loading it."""
    try:
        return version("typst")
    except PackageNotFoundError:
        return None


def other_typesetter() -> str | None:
    """Return the one that is installed here, where it is another than this release's own."""
    found = installed_typesetter()
    return None if found == TYPESETTER else found
