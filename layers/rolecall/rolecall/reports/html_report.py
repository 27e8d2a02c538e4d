"""The report as one page for a browser: nothing is loaded from anywhere, and it works without
scripts; where there are scripts, findings are filtered, accounts folded and tables sorted."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from rolecall.reports.document import ReportDocument
from rolecall.reports.page import page_of
from rolecall.reports.view import view_of
from rolecall.reports.words import severities_in_words
from rolecall.texts import texts_of

__all__ = ["html_report"]

_SECTIONS = (
    ("actions", "actions"),
    ("summary", "summary"),
    ("changes", "changes"),
    ("worst", "worst"),
    ("entities", "by_entity"),
    ("annex", "annex"),
    ("controls", "by_control"),
    ("frameworks", "by_framework"),
    ("waivers", "waivers"),
    ("holders", "holders"),
    ("glossary", "glossary"),
    ("unchecked", "unchecked"),
    ("signature", "signature"),
    ("proof", "proof"),
)


def html_report(document: ReportDocument) -> Iterator[bytes]:
    """Yield the page in pieces."""
    view = view_of(document)
    words, texts = view["words"], texts_of(document.language)
    style = _text("report.css") + _margins(f"{words['title']}, {view['as_of']}")
    script = _text("report.js")
    pieces = _template().generate(
        **view | page_of(view),
        number=texts.number,
        filled=texts.filled,
        counts=partial(severities_in_words, texts),
        sections=[(id_, words[name]) for id_, name in _SECTIONS if _is_there(id_, view)],
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
        case "actions" | "annex" | "changes":
            return bool(
                {"actions": view["actions"], "annex": view["has_annex"]}.get(
                    section, not view["is_first"]
                )
            )
        case "worst":
            return bool(view["worst"] and not view["actions"])
        case _:
            return True


def _margins(heading: str) -> str:
    """Return the style that says on each printed page which report it is of.

    All but plain letters and digits is written as its code, so that no text ends the string.
    """
    content = "".join(
        sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):06x}" for sign in heading
    )
    return f'@media print {{ @page {{ @top-left {{ content: "{content}"; font-size: 8pt; }} }} }}\n'


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
