"""Reads ``titles.csv``: official titles of requirements, from whoever is licensed to print them.

It stands beside the policy, and has the columns framework, id and title. A requirement that its
framework does not have is an error that names the nearest; so is whatever a page or a spreadsheet
might take for something else than a title.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from rolecall.errors import OverLimitError, PolicyError
from rolecall.frameworks.framework import Framework
from rolecall.frameworks.known import FRAMEWORKS
from rolecall.limits import check_size
from rolecall.model import Policy
from rolecall.printable import printable
from rolecall.registry.problems import Problems, nearest, policy_file, suggestion, undecodable
from rolecall.spreadsheet import guarded

__all__ = ["TITLES", "Titles", "find_titles", "parse_titles", "read_titles", "with_titles"]

TITLES = "titles.csv"
"""The name of the file."""
Titles = Mapping[str, Mapping[str, str]]
"""Titles by framework and id."""

_COLUMNS = ("framework", "id", "title")
_MOST_BYTES = 100_000
_MOST_ROWS = 2_000
_MOST_OF_A_TITLE = 500
_GIVEN = tuple(key for key, framework in FRAMEWORKS.items() if not framework.is_verbatim)


def find_titles(policy: Path) -> Path | None:
    """Return the titles.csv beside a policy, if there is one."""
    path = policy.parent / TITLES
    return path if path.is_file() else None


def with_titles(policy: Policy, titles: Titles) -> Policy:
    """Return a policy that gives titles to requirements."""
    return replace(policy, citations=replace(policy.citations, titles=titles))


def read_titles(policy: Path) -> Titles:
    """Read the titles beside a policy; none where there is no such file.

    :raises PolicyError: with every problem found.
    """
    path = find_titles(policy)
    if path is None:
        return {}
    return parse_titles(policy_file(path, _MOST_BYTES))


def parse_titles(data: bytes) -> Titles:
    """Return the titles that a CSV file gives.

    :raises PolicyError: with every problem found.
    """
    problems = Problems()
    found: dict[str, dict[str, str]] = {}
    for row, cells in _rows(data, problems):
        _take(found, row, cells, problems)
    if problems.count:
        raise PolicyError(problems.kept)
    return {key: found[key] for key in FRAMEWORKS if key in found}


def _rows(data: bytes, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header, each with its number, the cells in the order of columns."""
    try:
        check_size(data, _MOST_BYTES)
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except OverLimitError as error:
        problems.add(TITLES, str(error))
        return
    except UnicodeDecodeError as error:
        problems.add(TITLES, f"is not UTF-8 {undecodable(error)}; save it as CSV UTF-8")
        return
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        if sorted(header) != sorted(_COLUMNS):
            problems.add(TITLES, f"must have the columns {', '.join(_COLUMNS)}", row=1)
            return
        for row, cells in enumerate(reader, 2):
            if row > _MOST_ROWS:
                problems.add(TITLES, f"has more than {_MOST_ROWS:,} rows", row=row)
                return
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                flaw = f"has {len(cells)} cells; quote a title that holds a {delimiter!r}"
                problems.add(TITLES, flaw, row=row)
                continue
            by_name = dict(zip(header, cells, strict=True))
            yield row, [by_name[name].strip() for name in _COLUMNS]
    except csv.Error as error:
        problems.add(TITLES, f"is not CSV: {error}", row=reader.line_num)


def _take(found: dict[str, dict[str, str]], row: int, cells: list[str], problems: Problems) -> None:
    key, id_, title = cells
    framework = FRAMEWORKS.get(key.casefold())
    if framework is None or framework.is_verbatim:
        problems.add(TITLES, _unwanted(key, framework), row=row, column="framework", value=key)
    elif id_ not in framework.ids:
        near = nearest(id_, folded := {one.casefold(): one for one in framework.ids})
        meant = f"; did you mean {folded[near]}?" if near else ""
        flaw = f"{framework.name} has no such requirement{meant}"
        problems.add(TITLES, flaw, row=row, column="id", value=id_)
    elif id_ in found.get(framework.key, {}):
        problems.add(TITLES, "stands there twice", row=row, column="id", value=id_)
    elif flaw := _flaw(title):
        problems.add(TITLES, flaw, row=row, column="title", value=title)
    else:
        found.setdefault(framework.key, {})[id_] = title


def _unwanted(key: str, framework: Framework | None) -> str:
    wanted = f"titles are given for {', '.join(_GIVEN)}"
    if framework is None:
        return f"no such framework{suggestion(key, _GIVEN)}; {wanted}"
    return f"the titles of {framework.name} are Rolecall's own table, verbatim; {wanted}"


def _flaw(title: str) -> str:
    """Return what is wrong with a title; nothing where it is one."""
    if not title:
        return "is empty"
    if printable(title) != title:
        return "holds a line break, or a sign that nobody sees; write it on one line"
    if guarded(title) != title:
        return "begins like a formula of a spreadsheet, which no title does"
    if len(title) > _MOST_OF_A_TITLE:
        return f"takes {len(title):,} characters; at most {_MOST_OF_A_TITLE} are read"
    return ""
