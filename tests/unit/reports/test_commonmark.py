"""What Markdown says after rendering is what was put in, and no backslash is there for nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rolecall.printable import printable
from rolecall.reports.commonmark import Position, literal
from tests.tiers import examples

PARSER = MarkdownIt("commonmark", {"strikethrough_single_tilde": True}).enable(
    ["table", "strikethrough"]
)
AROUND = {
    "block": "before\n\n{}\n\nafter\n",
    "heading": "before\n\n## {}\n\nafter\n",
    "item": "before\n\n- {}\n\nafter\n",
    "cell": "| a | b |\n|---|---|\n| {} | x |\n",
}
POSITIONS: tuple[Position, ...] = ("block", "item", "heading", "cell")
JOINER = "\u2060"


class Rendered(HTMLParser):
    """The texts and the elements of what a parser made."""

    def __init__(self, data: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.feed(data)
        self.close()

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(markdown: str, position: Position) -> tuple[str, list[str]]:
    made = Rendered(PARSER.render(AROUND[position].replace("{}", markdown)))
    return made.text.replace(JOINER, ""), made.tags


def expected(text: str, position: Position) -> tuple[str, list[str]]:
    text_around, tags = rendered("QQ", position)
    return text_around.replace("QQ", text.replace(JOINER, "")), tags


PIECES = [
    *("*", "**", "_", "`", "``", "~~", "[x](y)", "<b>", "<!--", "-->", "&amp;", "&#33;", "\\"),
    *("# ", "1. ", "- ", "a", " ", "b", "](", ")", "https://x", "@you", "#12", "|", "[a]: b"),
    *("---", "[ ] ", "<a@b.c>", ":tada:", "(", '"t"', "\u4e2d", "\u20ac"),
]
TEXTS = st.one_of(
    st.text(min_size=1, max_size=30),
    # Signs that mean something, close together, where they may pair.
    st.text("*_`~[]()<>&;#!|\\-+.:1a \u00e9\u2019\"'/=", min_size=1, max_size=16),
    st.lists(
        st.sampled_from(PIECES),
        min_size=1,
        max_size=8,
    ).map("".join),
).map(lambda text: printable(text).strip())


@pytest.mark.parametrize("position", POSITIONS)
@given(text=TEXTS)
@example(text="**bold** and _em_")
@example(text="*a [b](c) `d` <e> &amp; ~~f~~ \\")
@example(text="a\\|b|c\\")
@example(text="x" * 70 + "*" * 70)
@settings(max_examples=examples(400), deadline=None)
def test_what_goes_in_comes_out(position: Position, text: str) -> None:
    if text:
        assert rendered(literal(text, position), position) == expected(text, position)


def without_one_backslash(markdown: str) -> list[str]:
    places = [found.start() for found in re.finditer(r"\\(?=\W|_)", markdown)]
    return [markdown[:at] + markdown[at + 1 :] for at in places]


@pytest.mark.parametrize("position", POSITIONS)
@given(text=TEXTS)
@example(text="Tom & Jerry * 2 [sic] a_b_c 1.5 < 3 (x) #tag - no")
@example(text="**a**")
@example(text="\\*a*")
@settings(max_examples=examples(400), deadline=None)
def test_no_backslash_is_there_for_nothing(position: Position, text: str) -> None:
    markdown = literal(text, position)
    said = rendered(markdown, position)
    # The parser knows nothing of boxes to tick: what it does not take for one it need not.
    is_box = position == "item" and text.startswith(("[ ] ", "[x] "))
    for fewer in () if is_box else without_one_backslash(markdown):
        assert rendered(fewer, position) != said, (text, markdown, fewer)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Mateus Winterbourne (p-004), since 2026-03-01: 1,234 days.", None),
        ("St. Mary's & Co. - a_b_c @ 5 * 3 [sic] #1st <3 100%!", None),
        ("*Star*", r"\*Star*"),
        ("1. May", r"1\. May"),
        ("<script>x</script>", r"\<script>x\</script>"),
        ("[a](b)", r"\[a](b)"),
        ("Instagram @stbrigidyouth", f"Instagram @{JOINER}stbrigidyouth"),
        ("write to office@parish.example", None),
        ("https://a.example www.b.example", f"https{JOINER}://a.example www{JOINER}.b.example"),
        ("see #12 and :tada:", f"see #{JOINER}12 and :{JOINER}tada:"),
    ],
)
def test_as_people_read_it(text: str, markdown: str | None) -> None:
    assert literal(text, "block") == (text if markdown is None else markdown)


def test_a_box_to_tick_is_a_text_too() -> None:
    assert literal("[ ] done", "item") == r"\[ ] done"
    assert literal("[ ] done", "block") == "[ ] done"


def test_a_text_of_nothing_but_signs_takes_no_time_to_speak_of() -> None:
    text = "*_`[" * 2_000
    assert rendered(literal(text, "block"), "block") == expected(text, "block")
