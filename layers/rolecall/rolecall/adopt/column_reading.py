"""Holds what a heading says against what stands below it.

Where the two agree, or the cells say nothing either way, the heading holds. Where the cells are
plainly something else (addresses of mailboxes below *Link*), they hold, and it is said. Where
neither is sure it is a doubt, with the fields that it may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from rolecall.adopt.column_content import ColumnContent
from rolecall.adopt.columns import PEOPLE_FIELDS, MeaningSource
from rolecall.adopt.heading_lookup import HeadingMeaning

__all__ = ["ColumnReading", "Shape", "column_reading", "shape_of"]

Shape: TypeAlias = Literal[
    "", "social", "addresses", "emails", "dates", "platforms", "yes_no", "numbers", "handles"
]
"""What most cells of a column plainly are; nothing, where they are words."""


class ColumnReading(NamedTuple):
    """What a column means, before the kind of its sheet is known.

    :ivar remark: what was decided against the heading, or without one, in words that follow the
        column's name.
    :ivar doubts: the fields that it may be, the safest first; empty where it is sure.
    """

    field: str
    platform: str = ""
    role: str = ""
    source: MeaningSource = "heading"
    remark: str = ""
    doubts: tuple[str, ...] = ()


_MOST = 0.6
_NEARLY_ALL = 0.8
_PEOPLE = (*PEOPLE_FIELDS, *(f"{field}_email" for field in PEOPLE_FIELDS))
_DATES = frozenset(
    (
        *("last_post_on", "reviewed_on", "removal_tested_on", "rotated_on", "left_on"),
        *("started_on", "clearance_expires", "trained_on", "policy_acknowledged_on"),
        "contract_ends",
    )
)
_FREE = frozenset(("notes", "nothing", "storage", "mfa", "status", "archive", "connected_apps"))
"""Fields whose cells may look like anything."""

_FITTING: Mapping[str, frozenset[str]] = {
    "account": frozenset(("social", "addresses", "handles", "yes_no", "emails")),
    "platform": frozenset(("platforms", "yes_no")),
    "url": frozenset(("social", "addresses", "handles")),
    "handle": frozenset(("social", "addresses", "handles", "numbers")),
    "label": frozenset(("platforms", "handles")),
    "address": frozenset(("social", "addresses", "emails")),
    "kind": frozenset(("platforms", "yes_no", "numbers")),
    "type": frozenset(("platforms", "yes_no", "numbers")),
    "login_email": frozenset(("emails", "handles")),
    "email": frozenset(("emails",)),
    "alias": frozenset(("emails",)),
    "email_domain": frozenset(("addresses", "handles")),
    "privacy_notice_url": frozenset(("addresses",)),
    "privacy_record_ref": frozenset(("addresses", "numbers")),
    "number": frozenset(("numbers", "emails")),
    "policy_version": frozenset(("numbers", "dates", "yes_no")),
    "policy_acknowledged_on": frozenset(("dates", "yes_no")),
    "clearance_level": frozenset(("numbers", "yes_no", "dates")),
    "trained_on": frozenset(("dates", "yes_no")),
    "contract_ref": frozenset(("numbers", "addresses", "yes_no")),
    "dpa_ref": frozenset(("numbers", "addresses", "yes_no")),
    "supervisor": frozenset(("emails", "numbers")),
    "record_class": frozenset(("numbers",)),
    "department": frozenset(("numbers",)),
    "job": frozenset(("numbers",)),
    **dict.fromkeys(_PEOPLE, frozenset(("emails", "handles"))),
    **{field: frozenset(("dates",)) for field in _DATES - {"policy_acknowledged_on", "trained_on"}},
}
"""What the cells of a field may plainly be; of the others, only words."""


def shape_of(seen: ColumnContent) -> Shape:
    """Return what most cells of a column plainly are."""
    if seen.social > _MOST / 2 and seen.addresses > _MOST:
        return "social"
    shares: tuple[tuple[Shape, float, float], ...] = (
        ("addresses", seen.addresses, _MOST),
        ("emails", seen.emails, _MOST),
        ("dates", seen.dates, _MOST),
        ("yes_no", seen.yes_no, _NEARLY_ALL),
        ("platforms", seen.platforms, _MOST),
        ("handles", seen.handles, _MOST),
        ("numbers", seen.numbers, _NEARLY_ALL),
    )
    return next((shape for shape, share, least in shares if share >= least), "")


def column_reading(said: HeadingMeaning, seen: ColumnContent) -> ColumnReading:
    """Return what a column means by its heading and its cells."""
    shape = shape_of(seen)
    found = ColumnReading(said.field, said.platform, said.role)
    if not seen.filled:
        return found if said.is_whole else found._replace(field="nothing", source="nothing")
    if not said.field:
        return _untold(shape, seen, said.platform)
    fits = not shape or shape in _FITTING.get(said.field, ()) or said.field in _FREE
    if not fits:
        return _contradicted(found, shape)
    is_seen = shape and said.field not in _FREE and said.field not in _PEOPLE
    if not said.is_whole and not is_seen and said.field not in ("notes", "nothing"):
        return found._replace(doubts=_doubts(said.field))
    return found


def _contradicted(found: ColumnReading, shape: Shape) -> ColumnReading:
    """Return what a column is whose cells are plainly not what its heading says."""
    by_shape = {
        "social": "url",
        "addresses": "url",
        "platforms": "platform",
        "handles": "handle",
    }
    field = by_shape.get(shape, "nothing")
    if shape == "emails":
        if found.field == "handle":
            return found._replace(field="login_email", source="content", remark=_MAILBOXES)
        if found.field in ("entity", "entity_below", "name"):
            return found._replace(field="contact_email", source="content", remark=_MAILBOXES)
        doubts = (*_MAILBOX_FIELDS, "nothing")
        return found._replace(field=doubts[0], source="content", remark=_MAILBOXES, doubts=doubts)
    remark = {
        "social": "holds addresses of pages",
        "addresses": "holds addresses of pages",
        "platforms": "holds platforms",
        "handles": "holds names of accounts",
        "dates": "holds days, and was left out",
        "yes_no": "holds answers, and was left out",
        "numbers": "holds numbers, and was left out",
    }[shape]
    platform = found.platform if field in ("url", "handle") else ""
    return ColumnReading(field, platform, "", "content", remark)


_MAILBOXES = "holds addresses of mailboxes"
_MAILBOX_FIELDS = ("contact_email", "login_email", "administrator_email", "owner_email")
"""What addresses of mailboxes may be; to be written to is to have nothing."""


def _untold(shape: Shape, seen: ColumnContent, platform: str) -> ColumnReading:
    """Return what a column is whose heading says nothing that is known."""
    if shape in ("social", "addresses"):
        return ColumnReading("url", platform, "", "content", "holds addresses of pages")
    if shape == "platforms":
        return ColumnReading("platform", "", "", "content", "holds platforms")
    if shape == "handles":
        return ColumnReading("handle", platform, "", "content", "holds names of accounts")
    if shape == "emails":
        mailboxes = (*_MAILBOX_FIELDS, "nothing")
        return ColumnReading(mailboxes[0], platform, "", "content", _MAILBOXES, mailboxes)
    if shape:
        return ColumnReading("nothing", platform, "", "nothing", "was left out: nobody knows it")
    doubts: tuple[str, ...] = ("nothing", "notes", "label", "entity")
    if seen.names > _MOST:
        doubts = (
            *("nothing", "contact", "administrator", "owner", "holder", "head", "entity"),
            *("label", "notes"),
        )
    return ColumnReading("nothing", platform, "", "nothing", "was left out", doubts)


def _doubts(field: str) -> tuple[str, ...]:
    """Return what a column may be whose heading is understood in part."""
    people = ("contact", "administrator", "owner", "holder")
    others = people if field in PEOPLE_FIELDS else ("notes",)
    return tuple(dict.fromkeys(("nothing", field, *others)))
