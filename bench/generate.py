"""Writes a registry of any size, for the benchmarks: the same bytes for the same seed.

About 2% of the subjects of every control of the catalogue fail it, for every reason that the
control knows; the rest pass. An entity, its thirty people and its twenty accounts are one block,
which refers to nothing outside but the entities above it, so the registry is written block by block
and a large one takes no more memory than a small one.

Usage: python bench/generate.py N DIR [--seed 1]
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from rolecall.model import TABLES
from rolecall.registry.schema import columns

__all__ = ["AS_OF", "RATE", "generate"]

AS_OF = date(2026, 11, 2)
"""The day on which the registry is to be audited."""
RATE = 0.02
"""The share of the subjects of a control that fail it."""

T = TypeVar("T")
Flaw = dict[str, str]

_ACCOUNTS = 20
_PEOPLE = 30
_CHILDREN = 8
_VERSION = "2026-1"
_OURS = "Diocese of Ellerwick"
_AGO = [(AS_OF - timedelta(days=days)).isoformat() for days in range(2_000)]
_AHEAD = [(AS_OF + timedelta(days=days)).isoformat() for days in range(2_000)]

_PLATFORMS = ("facebook", "instagram", "website", "youtube", "linkedin", "x")
_INDIVIDUAL = frozenset({"facebook", "linkedin", "youtube", "website"})
_ADMINISTRATIVE = frozenset({"owner", "admin", "manager"})
_UNSAFE = ("", "plaintext", "email", "spreadsheet", "paper", "chat", "browser")
_THIRD_PARTIES = ("agency", "partner", "contractor")

# The places of a block's people: who is sound, who went, who has a flaw of their own.
_HEAD, _DELEGATE = 0, 1
_STAFF = range(2, 10)
_HELPERS = range(10, 18)
_SPARE, _FORMER = 18, 19
_OLD_LEAVER, _LEAVER = 22, 23
_FLAWED = range(24, 30)

_POLICY = f"""\
[policy]
name = "Social media policy"
version = "{_VERSION}"
next_review = {_AGO[30]}
clearance_levels = ["A", "B", "C"]
approved_platforms = ["facebook", "instagram", "website", "youtube", "linkedin", "x"]
approved_apps = ["buffer", "canva"]
legal_names = ["{_OURS}"]
portfolios = ["{_OURS}"]
payees = ["{_OURS}"]
sanction_ladder = ["reprimand", "written_warning", "termination"]

[controls.dormant-account]
days = 120

[controls.personal-data-past-retention]
days = 730

[controls.youth-account-one-adult]
minimum = 3
"""


class _Writer(Protocol):
    def writerow(self, row: Sequence[str], /) -> Any: ...


class _Chance:
    """Draws from one seeded generator."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed).random

    def fails(self, rate: float = RATE) -> bool:
        return self.draw() < rate

    def among(self, options: Sequence[T]) -> T:
        return options[int(self.draw() * len(options))]

    def number(self, least: int, most: int) -> int:
        return least + int(self.draw() * (most - least + 1))

    def ago(self, least: int, most: int) -> str:
        return _AGO[least + int(self.draw() * (most - least + 1))]

    def ahead(self, least: int, most: int) -> str:
        return _AHEAD[least + int(self.draw() * (most - least + 1))]


class _Entity(NamedTuple):
    """One entity as the rest of its block sees it."""

    number: int
    id: str
    other: str
    head: str
    people: Sequence[str]
    flaws: Sequence[str]


class _Held(NamedTuple):
    """One live grant: who holds which role, and how the access is flawed."""

    person: str
    role: str
    flaw: str = ""


class _Page(NamedTuple):
    """One account as its grants, login and observations see it."""

    number: int
    id: str
    platform: str
    handle: str
    status: str
    is_seen: bool


