"""The requirements of frameworks that the controls of a run serve, and what stands against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rolecall.controls.control import Control
from rolecall.frameworks.citations import Citations
from rolecall.frameworks.framework import in_natural_order
from rolecall.frameworks.known import FRAMEWORKS
from rolecall.reports.citing import OWN_POLICY, REQUIREMENT_NAMES, cited_by
from rolecall.reports.document import FrameworkSection, Requirement
from rolecall.texts import Texts

__all__ = ["framework_sections"]


def framework_sections(
    texts: Texts,
    ran: Iterable[str],
    controls: Mapping[str, Control[Any]],
    standing: Mapping[str, int],
    citations: Citations,
) -> tuple[FrameworkSection, ...]:
    """Return the frameworks that the controls of a run serve, the organisation's own policy last.

    :param ran: ids of the controls that were counted; those under which something stands ran too.
    :param standing: how many findings stand, by the id of their control.
    """
    served: dict[str, defaultdict[str, list[str]]] = {
        field: defaultdict(list) for field in REQUIREMENT_NAMES
    }
    for id_ in sorted({*ran, *standing} & controls.keys()):
        cited = cited_by(controls[id_], citations.clauses.get(id_))
        for field, found in served.items():
            for name in cited.get(field, ()):
                found[name].append(id_)
    return tuple(
        _section(texts, field, found, standing, citations)
        for field, found in served.items()
        if found
    )


def _section(
    texts: Texts,
    field: str,
    served: Mapping[str, Sequence[str]],
    standing: Mapping[str, int],
    citations: Citations,
) -> FrameworkSection:
    names, words = in_natural_order(served), texts.words("reports")
    if field == OWN_POLICY:
        clauses = tuple(_counted(name, "", served[name], standing) for name in names)
        return FrameworkSection(words["own_policy"], "", words["clause"], clauses)
    framework, given = FRAMEWORKS[field], citations.titles.get(field, {})
    ours = frozenset() if framework.is_verbatim else served.keys() - given.keys()
    is_ours = ours == served.keys()
    said = texts.framework(framework)
    titles = {name: given.get(name, said.titles.get(name, "")) for name in names}
    if not is_ours:
        marked = words["in_our_words"]
        titles |= {name: marked.format(title=titles[name]) for name in ours}
    notices = (said.notice, words["titles_given"] if given else "", said.note)
    return FrameworkSection(
        said.release,
        " ".join(filter(None, notices)),
        words["requirement_ours" if is_ours else "requirement"],
        tuple(_counted(name, titles[name], served[name], standing) for name in names),
    )


def _counted(name: str, title: str, ids: Sequence[str], standing: Mapping[str, int]) -> Requirement:
    failing = tuple(id_ for id_ in ids if standing.get(id_))
    return Requirement(name, title, tuple(ids), failing, sum(standing.get(id_, 0) for id_ in ids))
