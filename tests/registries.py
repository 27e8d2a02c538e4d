"""Registries for tests: as tables of text rows, written to CSV files, read back by the package.

Two ways to have one: :func:`registries`, a hypothesis strategy of small valid registries with
values near every boundary, and :func:`parish`, one fixed registry in which nothing is wrong, from
which a test breaks exactly what it is about.

A row is drawn as one number: 0 is a row with nothing wrong in it, any other number seeds the
choice of its cells. So an example shrinks by losing rows and by mending the rest.
"""

# The random numbers choose examples and keep no secret.
# ruff: noqa: S311

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from rolecall.model import Policy, Snapshot
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from tests import oracle

TODAY = date(2026, 11, 2)
AS_OF = datetime(2026, 11, 2, tzinfo=UTC)
MOMENTS = (
    AS_OF,
    AS_OF + timedelta(hours=15, minutes=30),
    # Wall clocks on which the day is another one than in UTC.
    datetime(2026, 11, 3, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime(2026, 11, 1, 20, tzinfo=timezone(timedelta(hours=-11))),
)

Row = dict[str, str]
Tables = dict[str, list[Row]]

PEOPLE = [f"p{number}" for number in range(7)]
ENTITIES = [f"e{number}" for number in range(4)]
ACCOUNTS = [f"a{number}" for number in range(5)]

HEADERS: dict[str, list[str]] = {
    "entities": [
        "id",
        "name",
        "parent_id",
        "head_id",
        "it_delegate_ids",
        "email_domains",
    ],
    "people": [
        "id",
        "name",
        "status",
        "email",
        "left_on",
        "type",
        "entity_id",
        "supervisor_id",
        "clearance_level",
        "clearance_expires",
        "trained_on",
        "policy_version",
        "policy_acknowledged_on",
        "contract_ref",
        "dpa_ref",
        "contract_ends",
    ],
    "accounts": [
        "id",
        "entity_id",
        "platform",
        "handle",
        "status",
        "url",
        "owner_id",
        "approved_by",
        "login_email",
        "recovery_person_id",
        "removal_path",
        "removal_tested_on",
        "last_post_on",
        "reviewed_on",
        "post_approver_ids",
        "crisis_contact_ids",
        "crisis_contacts_verified_on",
        "privacy_record_ref",
        "lawful_basis",
        "privacy_notice_url",
        "record_class",
        "archive",
        "connected_apps",
        "domain_expires_on",
        "domain_auto_renew",
        "domain_registrant",
        "audience",
        "owned_by",
        "ads_payer",
        "donations_payee",
        "payment_holder_id",
    ],
    "grants": [
        "account_id",
        "person_id",
        "role",
        "granted_on",
        "requested_by",
        "approved_by",
        "expires_on",
        "last_used_on",
        "attested_on",
        "attested_by",
        "revoke_requested_at",
        "revoked_on",
        "delegation_ref",
    ],
    "logins": [
        "id",
        "account_id",
        "storage",
        "holder_ids",
        "rotated_on",
        "mfa",
        "strength",
        "fingerprint",
        "emergency_revealed_on",
    ],
    "observations": [
        "platform",
        "handle",
        "observed_on",
        "entity_id",
        "person_email",
        "person_handle",
        "role",
        "reported_on",
        "reported_until",
    ],
    "incidents": [
        "id",
        "account_id",
        "opened_at",
        "aware_at",
        "due_on",
        "closed_on",
        "personal_data",
        "notified_decision_at",
        "delay_reason",
        "high_risk",
        "subjects_told_at",
        "minor_involved",
        "authority_decided_at",
        "subject_id",
        "investigators",
        "sanction",
        "previous_sanction",
        "skip_reason",
    ],
    "contents": [
        "id",
        "account_id",
        "published_on",
        "removed_on",
        "url",
        "shows_minors",
        "consent_ref",
        "consent_ends",
    ],
}
"""Every column of every table, from REGISTRY.md and not from the model."""

REQUIRED_TABLES = ("entities", "accounts")
OPTIONAL_COLUMNS = sorted(
    f"{table}.{column}"
    for table, columns in HEADERS.items()
    for column in columns
    if column not in oracle.REQUIRED[table]
)


class RegistryFiles:
    """A registry and its policy as they would lie in a directory."""

    def __init__(self, tables: Tables, policy: str = "") -> None:
        """Track every column of the tables."""
        self.tables = tables
        self.columns = {table: list(HEADERS[table]) for table in tables}
        self.policy = policy

    def __repr__(self) -> str:
        """Show what differs from rows in which nothing is wrong: hypothesis prints it."""
        lines = []
        for table, rows in self.tables.items():
            lacking = set(HEADERS[table]) - set(self.columns[table])
            lines.append(f"{table}: {len(rows)} rows" + (f", without {lacking}" if lacking else ""))
            for index, row in enumerate(rows):
                clean = _filled(table, CLEAN[table](index))
                odd = {name: cell for name, cell in row.items() if clean[name] != cell}
                lines.append(f"  {index}: {odd}")
        return "\n".join((*lines, self.policy))

    def row(self, table: str, index: int = 0, **cells: str) -> Row:
        """Change cells of one row, and return it."""
        self.tables[table][index].update(cells)
        return self.tables[table][index]

    def drop(self, *columns: str) -> RegistryFiles:
        """Stop tracking columns (``table.column``) or whole tables (``table``)."""
        for name in columns:
            table, _, column = name.partition(".")
            if column:
                self.columns[table] = [one for one in self.columns[table] if one != column]
                for row in self.tables[table]:
                    row.pop(column, None)
            else:
                del self.columns[table], self.tables[table]
        return self

    def write(self, directory: Path) -> Path:
        """Write the tables as CSV files, and the policy beside them."""
        for table, columns in self.columns.items():
            with (directory / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(self.tables[table])
        (directory / "policy.toml").write_text(self.policy, encoding="utf-8")
        return directory

    def read(self) -> tuple[Snapshot, Policy]:
        """Return what the package makes of the files."""
        with tempfile.TemporaryDirectory() as name:
            return read(self.write(Path(name)))


def read(directory: Path, today: date = TODAY) -> tuple[Snapshot, Policy]:
    """Read a directory with the package's own readers."""
    policy = read_policy(find_policy(directory))
    return read_registry(directory, today).snapshot, policy


def read_rows(directory: Path) -> tuple[oracle.Tables, oracle.Columns]:
    """Read a directory with csv.DictReader, for the oracle."""
    tables: oracle.Tables = {}
    columns: oracle.Columns = {}
    for path in sorted(directory.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            tables[path.stem] = list(reader)
            columns[path.stem] = set(reader.fieldnames or ())
    return tables, columns


def day(offset: int) -> str:
    """Return a day so many days after the day of the audits."""
    return str(TODAY + timedelta(days=offset))


def moment(hours: float, offset: int = 0) -> str:
    """Return an instant so many hours after midnight of that day, in some time zone."""
    zone = timezone(timedelta(hours=offset))
    return (AS_OF + timedelta(hours=hours)).astimezone(zone).isoformat()


# ---------------------------------------------------------------------------- cells to choose from

WHO = [*PEOPLE, *PEOPLE, "p-nobody", ""]


def _around(*limits: int) -> list[str]:
    """Return days just before, on and just after each limit, now, and nothing."""
    days = {0, -1, 1, 400}
    for limit in limits:
        days |= {-limit - 1, -limit, -limit + 1}
    return [*map(day, sorted(days)), "", ""]


def _hours(*limits: int) -> list[str]:
    found = ["", ""]
    for limit in limits:
        for offset, zone in ((-limit, 0), (-limit - 0.001, 5), (-limit + 0.001, -3), (-limit, 2)):
            found += [moment(offset, zone), moment(offset + 15.5, zone)]
    return found


def _lists(pool: Sequence[str]) -> list[str]:
    """Return lists of none, one and some of a pool, with repetitions and unknown entries."""
    random = Random(7)
    lists = ["", "", "p-nobody", pool[0], f"{pool[0]}|{pool[0]}", f" {pool[1]} ; {pool[2]}"]
    for size in (1, 2, 2, 3, 3):
        lists += ["|".join(random.choices(pool, k=size)) for _ in range(3)]
    return lists


_WHOM = _lists(PEOPLE)
_EMAILS = [f"{id_}@diocese.example" for id_ in PEOPLE]
_HANDLES = [
    "@Parish",
    "parish",
    "PARISH",
    "Straße",
    "STRASSE",
    "@@parish",
    "page0",
    "@PAGE0",
    "pa.rish",
    "Parish/",
]
_NAMES = [
    *("Diocese of Ellerwick", "diocese  OF ellerwick", "Diocese\u00a0of Ellerwick"),
    *("\uff30arish of St Brigid", "Stra\u00dfe e.V.", "STRASSE E.V.", "Somebody Else"),
]
_PLATFORMS = ["facebook", "Facebook", "FACEBOOK", "website", "mastodon", "X", "Twitter", "fb"]
_PLATFORMS += ["Website", "homepage"]

POOLS: dict[str, dict[str, list[str]]] = {
    "entities": {
        "head_id": WHO,
        "it_delegate_ids": _WHOM,
        "email_domains": ["", "", "diocese.example", "Parish.Example|school.example", "EVIL.test"],
    },
    "people": {
        "status": ["active", "active", "Active", "suspended", "left", "LEFT"],
        "left_on": ["", "", "", *_around(730)],
        "type": [
            "clergy",
            "employee",
            "contractor",
            "Volunteer",
            "student",
            "AGENCY",
            "partner",
            "",
        ],
        "entity_id": [*ENTITIES, ""],
        "supervisor_id": WHO,
        "clearance_level": ["A", "B", "C", "c", "3", "basic", "Full", ""],
        "clearance_expires": _around(),
        "trained_on": _around(365),
        "policy_version": ["2026-1", "2025-1", ""],
        "contract_ref": ["K-1", ""],
        "dpa_ref": ["D-1", ""],
        "contract_ends": _around(),
    },
    "accounts": {
        "entity_id": ENTITIES,
        "platform": _PLATFORMS,
        "handle": _HANDLES,
        "status": ["active", "Active", "dormant", "closed", "closed"],
        "owner_id": WHO,
        "approved_by": _WHOM,
        "login_email": [
            "page@diocese.example",
            "PAGE@Diocese.EXAMPLE",
            "page@sub.diocese.example",
            "page@a.Sub.DIOCESE.example",
            "page@notdiocese.example",
            "page@school.example",
            "someone@evil.test",
            "a@diocese.example@evil2.test",
            "diocese.example",
            "page@",
            "",
            *(
                *_EMAILS,
                _EMAILS[1].upper(),
                "Parish <p2+page@diocese.example>",
                "p***@diocese.example",
            ),
        ],
        "recovery_person_id": WHO,
        "removal_path": ["head", "IT", "none", "None", ""],
        "removal_tested_on": _around(180),
        "last_post_on": _around(90, 120),
        "reviewed_on": _around(365),
        "post_approver_ids": _WHOM,
        "crisis_contact_ids": _WHOM,
        "crisis_contacts_verified_on": _around(90),
        "privacy_record_ref": ["R-1", ""],
        "lawful_basis": ["consent", ""],
        "privacy_notice_url": ["https://diocese.example/privacy", ""],
        "record_class": ["statement", "statement", ""],
        "archive": ["yes", "no", "TRUE", "0", "1", ""],
        "connected_apps": ["", "buffer", "Buffer|canva", "buffer;unknown-app", "CANVA"],
        "domain_expires_on": _around(60),
        "domain_auto_renew": ["yes", "no", "TRUE", "0", "", ""],
        "domain_registrant": [*_NAMES, ""],
        "audience": ["minors", "Minors", "mixed", "adults", ""],
        "owned_by": [*_NAMES, "", ""],
        "ads_payer": [*_NAMES, "", ""],
        "donations_payee": [*_NAMES, "", ""],
        "payment_holder_id": WHO,
    },
    "grants": {
        "account_id": ACCOUNTS,
        "person_id": [*PEOPLE, *PEOPLE, "p-nobody"],
        "role": ["owner", "Owner", "admin", "manager", "editor", "ANALYST"],
        "requested_by": WHO,
        "approved_by": WHO,
        "expires_on": _around(),
        "last_used_on": _around(45),
        "attested_on": _around(90, 365),
        "attested_by": WHO,
        "revoke_requested_at": _hours(24, 48),
        "revoked_on": ["", "", "", day(-400), day(-31), day(-30), day(-29), day(0), day(3)],
        "delegation_ref": ["", "", "", "DEL-1"],
    },
    "logins": {
        "account_id": ACCOUNTS,
        "storage": [
            "vault",
            "encrypted_file",
            "Password_Manager",
            "plaintext",
            "email",
            "paper",
            "chat",
            "browser",
            "spreadsheet",
            "safe",
            "Safe",
            "",
        ],
        "holder_ids": _WHOM,
        "rotated_on": [*_around(365), day(-31), day(-30), day(-29), day(-29), day(-2), day(2)],
        "mfa": ["none", "sms", "SMS", "app", "key", ""],
        "strength": ["0", "2", "3", "4", ""],
        "fingerprint": ["f1", "f1", "F1", "f2", ""],
        "emergency_revealed_on": ["", "", *_around(2), day(-31), day(-7)],
    },
    "observations": {
        "platform": _PLATFORMS,
        "handle": [*_HANDLES, "stranger", "@Stranger"],
        "observed_on": [day(-46), day(-45), day(-20), day(-1), day(0), day(0), day(1), day(400)],
        "person_email": [
            *(*_EMAILS, _EMAILS[0].upper(), _EMAILS[1].title(), "x@evil.test", "", ""),
            *("p0+page@diocese.example", f"Ann <{_EMAILS[1]}>", "p***@diocese.example"),
            *("an.n@googlemail.com", "Ann@gmail.com"),
        ],
        "role": [
            *("", "owner", "Super Admin", "admin", "Administrator", "manager", "editor", "author"),
            *("viewer", "Subscriber", "beadle"),
        ],
        "reported_on": ["", "", "", *map(day, (-366, -365, -364, -91, -90, -89, -1, 0, 1))],
        "reported_until": ["", "", *map(day, (-90, -1, 0, 1, 400))],
    },
    "incidents": {
        "account_id": ACCOUNTS,
        "opened_at": [one for one in _hours(72, 100) if one],
        "aware_at": [*_hours(72, 100), moment(9), moment(400)],
        "due_on": _around(),
        "closed_on": ["", "", day(-1), day(1)],
        "personal_data": ["yes", "no", "1", "False", ""],
        "notified_decision_at": [
            "",
            moment(9),
            moment(-1),
            moment(-28),
            moment(-27.999, 3),
            moment(-99),
        ],
        "delay_reason": ["", "", "The platform did not answer"],
        "high_risk": ["yes", "TRUE", "no", ""],
        "subjects_told_at": [
            "",
            moment(9),
            moment(-1),
            moment(-28),
            moment(-27.999, 3),
            moment(-99),
        ],
        "minor_involved": ["yes", "1", "no", ""],
        "authority_decided_at": [
            "",
            moment(9),
            moment(-1),
            moment(-76),
            moment(-75.999, 3),
            moment(-99),
        ],
        "subject_id": ["", "", "p0", "p1", "p-nobody"],
        "investigators": [
            "",
            "p0:pastor",
            "p0:hr|p1:HR",
            "p0:hr|p0:press",
            "p0:press|p1:hr",
            "p0:press;p1:hr|p2:hr",
            "p0:a|p0:b|p1:a",
            "urn:x:press|p3:hr",
        ],
        "sanction": ["reprimand", "written_warning", "Written_Warning", "termination", ""],
        "previous_sanction": ["reprimand", "written_warning", "Termination", ""],
        "skip_reason": ["", "", "", "theft"],
    },
    "contents": {
        "account_id": ACCOUNTS,
        "published_on": _around(),
        "removed_on": ["", "", *_around()],
        "shows_minors": ["yes", "yes", "True", "no", ""],
        "consent_ref": ["C-1", ""],
        "consent_ends": _around(),
    },
}


# ------------------------------------------------------------------ rows in which nothing is wrong


def _entity(index: int) -> Row:
    return {
        "id": ENTITIES[index],
        "name": f"Entity {index}",
        "parent_id": "" if index == 0 else ENTITIES[index - 1],
        "head_id": "p0",
        "it_delegate_ids": "p1",
        "email_domains": "diocese.example" if index == 0 else "",
    }


def _person(index: int) -> Row:
    return {
        "id": PEOPLE[index],
        "name": f"Person {index}",
        "status": "active",
        "email": _EMAILS[index],
        "type": "employee",
        "entity_id": "e0",
        "clearance_level": "C",
        "clearance_expires": day(100),
        "trained_on": day(-100),
        "policy_version": "2026-1",
        "policy_acknowledged_on": day(-100),
    }


def _account(index: int) -> Row:
    return {
        "id": ACCOUNTS[index],
        "entity_id": "e0",
        "platform": "facebook",
        "handle": f"page{index}",
        "status": "active",
        "owner_id": "p0",
        "approved_by": "p0",
        "login_email": "page@diocese.example",
        "recovery_person_id": "p1",
        "removal_path": "head",
        "removal_tested_on": day(-10),
        "last_post_on": day(-10),
        "reviewed_on": day(-10),
        "post_approver_ids": "p0|p1",
        "crisis_contact_ids": "p0|p1",
        "crisis_contacts_verified_on": day(-10),
        "privacy_record_ref": "R-1",
        "lawful_basis": "consent",
        "privacy_notice_url": "https://diocese.example/privacy",
        "record_class": "statement",
        "archive": "yes",
        "connected_apps": "buffer",
        "domain_expires_on": day(200),
        "domain_auto_renew": "yes",
        "domain_registrant": "Diocese of Ellerwick",
        "audience": "adults",
        "owned_by": "Diocese of Ellerwick",
        "ads_payer": "Diocese of Ellerwick",
    }


def _grant(index: int) -> Row:
    return {
        "account_id": ACCOUNTS[index // 2 % len(ACCOUNTS)],
        "person_id": PEOPLE[index % 2],
        "role": "owner" if index % 2 == 0 else "admin",
        "granted_on": day(-500),
        "requested_by": "p4",
        "approved_by": "p5",
        "last_used_on": day(-1),
        "attested_on": day(-10),
        "attested_by": "p5",
    }


def _login(index: int) -> Row:
    return {
        "id": f"l{index}",
        "account_id": ACCOUNTS[index % len(ACCOUNTS)],
        "storage": "vault",
        "holder_ids": "p0",
        "rotated_on": day(-10),
        "mfa": "key",
        "strength": "4",
        "fingerprint": f"unique-{index}",
    }


def _observation(index: int) -> Row:
    return {
        "platform": "facebook",
        "handle": f"page{index // 2}",
        "observed_on": day(-1),
        "person_email": _EMAILS[index % 2],
        "role": "admin",
    }


def _incident(index: int) -> Row:
    return {
        "id": f"i{index}",
        "account_id": ACCOUNTS[0],
        "opened_at": moment(-10),
        "due_on": day(10),
        "personal_data": "yes",
        "notified_decision_at": moment(-5),
        "high_risk": "no",
        "minor_involved": "no",
        "subject_id": "p3",
        "investigators": "p0:pastor|p1:hr",
        "sanction": "written_warning",
        "previous_sanction": "reprimand",
    }


def _content(index: int) -> Row:
    return {
        "id": f"c{index}",
        "account_id": ACCOUNTS[0],
        "published_on": day(-10),
        "url": f"https://diocese.example/{index}",
        "shows_minors": "yes",
        "consent_ref": "C-1",
        "consent_ends": day(100),
    }


CLEAN: dict[str, Callable[[int], Row]] = {
    "entities": _entity,
    "people": _person,
    "accounts": _account,
    "grants": _grant,
    "logins": _login,
    "observations": _observation,
    "incidents": _incident,
    "contents": _content,
}

CLEAN_POLICY = """\
[policy]
name = "Test policy"
version = "2026-1"
next_review = 2027-01-31
clearance_levels = ["A", "B", "C"]
approved_platforms = ["facebook", "website"]
approved_apps = ["buffer"]
legal_names = ["Diocese of Ellerwick", "Parish of St Brigid"]
portfolios = ["Diocese of Ellerwick"]
payees = ["Diocese of Ellerwick"]
privacy_law = "gdpr"
sanction_ladder = ["reprimand", "written_warning", "termination"]

[controls.personal-data-past-retention]
days = 730
"""


def parish() -> RegistryFiles:
    """Return a small registry of every table in which every control passes.

    Two accounts (a0, a1) of two entities (e0 above e1), two administrators (p0, the head, and p1)
    and two people without access (p4, p5).
    """
    counts = {"entities": 2, "accounts": 2, "grants": 4, "logins": 2, "observations": 4}
    tables = {
        table: [_filled(table, clean(index)) for index in range(counts.get(table, 1))]
        for table, clean in CLEAN.items()
        if table != "people"
    }
    tables["people"] = [_filled("people", _person(index)) for index in (0, 1, 4, 5)]
    tables["accounts"][1]["entity_id"] = "e1"
    return RegistryFiles({table: tables[table] for table in HEADERS}, policy=CLEAN_POLICY)


def _filled(table: str, row: Mapping[str, str]) -> Row:
    return {column: row.get(column, "") for column in HEADERS[table]}


# --------------------------------------------------------------------------------- the strategies


def _rows(table: str, seeds: Iterable[int]) -> Iterator[Row]:
    for index, seed in enumerate(seeds):
        row = _filled(table, CLEAN[table](index))
        if seed:
            random = Random(seed)
            share = random.choice((0.1, 0.2, 0.4, 0.9))
            for column, pool in POOLS[table].items():
                if random.random() < share:
                    row[column] = random.choice(pool)
            if table == "entities" and index:
                row["parent_id"] = random.choice([*ENTITIES[:index], ""])
        yield row


def _valid(tables: Tables, columns: Mapping[str, Sequence[str]]) -> None:
    """Mend what would make a registry invalid."""
    _mend_references(tables)
    _mend_grants(tables, has_revocations="revoked_on" in columns["grants"])
    for index, row in enumerate(tables["people"]):
        random = Random(f"{row}")
        own = _EMAILS[index]
        others = ("", f"{index}@gmail.com" if index else "ann@googlemail.com")
        choice = random.choice((own, own, own.upper(), own.title(), *others))
        # Those who are gone may have the address that somebody has now.
        row["email"] = choice if row["status"].casefold() == "active" else random.choice(_EMAILS)


def _mend_references(tables: Tables) -> None:
    known = {row["id"] for row in tables["entities"]}
    for row in (*tables["people"], *tables["accounts"]):
        if row["entity_id"] not in known and ("handle" in row or row["entity_id"]):
            row["entity_id"] = "e0"
    accounts = {row["id"] for row in tables["accounts"]}
    owned = (tables[table] for table in ("grants", "logins", "incidents", "contents"))
    for row in chain.from_iterable(owned):
        if row["account_id"] not in accounts:
            row["account_id"] = "a0"
    for row in tables["observations"]:
        # Which entity an unregistered key belongs to where its rows disagree is nowhere said.
        entity = Random(f"{oracle.key_of(row)}").choice([*ENTITIES, ""])
        row["entity_id"] = entity if entity in known else ""


def _mend_grants(tables: Tables, *, has_revocations: bool) -> None:
    """Leave one live grant of a person on an account."""
    live = set()
    kept = []
    for row in tables["grants"]:
        pair = row["account_id"], row["person_id"]
        if has_revocations and row["revoked_on"]:
            kept.append(row)
        elif pair not in live:
            live.add(pair)
            kept.append(row)
    tables["grants"][:] = kept


_SIZES = {
    "entities": (1, 4),
    "people": (2, 7),
    "accounts": (1, 5),
    "grants": (1, 12),
    "logins": (0, 6),
    "observations": (0, 8),
    "incidents": (0, 4),
    "contents": (0, 4),
}
_SEEDS = st.integers(0, 2**20)


@st.composite
def registries(draw: st.DrawFn, *, has_waivers: bool = False) -> RegistryFiles:
    """Draw a valid registry with its policy.

    :param has_waivers: whether the policy may have any.
    """
    tables = {
        table: list(_rows(table, draw(st.lists(_SEEDS, min_size=least, max_size=most))))
        for table, (least, most) in _SIZES.items()
    }
    files = RegistryFiles(tables)
    if draw(st.integers(0, 3)) == 3:
        optional = sorted(set(HEADERS) - set(REQUIRED_TABLES))
        dropped = draw(st.sets(st.sampled_from(optional), max_size=1))
        gone = draw(st.sets(st.sampled_from(OPTIONAL_COLUMNS), max_size=5))
        _valid(tables, _without(files.columns, gone))
        files.drop(*dropped, *(name for name in gone if name.partition(".")[0] not in dropped))
    else:
        _valid(tables, files.columns)
        if draw(st.integers(0, 4)) == 4:
            know_less(files, draw(_SEEDS))
    if draw(st.integers(0, 4)) == 4:
        _track_in_part(files, Random(draw(_SEEDS)))
    files.policy = draw(policies([row["id"] for row in tables["entities"]]))
    if has_waivers and (seed := draw(_SEEDS)):
        files.policy += _waivers(Random(seed))
    return files


def know_less(files: RegistryFiles, seed: int) -> RegistryFiles:
    """Leave out whom and what nobody has written down yet: tables without rows, or no tables."""
    random = Random(seed)
    for table in random.choice((("people",), ("grants",), ("people", "grants"))):
        if random.random() < 0.5:
            files.tables[table].clear()
        else:
            files.drop(table)
    return files


UNTRACKED = "(not tracked)"
IN_PART: Mapping[str, Sequence[str]] = {
    "people": ("trained_on",),
    "accounts": ("removal_tested_on",),
    "grants": ("attested_on", "attested_by", "revoke_requested_at"),
    "logins": (
        *("storage", "holder_ids", "rotated_on", "mfa", "strength", "fingerprint"),
        "emergency_revealed_on",
    ),
}
"""Columns that programs fill: of some rows files may say that nobody keeps track."""


def _track_in_part(files: RegistryFiles, random: Random) -> None:
    """Let some columns, and all of logins, be tracked for some rows alone."""
    for table, names in IN_PART.items():
        for name in names:
            if name not in files.columns.get(table, ()) or random.random() < 0.4:
                continue
            share = random.choice((0.2, 0.5, 0.8, 1.0))
            for row in files.tables.get(table, ()):
                # Of a person's grants on an account one is live: they are one row here.
                key = row.get("id") or (row["account_id"], row["person_id"])
                if Random(f"{key}{name}{share}").random() < share:
                    row[name] = UNTRACKED
    if "logins" in files.tables and random.random() < 0.5:
        columns = files.columns["logins"]
        files.tables["logins"].append(dict.fromkeys(columns, UNTRACKED))


def crowded(seed: int, *, has_waivers: bool = False) -> RegistryFiles:
    """Return a valid registry as large as the strategy draws them, with something wrong all over.

    The draws of a strategy are mostly small; these meet the rare cases without many examples.
    """
    random = Random(seed)
    files = RegistryFiles(
        {
            table: list(_rows(table, [random.randrange(1, 2**20) for _ in range(most)]))
            for table, (_, most) in _SIZES.items()
        },
        CLEAN_POLICY,
    )
    _valid(files.tables, files.columns)
    if has_waivers:
        files.policy += _waivers(random)
    return files


def _without(columns: Mapping[str, Sequence[str]], gone: set[str]) -> dict[str, list[str]]:
    return {
        table: [column for column in named if f"{table}.{column}" not in gone]
        for table, named in columns.items()
    }


LADDERS = (
    ["reprimand", "written_warning", "termination"],
    ["Reprimand", "termination"],
    ["written_warning", "termination"],
    ["termination", "reprimand"],
)
_SEVERITIES = ("critical", "high", "medium", "low")


def _parameter(name: str, value: Any, levels: Sequence[str], random: Random) -> Any:
    if value is None:
        # What has no default is set to what leavers are around.
        return random.choice((0, 729, 730, 731))
    if name == "require_observation":
        return random.random() < 0.5
    if name in ("individual_roles", "platforms"):
        return random.choice((["Facebook"], [], ["mastodon", "website"]))
    if name == "level":
        return random.choice([*levels, levels[-1].lower()])
    return random.choice((0, 1, value - 1, value, value + 1, 2 * value, 1_000_000))


def _overrides(random: Random, levels: Sequence[str], count: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in random.sample(oracle.CATALOGUE, count):
        settings: dict[str, Any] = {}
        for name, value in entry.defaults.items():
            if random.random() < 0.7:
                settings[name] = _parameter(name, value, levels, random)
        if random.random() < 0.4:
            settings["severity"] = random.choice(_SEVERITIES)
        if random.random() < 0.4:
            settings["enabled"] = random.random() < 0.5
        found[entry.id] = settings
    return found


@st.composite
def policies(draw: st.DrawFn, entities: Sequence[str]) -> str:
    """Draw a policy; 0 is the one under which a clean registry passes."""
    seed = draw(_SEEDS)
    if not seed:
        return CLEAN_POLICY
    random = Random(seed)
    levels: list[str] | None = random.choice((None, ["A", "B", "C"], ["c", "B", "A"]))
    if random.random() < 0.2:
        levels = ["Basic", "full"]
    head: dict[str, Any] = {
        "version": random.choice(("2026-1", "2026-2")),
        "next_review": TODAY + timedelta(days=random.choice((-1, 0, 1))),
        "approved_platforms": random.choice((["Facebook", "website"], [], ["x"])),
        "approved_apps": random.choice((["buffer"], [], ["Canva", "BUFFER"])),
    }
    for name in ("legal_names", "portfolios", "payees"):
        head[name] = random.choice(([], _NAMES[:1], _NAMES[2:4], ["strasse e.v.", "x"]))
    head = {key: value for key, value in head.items() if random.random() < 0.85}
    if random.random() < 0.5:
        head["privacy_law"] = random.choice(("gdpr", "kdg", "none"))
    if random.random() < 0.7:
        head["sanction_ladder"] = random.choice(LADDERS)
    if levels is not None:
        head["clearance_levels"] = levels
    known = levels or ["A", "B", "C"]
    controls = _overrides(random, known, random.choice((0, 3, 20)))
    if known == ["Basic", "full"]:
        # A level that the policy does not have is an error of the policy.
        controls.setdefault("ineligible-manager", {})["level"] = random.choice(known)
    lines = [*_table("policy", head), *_controls("controls", controls)]
    for entity in entities:
        if random.random() < 0.5:
            below = _overrides(random, known, random.choice((1, 5, 30)))
            lines += _controls(f"entities.{entity}.controls", below)
    return "\n".join(lines) + "\n"


_WAIVED = (
    {"control": "sole-administrator", "account": "a0"},
    {"control": "orphaned-admin", "account": "a0", "person": "p0"},
    {"control": "policy-review-overdue"},
    {"control": "unregistered-account", "platform": "facebook", "handle": "@Parish"},
    {"control": "unregistered-account", "platform": "Facebook", "handle": "parish"},
    {"control": "minor-shown-without-consent", "account": "a0", "content": "c0"},
)


def _waivers(random: Random) -> str:
    """Return waivers that end, and were accepted, around what may be."""
    # Some are all in time, so that there are too many of one thing and nothing else is wrong.
    days = (0, 1, 364, 365) if random.random() < 0.4 else (0, 1, 364, 365, 366, 400)
    lines = []
    for number in range(random.choice((0, 0, 1, 3, 6, 9))):
        accepted = TODAY - timedelta(days=random.choice((0, 1, 300, 364, 365, 366, -20)))
        last = (accepted, TODAY)[random.random() < 0.4]
        expires = last + timedelta(days=random.choice(days))
        terms = {**random.choice(_WAIVED), "reason": f"reason {number}", "approved_by": ["p0"]}
        facts: dict[str, Any] = {**terms, "expires": expires}
        if random.random() < 0.7 and accepted <= expires:
            facts["accepted_on"] = accepted
        lines += ["[[waivers]]", *(f"{key} = {_toml(value)}" for key, value in facts.items())]
    return "".join(f"{line}\n" for line in lines)


def _controls(where: str, controls: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [line for id_, one in controls.items() for line in _table(f"{where}.{id_}", one)]


def _table(name: str, settings: Mapping[str, Any]) -> list[str]:
    return [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in settings.items())]


def _toml(value: Any) -> str:
    return str(value) if isinstance(value, date) else json.dumps(value)


@contextmanager
def written(files: RegistryFiles) -> Iterator[Path]:
    """Give a directory with a registry for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as name:
        yield files.write(Path(name))