def generate(n: int, directory: Path, seed: int = 1) -> None:
    """Write a registry of ``n`` accounts into a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "policy.toml").write_text(_POLICY, encoding="utf-8")
    chance = _Chance(seed)
    with ExitStack() as stack:
        writers: dict[str, _Writer] = {}
        for table in TABLES:
            path = directory / f"{table}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[table] = csv.writer(file, lineterminator="\n")
            writers[table].writerow(list(columns(table)))
        blocks = -(-n // _ACCOUNTS)
        for number in range(blocks):
            first = number * _ACCOUNTS
            _Block(writers, chance, number, blocks).write(range(first, min(first + _ACCOUNTS, n)))


class _Block:
    """An entity with its people and accounts."""

    def __init__(
        self, writers: dict[str, _Writer], chance: _Chance, number: int, blocks: int
    ) -> None:
        self.chance = chance
        self.rows = {table: writer.writerow for table, writer in writers.items()}
        people = [f"p-{number * _PEOPLE + place}" for place in range(_PEOPLE)]
        head = people[_HEAD]
        if chance.fails():
            head = chance.among(("", "", f"gone-{number}", people[_LEAVER]))
        other = number + 1 if number + 1 < blocks else max(0, number - 1)
        kinds = list(_FLAWS)
        flaws = [kinds[(number * len(_FLAWED) + step) % len(kinds)] for step in range(len(_FLAWED))]
        self.entity = _Entity(number, f"e-{number}", f"e-{other}", head, people, flaws)
        self.last_key: tuple[str, str] | None = None
        self.last_fingerprint = ""

    def write(self, numbers: range) -> None:
        self._entity()
        self._people()
        for number in numbers:
            self._account(number)

    def _entity(self) -> None:
        entity = self.entity
        parent = f"e-{(entity.number - 1) // _CHILDREN}" if entity.number else ""
        domains = f"e-{entity.number}.example" if entity.number else "diocese.example|example.org"
        self.rows["entities"](
            (
                entity.id,
                f"Entity {entity.number}",
                parent,
                entity.head,
                entity.people[_DELEGATE],
                domains,
            )
        )

    # -- people -----------------------------------------------------------------------------

    def _people(self) -> None:
        for place in range(_PEOPLE):
            self._person(place, self._traits(place))

    def _traits(self, place: int) -> Flaw:
        """Return how a person of the block differs from a sound employee."""
        chance, entity = self.chance, self.entity
        if place in _FLAWED:
            return _FLAWS[entity.flaws[place - _FLAWED.start]](chance, entity)
        if place == _OLD_LEAVER and chance.fails(4.5 * RATE):
            return {"status": "left", "left_on": chance.ago(731, 1_500)}
        if _FORMER < place <= _LEAVER:
            return {"status": "left", "left_on": chance.ago(1, 300)}
        if place in _HELPERS:
            kind = ("volunteer", "student", "agency", "employee")[place % 4]
            if kind == "agency":
                return _contract(chance)
            return {"type": kind, "supervisor_id": entity.people[_STAFF[0]]}
        return {"type": "clergy"} if place == _HEAD else {}

    def _person(self, place: int, traits: Flaw) -> None:
        id_, get = self.entity.people[place], traits.get
        chance = self.chance
        self.rows["people"](
            (
                id_,
                f"Person {id_}",
                get("status", "active"),
                f"{id_}@people.example",
                get("left_on", ""),
                get("type", "employee"),
                get("entity_id", self.entity.id),
                get("supervisor_id", ""),
                get("clearance_level", "C"),
                get("clearance_expires") or chance.ahead(1, 700),
                get("trained_on", chance.ago(1, 360)),
                get("policy_version", _VERSION),
                chance.ago(1, 300),
                get("contract_ref", ""),
                get("dpa_ref", ""),
                get("contract_ends", ""),
                ("", "en", "es")[place % 3],
            )
        )

    # -- accounts ---------------------------------------------------------------------------

    def _account(self, number: int) -> None:
        chance = self.chance
        state = chance.draw()
        status = "closed" if state < 0.03 else "dormant" if state < 0.07 else "active"
        page = self._page(number, status)
        self._account_row(page)
        if status == "closed":
            self._closed(page)
        else:
            held = self._holders(number)
            for one in held:
                self._grant(page, one)
            if chance.fails(0.05):
                self._revoked(page, _SPARE)
            if not (status == "active" and chance.fails()):
                self._login(page, held[-1].person)
            if page.is_seen:
                self._observations(page, held)
        if chance.fails(0.05):
            self._incident(page)

    def _page(self, number: int, status: str) -> _Page:
        chance = self.chance
        platform = "tiktok" if chance.fails() else chance.among(_PLATFORMS)
        handle = f"{'@' if number % 7 == 0 else ''}Page{number}"
        is_seen = status != "closed" and chance.fails(0.3)
        if status != "closed":
            if self.last_key is not None and chance.fails(RATE / 1.8):
                platform, handle = self.last_key
                is_seen = False
            self.last_key = None if is_seen else (platform, handle)
        return _Page(number, f"acc-{number}", platform, handle, status, is_seen)

    def _account_row(self, page: _Page) -> None:
        chance, entity, people = self.chance, self.entity, self.entity.people
        bad, head = chance.fails, entity.head
        leaver, nobody = people[_LEAVER], f"gone-{entity.number}"
        first, second, third = people[2], people[3], people[4]
        privacy = [f"ROPA-{page.number}", "legitimate-interest", "https://diocese.example/privacy"]
        if bad():
            privacy[chance.number(0, 2)] = ""
        approved = chance.among(("", second)) if bad() else f"{head}|{second}".strip("|")
        archive = chance.among(("", "no")) if bad() else "yes"
        contacts, verified = f"{first}|{third}", chance.ago(0, 90)
        if bad():
            contacts, verified = self._thin(first, leaver)
        domain = f"e-{entity.number}.example" if page.number % 2 and entity.number else ""
        self.rows["accounts"](
            (
                page.id,
                entity.id,
                page.platform,
                page.handle,
                page.status,
                f"https://{page.platform}.example/{page.number}",
                chance.among(("", nobody, leaver)) if bad() else first,
                approved,
                chance.among(
                    (f"page{page.number}@mail.example", "no-address", f"{leaver}@people.example")
                )
                if bad()
                else f"page{page.number}@{domain or 'diocese.example'}",
                chance.among(("", leaver)) if bad() else second,
                chance.among(("none", "it")) if bad() else "head",
                chance.among(("", chance.ago(181, 700))) if bad() else chance.ago(0, 180),
                chance.ago(121, 900) if bad() else chance.ago(0, 90),
                chance.among(("", chance.ago(366, 900))) if bad() else chance.ago(0, 365),
                chance.among(("", first, f"{leaver}|{nobody}")) if bad() else f"{first}|{second}",
                contacts,
                verified,
                *privacy,
                "official-statement" if page.number % 2 or archive != "yes" else "",
                archive,
                "buffer|zapbot" if bad() else chance.among(("", "buffer", "buffer|Canva")),
                *self._domain(page),
                "minors" if bad(0.1) else chance.among(("adults", "mixed")),
                chance.among(("", "Somebody")) if bad() else _OURS,
                "Somebody" if bad(RATE / 3) else chance.among(("", _OURS)),
                "Somebody" if bad(RATE / 3) else chance.among(("", _OURS)),
                leaver if bad(RATE / 3) else chance.among(("", first)),
            )
        )

    def _domain(self, page: _Page) -> tuple[str, str, str]:
        """Return until when a website's domain is paid, whether it renews itself, and its name."""
        chance = self.chance
        if page.platform != "website":
            return "", "", ""
        name = "Somebody" if chance.fails(RATE / 2) else _OURS
        if chance.fails(RATE / 2):
            return (*chance.among(((_AGO[3], "yes"), (_AHEAD[20], "no"))), name)
        return chance.ahead(60, 700), chance.among(("yes", "no")), name

    def _thin(self, contact: str, leaver: str) -> tuple[str, str]:
        chance = self.chance
        return chance.among(
            (
                (contact, chance.ago(0, 90)),
                (f"{contact}|{leaver}", chance.ago(91, 400)),
                (f"{contact}|{self.entity.people[4]}", ""),
            )
        )

    # -- grants -----------------------------------------------------------------------------

    def _holders(self, number: int) -> list[_Held]:
        """Return who has live access to an account; the last is a sound member of the staff."""
        chance, people = self.chance, self.entity.people
        head, staff = people[_HEAD], people[_STAFF[number % len(_STAFF)]]
        held = [self._third(number)]
        if chance.fails(0.6 * RATE):
            # The head has no full control, somebody else has.
            if chance.fails(0.5):
                held.append(_Held(head, "manager"))
            nobody_rules = chance.fails(0.1)
            held.append(_Held(people[_DELEGATE], "editor" if nobody_rules else "admin"))
            held.append(_Held(staff, "editor" if nobody_rules else "owner"))
        else:
            held.append(_Held(head, "owner"))
            held.append(_Held(staff, "editor" if chance.fails() else "admin"))
            if chance.fails():
                names = {one.person for one in held}
                more = [p for p in people[_STAFF.start : _HELPERS.stop] if p not in names]
                held[0:0] = [_Held(person, "admin") for person in more[:9]]
        return held

    def _third(self, number: int) -> _Held:
        """Return the third holder of an account, the one who is often flawed."""
        chance, people = self.chance, self.entity.people
        drawn = chance.number(0, len(_FLAWED) * 3 // 2)
        if drawn < len(_FLAWED):
            kind = self.entity.flaws[drawn]
            role = chance.among(("manager", "manager", "admin"))
            if kind == "outside" and chance.fails(0.35):
                role = "owner"
            if kind == "gone" and chance.fails(0.5):
                return _Held(f"gone-{number}", role, "unknown")
            return _Held(people[_FLAWED[drawn]], role, kind)
        role = chance.among(("manager", "manager", "editor", "analyst"))
        return _Held(people[_HELPERS[number % len(_HELPERS)]], role)

    def _grant(self, page: _Page, held: _Held) -> None:
        chance, people = self.chance, self.entity.people
        bad, person = chance.fails, held.person
        approver = people[3] if person != people[3] else people[4]
        requester = people[5]
        if bad():
            approver = chance.among(("", person, requester))
        witness, attested = people[6] if person != people[6] else people[7], chance.ago(0, 90)
        if bad():
            witness, attested = chance.among(
                ((person, attested), (witness, chance.ago(366, 700)), ("", ""))
            )
        asked = ""
        if bad(2 * RATE):
            asked = f"{chance.among((_AGO[1], chance.ago(3, 30)))}T09:30:00Z"
        self.rows["grants"](
            (
                page.id,
                person,
                held.role,
                chance.ago(800, 1_500),
                requester,
                approver,
                chance.ago(1, 200) if bad() else chance.among(("", "", chance.ahead(0, 300))),
                chance.ago(46, 700) if bad() else chance.ago(0, 45),
                attested,
                witness,
                asked,
                "",
                "DEL-7" if chance.fails(0.02) and held.flaw != "mover" else "",
            )
        )

    def _revoked(self, page: _Page, place: int) -> None:
        people, chance = self.entity.people, self.chance
        given, gone = chance.ago(800, 1_500), chance.ago(1, 100)
        row = (page.id, people[place], "editor", given, people[5], people[3])
        asked = f"{_AGO[101]}T09:30:00Z"
        self.rows["grants"]((*row, "", chance.ago(110, 700), "", "", asked, gone, ""))

    def _closed(self, page: _Page) -> None:
        self._revoked(page, _SPARE)
        if self.chance.fails():
            kind = self.chance.number(0, 2)
            person = self.entity.people[_STAFF[0]]
            if kind != 1:
                self._grant(page, _Held(person, "admin"))
            if kind != 0:
                self._login(page, person)

    # -- logins, observations, incidents ------------------------------------------------------

    def _login(self, page: _Page, holder: str) -> None:
        chance, people = self.chance, self.entity.people
        bad = chance.fails
        holders = holder
        if bad() if page.platform in _INDIVIDUAL else bad(0.5):
            holders = f"{holder}|{people[_HEAD]}"
        rotated = chance.among(("", chance.ago(366, 900))) if bad() else chance.ago(0, 100)
        if bad():
            rotated = "" if bad(0.1) else chance.ago(305, 364)
            if page.number % 2:
                holders = people[_LEAVER]
            else:
                holders = people[_FORMER]
                self._revoked(page, _FORMER)
        if not (self.last_fingerprint and bad(RATE / 2)):
            # An odd factor makes another 32 bits of every number.
            self.last_fingerprint = f"{page.number * 2_654_435_761 % 2**32:08x}"
        self.rows["logins"](
            (
                f"log-{page.number}",
                page.id,
                chance.among(_UNSAFE)
                if bad()
                else chance.among(("vault", "encrypted_file", "password_manager")),
                holders,
                rotated,
                chance.among(("none", "sms")) if bad() else chance.among(("app", "key")),
                str(chance.number(0, 2) if bad() else chance.number(3, 4)),
                self.last_fingerprint,
                chance.ago(101, 300) if bad(RATE / 2) else "",
            )
        )

    def _observations(self, page: _Page, held: Sequence[_Held]) -> None:
        chance, entity = self.chance, self.entity
        seen = chance.ago(46, 60) if chance.fails() else chance.ago(1, 45)
        start = (page.platform, page.handle)

        def row(cells: Sequence[str], *reported: str) -> None:
            self.rows["observations"]((*cells, *(reported or ("", ""))))

        for person, role, flaw in held:
            if flaw == "unknown" or (role in _ADMINISTRATIVE and chance.fails()):
                continue
            row((*start, seen, entity.id, f"{person.upper()}@people.example", person, role))
        if chance.fails(3 * RATE):
            row((*start, seen, entity.id, f"x{page.number}@mail.example", "somebody", "admin"))
        if chance.fails(0.1):
            row((*start, chance.ago(61, 200), entity.id, "before@mail.example", "", "editor"))
        if chance.fails():
            start = (page.platform, f"Stranger{page.number}")
            reported = (chance.ago(0, 80), "") if chance.fails(0.3) else ()
            row((*start, seen, entity.id, "x@mail.example", "", "admin"), *reported)

    def _incident(self, page: _Page) -> None:
        chance, people = self.chance, self.entity.people
        opened = chance.number(40, 300)
        due, closed = _AGO[opened - 30], _AGO[opened - 20]
        personal = chance.fails(0.4)
        decided = f"{_AGO[opened - 1]}T11:00:00Z" if personal else ""
        if chance.fails():
            kind = chance.number(0, 2)
            closed = "" if kind != 1 else closed
            personal, decided = (True, "") if kind != 0 else (personal, decided)
        investigators = f"{people[2]}:communications|{people[3]}:hr"
        subject = people[_HELPERS[0]] if chance.fails(0.5) else ""
        if chance.fails():
            investigators, subject = chance.among(
                (("", people[4]), (f"{people[2]}:hr", people[4]), (investigators, people[3]))
            )
        steps = chance.among((("", ""), ("reprimand", ""), ("written_warning", "reprimand")))
        if chance.fails():
            steps = chance.among((("written_warning", ""), ("termination", "reprimand")))
        self.rows["incidents"](
            (
                f"inc-{page.number}",
                page.id,
                f"{_AGO[opened]}T09:30:00Z",
                "",
                due,
                closed,
                "yes" if personal else "no",
                decided,
                "",
                *("yes" if personal else "no", decided),
                *("no", ""),
                subject,
                investigators,
                *steps,
                "",
            )
        )


def _contract(chance: _Chance) -> Flaw:
    return {
        "type": chance.among(_THIRD_PARTIES),
        "contract_ref": "CON-1",
        "dpa_ref": "DPA-1",
        "contract_ends": chance.ahead(10, 700),
    }


def _without_contract(chance: _Chance, _: _Entity) -> Flaw:
    if chance.fails(0.3):
        return {**_contract(chance), "contract_ends": chance.ago(1, 200)}
    return {**_contract(chance), chance.among(("contract_ref", "dpa_ref", "contract_ends")): ""}


def _unsupervised(chance: _Chance, entity: _Entity) -> Flaw:
    # Nobody; somebody who is not on the roster; one who left; one who is a student.
    people = entity.people
    supervisors = ("", "gone", people[_LEAVER], people[_HELPERS[3]])
    return {
        "type": chance.among(("volunteer", "student")),
        "supervisor_id": chance.among(supervisors),
    }


_FLAWS: dict[str, Callable[[_Chance, _Entity], Flaw]] = {
    "gone": lambda chance, _: {"status": "left", "left_on": chance.ago(1, 300)},
    "suspended": lambda *_: {"status": "suspended"},
    "outside": lambda chance, _: _contract(chance),
    "no contract": _without_contract,
    "unsupervised": _unsupervised,
    "mover": lambda _, entity: {"entity_id": entity.other},
    "below": lambda chance, _: {"clearance_level": chance.among(("B", "", "Z"))},
    "expired": lambda chance, _: {"clearance_expires": chance.ago(1, 300)},
    "untrained": lambda *_: {"trained_on": ""},
    "refresher": lambda chance, _: {"trained_on": chance.ago(366, 900)},
    "other policy": lambda chance, _: {"policy_version": chance.among(("", "2025-1"))},
}
"""How a person can be flawed: what differs in the roster."""


def main() -> None:
    """Write a registry where the arguments say."""
    parser = argparse.ArgumentParser(description="Write a registry of N accounts into DIR.")
    parser.add_argument("n", type=int, metavar="N")
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generate(arguments.n, arguments.directory, arguments.seed)


if __name__ == "__main__":
    main()
