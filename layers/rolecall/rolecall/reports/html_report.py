"""The report as one page for a browser: nothing is loaded from anywhere, and it works without
scripts; where there are scripts, tables can be sorted and findings filtered."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from rolecall.reports.document import ReportDocument
from rolecall.reports.view import view_of
from rolecall.texts import texts_of

__all__ = ["html_report"]

_SECTIONS = (
    ("summary", "summary"),
    ("changes", "changes"),
    ("worst", "worst"),
    ("entities", "by_entity"),
    ("annex", "annex"),
    ("controls", "by_control"),
    ("frameworks", "by_framework"),
    ("waivers", "waivers"),
    ("holders", "holders"),
    ("unchecked", "unchecked"),
    ("signature", "signature"),
    ("proof", "proof"),
)


def html_report(document: ReportDocument) -> Iterator[bytes]:
    """Yield the page in pieces."""
    view = view_of(document)
    style, script = _text("report.css"), _text("report.js")
    texts = texts_of(document.language)
    pieces = _template().generate(
        **view,
        number=texts.number,
        sections=[(id_, view["words"][name]) for id_, name in _SECTIONS if _is_there(id_, view)],
        # Both are ours, and are named by their digests: nothing else in the page can be either.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    for piece in pieces:
        yield piece.encode()


def _is_there(section: str, view: Mapping[str, Any]) -> bool:
    match section:
        case "changes":
            return not view["is_first"]
        case "annex":
            return bool(view["has_annex"])
        case _:
            return True


@cache
def _template() -> Template:
    """Return the template, which is compiled once: a night makes a page of each entity."""
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(_text("report.html.j2"))


def _text(name: str) -> str:
    return (files("rolecall.reports") / "templates" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
