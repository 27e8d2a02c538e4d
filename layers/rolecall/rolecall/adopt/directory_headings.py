"""Headings of the exports of directories: Google Workspace, Okta, Entra, and SCIM's attributes.

They are the same for everybody who has such a directory, and mean there what they do not mean on a
sheet that somebody made: a title is a job, a display name a person's, and what is archived is no
post. They hold for rosters alone, and what somebody answered goes before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from msgspec.structs import replace

from rolecall.adopt.columns import ColumnMeaning
from rolecall.adopt.heading_keys import heading_key
from rolecall.adopt.word_sets import word_set

__all__ = ["as_in_directory", "is_directory_export"]

_LISTS: Mapping[str, str] = {
    "full_name": "displayname|display name|name formatted|full name|name full name",
    "first_name": "firstname|givenname|given name|name given name|name givenname|profile first name"
    "|profile firstname|first name",
    "last_name": "lastname|surname|sn|name family name|name familyname|familyname|profile last name"
    "|profile lastname|last name",
    "email": "mail|email|emails|primaryemail|primary email|userprincipalname|user principal name"
    "|emails value|profile email|email address|upn|work email|emails work",
    "handle": "username|user name|login|profile login|samaccountname|sam account name"
    "|onpremisessamaccountname",
    "alias": "proxyaddresses|proxy addresses|othermails|other mails|aliases|alias|nickname email"
    "|secondemail|second email|profile second email|email aliases",
    "status": "status|active|accountenabled|account enabled|suspended|archived|account status"
    "|block credential|blocked|is suspended|is archived|disabled|new status|deleted|state"
    "|lifecycle state|block sign in",
    "number": "employeenumber|employee number|employeeid|employee id|externalid|external id|id"
    "|objectid|object id|profile employee number|immutable id|user id|userid",
    "department": "department|org unit path|orgunitpath|organization|division|costcenter"
    "|cost center|officelocation org|profile department|companyname",
    "job": "title|jobtitle|job title|profile title|employee title",
    "type": "usertype|user type|employeetype|employee type|profile user type",
    "supervisor": "manager|managerid|manager id|manager value|manager email|manager display name"
    "|profile manager|manager displayname|manager dn",
    "left_on": "suspensiontime|suspension time|employeeleavedatetime|employee leave date time"
    "|termination date|leave date|end date|deleteddatetime|deleted date time",
    "started_on": "employeehiredate|employee hire date|hire date|start date",
    "nothing": "recovery email|recovery phone|last sign in|last login|lastlogin|last signin"
    "|change password at next sign in|2sv enrolled|2sv enforced|passwordpolicies|password policies"
    "|password changed|new primary email|creationtime|creation time|created|createddatetime"
    "|created date time|activated|statuschanged|status changed|lastupdated|last updated"
    "|passwordchanged|home secondary email|work secondary email|mobilephone|mobile phone"
    "|usagelocation|preferred language|locale|timezone|profile url|building id"
    "|floor name|floor section"
    "|advanced protection program enrollment|licenses|email usage|drive usage|storage used"
    "|storage limit|invitation state|externaluserstate|creationtype|dirsyncenabled|meta",
}
_FIELDS: Mapping[str, str] = {
    word: field for field, words in _LISTS.items() for word in word_set(words)
}
_SIGNS: Sequence[Set[str]] = (
    # Of each system, headings that only its exports have together.
    frozenset({"username", "active"}),
    frozenset({"user name", "active"}),
    frozenset({"userprincipalname", "displayname"}),
    frozenset({"user principal name", "display name"}),
    frozenset({"email address", "org unit path"}),
    frozenset({"primaryemail", "suspended"}),
    frozenset({"primary email", "suspended"}),
    frozenset({"login", "firstname", "lastname"}),
    frozenset({"login", "first name", "last name", "status"}),
)
_OF_PEOPLE = frozenset({"email", "full_name", "first_name", "last_name", "handle"})


def is_directory_export(headings: Sequence[str]) -> bool:
    """Tell whether the headings are those of an export of a directory."""
    keys = {_plain(heading) for heading in headings}
    fields = {_FIELDS.get(key, "") for key in keys}
    return any(signs <= keys for signs in _SIGNS) and bool(fields & _OF_PEOPLE)


def as_in_directory(column: ColumnMeaning) -> ColumnMeaning | None:
    """Return what a column of a roster means whose heading is a directory's, else ``None``."""
    field = _FIELDS.get(_plain(column.heading))
    return None if field is None else replace(column, field=field, source="heading")


def _plain(heading: str) -> str:
    """Return a heading as it is looked up: folded, and camel case as one word or as several."""
    key = heading_key(heading)
    return key if key in _FIELDS else heading_key(heading.casefold())
