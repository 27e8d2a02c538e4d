"""What the columns of a sheet mean, and of what kind the sheet is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.adopt.questions import Question

__all__ = [
    "FIELDS",
    "PEOPLE_FIELDS",
    "ColumnMeaning",
    "MeaningSource",
    "SheetKind",
    "SheetMeaning",
    "column_kept",
    "kept_column",
]

SheetKind: TypeAlias = Literal["accounts", "units", "websites", "roster", "none"]
"""What a row of a sheet is: an account, a unit with its accounts, a website, a person; or nothing
that a registry has."""

MeaningSource: TypeAlias = Literal["heading", "content", "memory", "answer", "nothing"]
"""By what it is known what a column means."""

FIELDS: Mapping[str, str] = {
    "account": "the accounts of one platform",
    "platform": "the platform of each account",
    "handle": "the account's name on its platform",
    "url": "the address of each account's page",
    "label": "what the account is called here",
    "status": "whether it is in use; of a person, whether they serve",
    "language": "the language of the account",
    "entity": "the unit that it belongs to",
    "entity_below": "the part of the unit that it belongs to",
    "entity_above": "the unit above that one",
    "email_domain": "the e-mail domain of the unit",
    "administrator": "people who administer the account",
    "administrator_email": "the addresses of those who administer it",
    "role": "the role of the administrators who stand in the row",
    "holder": "people who know the password",
    "holder_email": "the addresses of those who know the password",
    "owner": "the person who answers for the account",
    "owner_email": "the address of the person who answers for it",
    "head": "the person who heads the unit",
    "head_email": "the address of the person who heads the unit",
    "contact": "whom to write to: neither access nor a password",
    "contact_email": "the address to write to",
    "approver": "people who approved the account",
    "approver_email": "the addresses of those who approved it",
    "login_email": "the address that the account is registered with",
    "mfa": "the second factor of the login",
    "storage": "where the password is kept",
    "rotated_on": "the day when the password was last changed",
    "last_post_on": "the day of the last post",
    "reviewed_on": "the day when it was last reviewed",
    "removal_path": "who can remove an administrator",
    "removal_tested_on": "the day when that removal was last tried",
    "privacy_record_ref": "the reference of the record of processing",
    "lawful_basis": "the lawful basis of the processing",
    "privacy_notice_url": "the address of the privacy notice",
    "record_class": "the records schedule of its posts",
    "archive": "whether the posts are archived",
    "connected_apps": "outside applications that are connected",
    "number": "a person's number where they are on record",
    "first_name": "a person's first name",
    "last_name": "a person's last name",
    "full_name": "a person's whole name",
    "email": "a person's address",
    "alias": "other addresses of a person",
    "left_on": "the day when a person left",
    "started_on": "the day when a person began",
    "department": "where a person serves",
    "job": "what a person does",
    "type": "in which capacity a person serves",
    "supervisor": "who supervises a person",
    "clearance_level": "a person's clearance",
    "clearance_expires": "the last day of a clearance",
    "trained_on": "the day of the last training",
    "policy_version": "the version of the policy that a person acknowledged",
    "policy_acknowledged_on": "the day of that acknowledgement",
    "contract_ref": "the reference of a contract",
    "dpa_ref": "the reference of an agreement on data",
    "contract_ends": "the last day of a contract",
    "notes": "notes",
    "nothing": "nothing that a registry keeps",
}
"""What a column can mean, each in words. Whether ``status`` is an account's or a person's is the
kind of the sheet."""

PEOPLE_FIELDS = ("administrator", "holder", "owner", "head", "contact", "approver")
"""Those in whose cells people stand; with ``_email`` behind it, their addresses."""

_KEPT = re.compile(r"([a-z_]+)(?: of (.+?))?(?: as ([a-z]+))?")


class ColumnMeaning(Struct, frozen=True):
    """What one column means.

    :ivar index: the column's place in the sheet, counted from 0.
    :ivar key: by what memory knows the column: the kind of its sheet, and its heading as
        :func:`rolecall.adopt.heading_keys.heading_key` has it.
    :ivar field: one of :data:`FIELDS`.
    :ivar platform: the platform that the column is about, where it is about one.
    :ivar role: the role of its administrators, where the heading says one.
    :ivar samples: some cells, to be shown beside the meaning.
    :ivar is_doubtful: neither heading nor content say it surely; there is a question.
    """

    index: int
    heading: str
    key: str
    field: str
    platform: str = ""
    role: str = ""
    source: MeaningSource = "heading"
    samples: tuple[str, ...] = ()
    is_doubtful: bool = False


class SheetMeaning(Struct, frozen=True):
    """What a sheet is, and what each of its columns means.

    :ivar assumptions: what was decided against a heading, or without one, in sentences.
    """

    kind: SheetKind
    columns: tuple[ColumnMeaning, ...]
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()

    def having(self, field: str, platform: str | None = None) -> tuple[ColumnMeaning, ...]:
        """Return the columns that mean something; of one platform, where it is given."""
        return tuple(
            column
            for column in self.columns
            if column.field == field and platform in (None, column.platform)
        )


def column_kept(column: ColumnMeaning) -> str:
    """Return what memory keeps of a column: ``administrator of facebook as owner``."""
    platform = f" of {column.platform}" if column.platform else ""
    role = f" as {column.role}" if column.role else ""
    return f"{column.field}{platform}{role}"


def kept_column(text: str) -> tuple[str, str, str] | None:
    """Return the field, the platform and the role that memory kept; of anything else ``None``."""
    found = _KEPT.fullmatch(text.strip())
    if found is None or found[1] not in FIELDS:
        return None
    return found[1], found[2] or "", found[3] or ""
