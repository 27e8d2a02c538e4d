"""Decides what the columns of a sheet mean: by memory, by heading, by content, or by asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from rolecall.adopt.column_content import ColumnContent, column_content
from rolecall.adopt.columns import ColumnMeaning, SheetKind, SheetMeaning, kept_column
from rolecall.adopt.heading_keys import heading_key
from rolecall.adopt.heading_lookup import HeadingMeaning, heading_meaning
from rolecall.adopt.questions import Answers
from rolecall.adopt.sheets import Sheet

__all__ = ["meaning_of"]


class _Column(NamedTuple):
    position: int
    heading: str
    said: HeadingMeaning
    seen: ColumnContent
    kept: tuple[str, str, str] | None


_MOST = 0.6
_ROSTER_FIELDS = frozenset(("first_name", "last_name", "full_name", "started_on", "left_on", "job"))


def meaning_of(
    sheet: Sheet, memory: Mapping[str, str], answers: Answers | None = None
) -> SheetMeaning:
    """Return what a sheet is, and what each of its columns means.

    :param memory: what headings mean by what was decided before, as
        :func:`rolecall.adopt.columns.column_kept` has it, by
        :func:`rolecall.adopt.heading_keys.heading_key`.
    """
    columns = [
        _Column(
            index,
            heading,
            heading_meaning(heading),
            column_content(sheet, index),
            kept_column((answers or {}).get(f"column:{heading_key(heading)}", ""))
            or kept_column(memory.get(heading_key(heading), "")),
        )
        for index, heading in enumerate(sheet.headings)
    ]
    kind = _kind(columns)
    return SheetMeaning(kind, tuple(_decided(column, kind) for column in columns))


def _kind(columns: Sequence[_Column]) -> SheetKind:
    fields = {column.kept[0] if column.kept else column.said.field for column in columns}
    of_platforms = [c for c in columns if c.said.field == "account" and c.seen.filled]
    social = [column for column in columns if column.seen.social > _MOST]
    if any(column.said.platform != "website" for column in of_platforms):
        return "units"
    if fields & {"platform", "url", "handle"} or social:
        is_roster = len(fields & _ROSTER_FIELDS) > 1 and not social
        return "roster" if is_roster else "accounts"
    if len(fields & _ROSTER_FIELDS) > 1 or ("email" in fields and fields & {"name", "full_name"}):
        return "roster"
    if of_platforms or any(column.seen.addresses > _MOST for column in columns):
        return "websites"
    return "none"


def _decided(column: _Column, kind: SheetKind) -> ColumnMeaning:
    found = ColumnMeaning(
        column.position,
        column.heading,
        heading_key(column.heading),
        column.said.field or "nothing",
        column.said.platform,
        column.said.role,
        samples=column.seen.samples,
    )
    if column.kept:
        field, platform, role = column.kept
        return replace(found, field=field, platform=platform, role=role, source="memory")
    return replace(found, field=_field(column, kind))


def _field(column: _Column, kind: SheetKind) -> str:
    field, seen = column.said.field, column.seen
    if kind == "roster":
        return {"name": "full_name", "entity": "department"}.get(field, field or "nothing")
    if kind == "websites" and seen.addresses > _MOST and field in ("", "account", "nothing"):
        return "account"
    if field == "name":
        return "entity" if kind == "units" else "label"
    if field == "entity" and seen.emails > _MOST:
        return "contact_email"
    if field == "account" and not column.said.platform:
        return "url"
    if field in ("url", "") and seen.addresses > _MOST:
        return "url"
    return field or "nothing"
