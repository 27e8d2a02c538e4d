"""Of what kind a sheet is, and what its columns mean in one of that kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rolecall.adopt.column_content import ColumnContent
from rolecall.adopt.column_reading import ColumnReading, shape_of
from rolecall.adopt.columns import SheetKind

__all__ = ["SeenColumn", "columns_in", "kind_of"]

SeenColumn = tuple[ColumnReading, ColumnContent]
"""What a column means before the kind is known, and how its cells look."""

_MOST = 0.5
_SAYING_PERSON = frozenset(("first_name", "last_name", "full_name"))
_OF_PERSONS = frozenset(
    (
        *("number", "email", "alias", "left_on", "started_on", "job", "type", "supervisor"),
        *("department", "clearance_level", "trained_on", "status"),
    )
)
_OF_UNITS = frozenset(("head", "head_email", "entity_above", "contact", "contact_email"))
_LEAST_LABELS = 0.5
_SOME = 0.3


def kind_of(columns: Sequence[SeenColumn]) -> SheetKind:
    """Return of what kind a sheet is."""
    filled = [(reading, seen) for reading, seen in columns if seen.filled]
    fields = {"platform" if _says_platform(*one) else one[0].field for one in filled}
    accounts = [one for one in filled if one[0].field == "account"]
    pages = [one for one in filled if one[0].field in ("url", "handle", "address")]
    is_social = any(seen.social > 0 or seen.handles > 0 for _, seen in pages)
    has_platforms = any(
        reading.field == "platform" and seen.platforms > _MOST for reading, seen in filled
    )
    if _is_roster(fields) and not (accounts or is_social or has_platforms):
        return "roster"
    platforms = {reading.platform for reading, _ in accounts} - {"website"}
    if platforms and "platform" not in fields:
        return "units"
    if "platform" in fields and (pages or accounts or fields & {"label", "name"}):
        return "accounts"
    if is_social or any(_labels_platforms(reading, seen) for reading, seen in filled):
        return "accounts"
    if accounts or any(seen.addresses > _MOST for _, seen in pages):
        return "websites"
    if "handle" in fields and fields & {"administrator", "owner", "holder", "login_email"}:
        return "accounts"
    if fields & {"entity", "name"} and fields & _OF_UNITS:
        return "units"
    return "none"


def _says_platform(reading: ColumnReading, seen: ColumnContent) -> bool:
    """Tell whether a column of kinds is one of platforms."""
    return reading.field in ("kind", "type") and shape_of(seen) == "platforms"


def _is_roster(fields: set[str]) -> bool:
    said = len(fields & _SAYING_PERSON)
    more = len(fields & _OF_PERSONS)
    if "name" in fields and not said:
        return more > 1 and bool(fields & {"email", "number", "job", "started_on", "left_on"})
    return (said > 1 and more > 0) or (said > 0 and more > 0)


def _labels_platforms(reading: ColumnReading, seen: ColumnContent) -> bool:
    return reading.field in ("label", "name") and seen.labels >= _LEAST_LABELS


_IN_ROSTERS: Mapping[str, str] = {
    "name": "full_name",
    "entity": "department",
    "address": "nothing",
    "kind": "type",
    "account": "nothing",
    "contact_email": "email",
}


def columns_in(kind: SheetKind, columns: Sequence[SeenColumn]) -> list[ColumnReading]:
    """Return what the columns of a sheet mean, now that its kind is known."""
    if kind == "roster":
        return [
            reading._replace(field=_IN_ROSTERS.get(reading.field, reading.field))
            for reading, _ in columns
        ]
    taken = {reading.field for reading, seen in columns if seen.filled and not reading.doubts}
    if any(_says_role(reading, seen) for reading, seen in columns):
        # A row is one person's access to one account.
        taken.add("role")
    found = []
    for reading, seen in columns:
        settled = _settled(reading, seen, kind, taken)
        taken.add(settled.field)
        found.append(settled)
    return found


def _settled(
    reading: ColumnReading, seen: ColumnContent, kind: SheetKind, taken: set[str]
) -> ColumnReading:
    """Return what a column means in a sheet of accounts, units or websites."""
    field = reading.field
    if field == "name":
        first, second = (
            ("entity", "label") if kind in ("units", "websites") else ("label", "entity")
        )
        free = [one for one in (first, second) if one not in taken]
        return reading._replace(field=free[0] if free else "nothing")
    if field == "address":
        pages = seen.addresses + seen.handles
        mailboxes = "contact_email" if shape_of(seen) == "emails" else "nothing"
        return reading._replace(field="url" if pages > _SOME else mailboxes)
    if field in ("kind", "type"):
        is_platform = shape_of(seen) == "platforms" and "platform" not in taken
        return reading._replace(field="platform" if is_platform else "nothing")
    if field == "platform" and seen.filled and seen.platforms < _MOST and not reading.doubts:
        is_name = not seen.platforms and "label" not in taken and "name" not in taken
        return reading._replace(field="label") if is_name else reading
    if field == "url" and kind == "units" and reading.platform == "" and seen.filled:
        # Beside a column a platform, one of addresses that are of no platform is the website.
        return reading._replace(field="account", platform="" if seen.social else "website")
    if kind == "units" and field == "nothing" and reading.doubts and "entity" not in taken:
        remark = "was taken for the names of units"
        return ColumnReading("entity", source="content", remark=remark)
    return _of_people(reading, seen, kind, taken)


def _of_people(
    reading: ColumnReading, seen: ColumnContent, kind: SheetKind, taken: set[str]
) -> ColumnReading:
    """Return what a column means that may be about people, in a sheet that lists none."""
    field = reading.field
    if _says_role(reading, seen):
        return reading._replace(field="role")
    if field == "department":
        return reading._replace(field="nothing" if "entity" in taken else "entity")
    if field == "email" and "role" not in taken:
        return _mailboxes(reading, kind)
    if field in (*_SAYING_PERSON, "email") or (field == "handle" and seen.names > _MOST):
        return _somebody(reading, seen, taken)
    is_persons = field in _OF_PERSONS - {"status"} or field in ("policy_version",)
    return reading._replace(field="nothing") if is_persons else reading


def _says_role(reading: ColumnReading, seen: ColumnContent) -> bool:
    return reading.field == "job" and seen.roles > _MOST


def _somebody(reading: ColumnReading, seen: ColumnContent, taken: set[str]) -> ColumnReading:
    """Return what people are to the account of their row; beside a role, those who have it."""
    if reading.field == "handle" and "label" not in taken:
        return reading._replace(field="label")
    if "role" in taken:
        mail = "_email" if reading.field == "email" else ""
        return reading._replace(field=f"administrator{mail}")
    doubts = ("contact", "administrator", "owner", "holder", "nothing")
    return reading._replace(field="contact", doubts=doubts if seen.filled else ())


def _mailboxes(reading: ColumnReading, kind: SheetKind) -> ColumnReading:
    if kind != "accounts":
        return reading._replace(field="contact_email")
    doubts = ("contact_email", "login_email", "administrator_email", "owner_email", "nothing")
    return reading._replace(field="contact_email", doubts=doubts)
