"""Markdown says what to do first, and a program that renders it says the same and links no more."""

from __future__ import annotations

import re

from msgspec.structs import replace

from rolecall.reports.action_rows import ActionPlace, ActionStep, numbered_steps
from rolecall.reports.markdown_report import markdown_report
from tests.functional.test_reports_for_people import document
from tests.sample_actions import SAMPLE_ACTIONS, with_actions
from tests.unit.reports.test_commonmark import JOINER, PARSER, Rendered

TWISTED = ActionPlace(
    "<!-- ` a [label](http://x) <a href='",
    "https://x.example/`-->'?a=<b>#\u05d0",
    (ActionStep("# Press *this*", ("1. and | that",)),),
    ("_status_",),
)


def rendered(markdown: str) -> str:
    return Rendered(PARSER.render(markdown)).text.replace(JOINER, "")


def test_what_to_do_stands_first_whole_and_in_order() -> None:
    markdown = b"".join(markdown_report(with_actions(document(), more=7))).decode()
    text = rendered(markdown)
    at = 0
    for number, action in enumerate(SAMPLE_ACTIONS, start=1):
        parts = [f"{number}. {action.title}", action.first, action.who]
        for place in action.places:
            parts += [place.label, place.url]
        parts += [
            *(told for _, told in numbered_steps(action.places[0].steps)),
            *action.places[0].record,
        ]
        for part in parts:
            assert text.find(part, at) >= at, part
        at = text.index(action.title, at)
    assert at < text.index("At a glance")
    assert "7 more things" in text
    assert "The ten worst" not in text


def test_only_places_are_linked_and_nothing_in_them_is_markup() -> None:
    action = replace(SAMPLE_ACTIONS[0], places=(TWISTED, ActionPlace("b", "javascript:alert(1)")))
    made = replace(document(), actions=(action,))
    html = PARSER.render(b"".join(markdown_report(made)).decode())
    links = re.findall(r'href="([^"]*)"', html)
    assert links == ["https://x.example/%60--%3E%27?a=%3Cb%3E#%D7%90"]
    text = Rendered(html).text.replace(JOINER, "")
    for part in (
        TWISTED.label,
        *(told for _, told in numbered_steps(TWISTED.steps)),
        *TWISTED.record,
    ):
        assert part in text
    assert "<em>" not in html
    assert "<code>" + "0" * 64 in html
    assert html.count("<code>") == 1
