"""A finding in words, for a caller: what is wrong, with the names that they may know.

The catalogue has the words. It is a hundred modules, which nothing else of the API needs, so this
one is loaded when the first finding is asked for.
"""

from __future__ import annotations

from rolecall.controls.catalogue import catalogue
from rolecall.finding import Finding
from rolecall.naming import Called, GivenNames
from rolecall.reports.report import detail_in_words, title_in_words

__all__ = ["finding_words"]


def finding_words(finding: Finding, names: Called) -> tuple[str, str]:
    """Return the title of a finding, and what it says in a sentence or two."""
    control = catalogue().get(finding.control)
    detail = detail_in_words(control, finding.subject, finding.evidence, GivenNames(names))
    return title_in_words(control), detail
