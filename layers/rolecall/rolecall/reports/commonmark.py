"""Text as Markdown that says it as it is: what would be markup where it stands is escaped, and
nothing else, so that a report can be read before anybody renders it.

The rules are those of CommonMark 0.31 with GitHub's strikethrough and tables. A sign is escaped
first wherever it could be markup at all; then each backslash goes without which the text still
reads the same. What a host makes of plain words (a mention, a number of an issue, an address, an
emoji) no backslash prevents: there stands a word joiner, which nobody sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache
from html.entities import html5
from itertools import combinations
from typing import Literal, NamedTuple

__all__ = ["Position", "literal"]

Position = Literal["block", "cell", "heading", "item"]
"""Where a text stands: it begins a block or an item of a list, or is all of a cell or a heading."""

_MOST_ESCAPES = 60
"""Of a text with more signs that might be markup all stay escaped: looking costs their square."""
_JOINER = "\u2060"
_HOSTS = re.compile(
    r"(?:https?|ftp)(?=:/)|\bwww(?=\.)|(?<![\w.+-])@(?=\w)|(?<!\w)[#!](?=\d+\b)"
    r"|(?<!\w):(?=[\w+-]+:)",
    re.IGNORECASE,
)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_MIGHT_BE = re.compile(r"[\\`*_\[\]<&~]|^[0-9]{1,9}[.)]|(?:^|(?<=[ #]))#|^[>+-]")

_NAME = r"[A-Za-z_:][A-Za-z0-9:._-]*"
_VALUE = r"""(?:[^"'=<>`\x00-\x20]+|'[^']*'|"[^"]*")"""
_TAG = re.compile(
    rf"<[A-Za-z][A-Za-z0-9-]*(?:\s+{_NAME}(?:\s*=\s*{_VALUE})?)*\s*/?>"
    r"|</[A-Za-z][A-Za-z0-9-]*\s*>|<!--.*?-->|<!---?>|<\?.*?\?>|<![A-Za-z][^>]*>|<!\[CDATA\[.*?\]\]>"
    # An address between angle brackets, of any scheme or of a mailbox.
    r"|<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*>"
    r"|<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|([A-Za-z][A-Za-z0-9]*));")
_HTML_BLOCKS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|"
    "details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h1|"
    "h2|h3|h4|h5|h6|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|"
    "noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|"
    "thead|title|tr|track|ul|pre|script|style|textarea"
)
_TITLE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"""
_BLOCK = re.compile(
    r"#{1,6}(?:[ \t]|$)|>|[-+*](?:[ \t]|$)|[0-9]{1,9}[.)](?:[ \t]|$)"
    r"|(?P<rule>[-*_])(?:[ \t]*(?P=rule)){2,}[ \t]*$|`{3,}[^`]*$|~{3,}"
    rf"|<!--|<\?|<![A-Za-z]|<!\[CDATA\[|</?(?:{_HTML_BLOCKS})(?:[ \t]|/?>|$)",
    re.IGNORECASE,
)
_BOX = re.compile(r"\[[ xX]\][ \t]")
_CLOSED_HEADING = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_LABEL = re.compile(r"\[(?=[^\]]*[^\s\]])(?:[^\[\]\\]|\\.)+\]:[ \t]*(?=\S)")
_DEFINITION_END = re.compile(rf"(?:[ \t]+{_TITLE})?[ \t]*$")
_LINK_END = re.compile(rf"(?:[ \t]+{_TITLE})?[ \t]*\)")
_BETWEEN_BRACKETS = re.compile(r"<(?:[^<>\\]|\\.)*>")


class _Run(NamedTuple):
    """Delimiters of one sign beside each other."""

    sign: str
    length: int
    opens: bool
    closes: bool


def literal(text: str, position: Position) -> str:
    """Return Markdown that renders as a text of one line, whatever stands in it."""
    escaped = _escaped(_HOSTS.sub(lambda found: f"{found[0]}{_JOINER}", text.strip()), position)
    return escaped.replace("|", "\\|") if position == "cell" else escaped


@lru_cache(maxsize=4_096)
def _escaped(text: str, position: Position) -> str:
    might_be = {found.end() - 1 for found in _MIGHT_BE.finditer(text)}
    if len(might_be) <= _MOST_ESCAPES:
        might_be = _needed(text, might_be, position)
    return _written(text, might_be)


def _needed(text: str, escapes: set[int], position: Position) -> set[int]:
    """Return those of the escapes without any of which something would be markup."""
    is_settled = False
    while not is_settled:
        is_settled = True
        for at in sorted(escapes, reverse=True):
            fewer = escapes - {at}
            if _reads_as(text, fewer, position):
                escapes, is_settled = fewer, False
    return escapes


def _written(text: str, escapes: Set[int]) -> str:
    return "".join(f"\\{sign}" if at in escapes else sign for at, sign in enumerate(text))


def _reads_as(text: str, escapes: Set[int], position: Position) -> bool:
    """Whether a text that is escaped at these places has no markup in it."""
    written = _written(text, escapes)
    if position in ("block", "item") and (_BLOCK.match(written) or _is_definition(written)):
        return False
    if position == "item" and _BOX.match(written):
        return False
    if position == "heading" and _CLOSED_HEADING.search(written):
        return False
    ours = {at + nth for nth, at in enumerate(sorted(escapes))}
    return _has_no_inlines(written, ours)


def _has_no_inlines(written: str, ours: Set[int]) -> bool:
    """Whether nothing in a line is markup. ``ours`` are the backslashes that we wrote."""
    at, brackets = 0, 0
    runs: list[_Run] = []
    while at < len(written):
        sign, is_ours = written[at], at in ours
        if not is_ours and _is_inline(written, at, is_in_brackets=brackets > 0):
            return False
        brackets = max(0, brackets + (sign == "[") - (sign == "]"))
        length = _length(written, at) if sign in "`*_~" else 1 + is_ours
        if sign in "*_~":
            runs.append(_run(written, at, length))
        at += length
    return not any(_is_pair(*two) for two in combinations(runs, 2))


def _is_inline(written: str, at: int, *, is_in_brackets: bool) -> bool:
    """Whether a sign begins, or for a link ends, something that is no text."""
    match written[at]:
        case "\\":
            return written[at + 1 : at + 2] in _PUNCTUATION
        case "`":
            length = _length(written, at)
            closing = rf"(?<!`)`{{{length}}}(?!`)"
            return re.search(closing, written[at + length :]) is not None
        case "]":
            return is_in_brackets and _is_target(written, at + 1)
        case "<":
            return _TAG.match(written, at) is not None
        case "&":
            found = _ENTITY.match(written, at)
            return found is not None and (found[1] is None or f"{found[1]};" in html5)
        case _:
            return False


def _length(written: str, at: int) -> int:
    rest = written[at:]
    return len(rest) - len(rest.lstrip(written[at]))


def _run(written: str, at: int, length: int) -> _Run:
    """Return whether a run of delimiters can open and close, by what stands on both its sides."""
    sign = written[at]
    before, after = _kind(written[at - 1 : at]), _kind(written[at + length : at + length + 1])
    left = after != "space" and (after != "sign" or before != "word")
    right = before != "space" and (before != "sign" or after != "word")
    if sign == "_":
        return _Run(
            sign,
            length,
            left and (not right or before == "sign"),
            right and (not left or after == "sign"),
        )
    return _Run(sign, length, left, right)


def _kind(sign: str) -> Literal["space", "sign", "word"]:
    if not sign or sign in "\t\n\f\r" or unicodedata.category(sign) == "Zs":
        return "space"
    return "sign" if unicodedata.category(sign)[0] in "PS" else "word"


def _is_pair(first: _Run, second: _Run) -> bool:
    """Whether two runs enclose something. What lies between is no matter: nothing else is one."""
    if first.sign != second.sign or not (first.opens and second.closes):
        return False
    if first.sign == "~":
        return first.length == second.length <= len("~~")
    is_both_ways = first.closes or second.opens
    is_of_three = (first.length + second.length) % 3 == 0
    return not (is_both_ways and is_of_three and (first.length % 3 or second.length % 3))


def _is_definition(written: str) -> bool:
    """Whether a line says where a link goes that stands elsewhere; it would not be shown."""
    label = _LABEL.match(written)
    return label is not None and _is_followed(written, label.end(), _DEFINITION_END)


def _is_target(written: str, at: int) -> bool:
    """Whether what stands here is the address, with or without a title, that makes a link."""
    if written[at : at + 1] != "(":
        return False
    start = at + 1 + len(written[at + 1 :]) - len(written[at + 1 :].lstrip(" \t"))
    return _is_followed(written, start, _LINK_END)


def _is_followed(written: str, start: int, end: re.Pattern[str]) -> bool:
    """Whether an address stands here, and behind it what has to."""
    bracketed = _BETWEEN_BRACKETS.match(written, start)
    if bracketed is not None:
        return end.match(written, bracketed.end()) is not None
    depth, at = 0, start
    while at < len(written) and not written[at].isspace():
        if written[at] == "\\" and written[at + 1 : at + 2] in _PUNCTUATION:
            at += 1
        elif written[at] == "(":
            depth += 1
        elif written[at] == ")":
            if depth == 0:
                break
            depth -= 1
        at += 1
    return depth == 0 and end.match(written, at) is not None
