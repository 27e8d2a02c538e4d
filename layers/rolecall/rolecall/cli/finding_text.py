"""A finding of the API in words: what it is about, and what is so, with people by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from rolecall.controls.catalogue import catalogue
from rolecall.model import Subject
from rolecall.naming import GivenNames
from rolecall.reports.report import detail_in_words
from rolecall.reports.words import reason_in_words
from rolecall.texts import texts_of
from rolecall.usecases.queries.names import called

__all__ = ["finding_text"]


def finding_text(one: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a finding, as the API has it.

    The first has ids beside the names, for commands take ids; the second is for people.
    """
    # A stack of an earlier release tells no names.
    names: dict[str, str] = one.get("names", {})
    about = " ".join(
        f"{value} ({names[value]})" if key == "person" and value in names else value
        for key, value in one["subject"].items()
        if key != "kind"
    )
    yield f"{one['severity']:<9}{one['control']:<28}{one['entity'] or '-'}  {about}{_why(one)}"
    if "detail" in one:
        yield f"{'':<9}{one['detail']}"
        return
    # A stack of an earlier release has no sentences, and these are ours.
    subject = Subject(**one["subject"])
    evidence = msgspec.json.encode(one.get("evidence"))
    control = catalogue().get(one["control"])
    spoken = GivenNames({"people": called(names)})
    yield f"{'':<9}{detail_in_words(control, subject, evidence, spoken)}"


def _why(one: Mapping[str, Any]) -> str:
    """Return why a finding went, or came, where that is known."""
    # A stack of an earlier release tells no reasons.
    if one.get("status") == "resolved":
        reason, what = reason_in_words(texts_of("en"), one.get("resolution")), "resolved"
    else:
        reason, what = reason_in_words(texts_of("en"), one.get("opening")), "came"
    return f"  ({what}: {reason})" if reason else ""
