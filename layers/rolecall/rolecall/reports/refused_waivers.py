"""The waivers of a run that accept nothing, in words: of which finding, by whom, and why not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rolecall.naming import Names, Spoken
from rolecall.printable import printable
from rolecall.reports.labels import label
from rolecall.reports.reasons import waiver_in_words
from rolecall.reports.report import Report
from rolecall.run import waiver_outcome
from rolecall.texts import texts_of

__all__ = ["refused_waivers"]

_EVIDENCE = re.compile(r'evidence = "[0-9a-f]+"')


def refused_waivers(report: Report, names: Names) -> Iterator[str]:
    """Yield a line for each waiver that does not hold; one that no finding matches is no matter."""
    texts = texts_of(report.context.policy.language)

    def person(id_: str) -> str:
        return names.find("people", id_) or id_

    for ruling in report.waivers:
        if ruling.standing in ("applied", "unused"):
            continue
        outcome = waiver_outcome(ruling)
        keys = Spoken(outcome.subject, names).keys
        about = label(outcome.subject, keys, report.context, texts.words("reports"))
        told = waiver_in_words(texts, outcome, person)
        # What the policy has to say, for whoever writes it: the same in every language.
        if (quoted := _EVIDENCE.search(outcome.message)) is not None:
            told = f"{told}: {quoted[0]}"
        yield printable(f"{outcome.control}, {about}. {told}.")
