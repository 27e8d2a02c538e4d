"""What an import makes of what programs filled: nothing is lost, and nothing comes back."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import UsageError
from rolecall.model import Account, Entity, Grant, Login, Observation, Person, Snapshot
from rolecall.provenance import Fill, fill_key
from rolecall.registry.documents import (
    AccountDocument,
    DocumentKey,
    PersonDocument,
    SeenDocument,
    Settings,
    person_key,
    seen_documents,
)
from rolecall.registry.keeping import kept_account
from rolecall.registry.reading import read_registry
from rolecall.registry.writing import write_registry
from rolecall.vault.life import Life, Reader, Version
from tests.held import HeldRegistry
from tests.registries import RegistryFiles, registries
from tests.tiers import examples

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
TODAY = date(2026, 11, 1)
COLUMNS = {
    "entities": ("id", "name", "head_id", "parent_id"),
    "people": ("id", "name", "status", "email", "clearance_level"),
    "accounts": ("id", "entity_id", "platform", "handle", "status", "removal_path"),
    "grants": ("account_id", "person_id", "role", "granted_on", "expires_on"),
}
TRACKED = frozenset(f"{table}.{name}" for table, names in COLUMNS.items() for name in names)
ACCOUNT = Account("a", "e", "website", "a.example", "active")
FILES = Snapshot(
    entities=(Entity("e", "E", head_id="p"),),
    people=(Person("p", "P", "active", email="p@x.example"), Person("q", "Q", "active")),
    accounts=(ACCOUNT,),
    grants=(Grant("a", "p", "owner", granted_on=date(2026, 1, 1)),),
    tracked=TRACKED,
)


def person(id_: str = "p", **changes: Any) -> Person:
    return replace(next(one for one in FILES.people if one.id == id_), **changes)


def files(**changes: Any) -> Snapshot:
    return replace(FILES, **changes)


def people(*found: Person) -> Snapshot:
    others = [one for one in FILES.people if one.id not in {person.id for person in found}]
    return files(people=(*found, *others))


# -- fields ---------------------------------------------------------------------------------------


def test_an_edit_survives_files_that_are_as_they_were() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(person(clearance_level="C", status="suspended"))
    registry.bring_in(FILES)
    registry.bring_in(FILES)
    assert registry.person("p").status == "suspended"
    assert registry.person("p").clearance_level == "C"
    assert registry.person("p").filled[fill_key("people", "p", "status")] == Fill(
        "edit", AT, "active"
    )


def test_files_that_changed_their_own_word_win() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(person(status="suspended"))
    registry.bring_in(people(person(status="left")))
    assert registry.person("p").status == "left"
    assert registry.person("p").filled == {}


def test_what_was_emptied_stays_empty() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(Entity("e", "E"))
    registry.bring_in(FILES)
    (entity,) = registry.snapshot().entities
    assert entity.head_id is None
    registry.bring_in(files(entities=(Entity("e", "E", head_id="q"),)))
    (entity,) = registry.snapshot().entities
    assert entity.head_id == "q"


def test_a_shorter_limit_is_not_made_longer_by_files_that_are_as_they_were() -> None:
    grant = replace(FILES.grants[0], expires_on=date(2027, 1, 1))
    registry = HeldRegistry(files(grants=(grant,)))
    registry.edit(replace(grant, expires_on=date(2026, 12, 1)))
    registry.bring_in(files(grants=(grant,)))
    assert registry.account().grants[0].expires_on == date(2026, 12, 1)
    shorter = replace(grant, expires_on=date(2026, 11, 15))
    registry.bring_in(files(grants=(shorter,)))
    assert registry.account().grants == (shorter,)


@pytest.mark.parametrize(("said", "stays"), [(2, True), (-2, True), (None, True), (5, False)])
def test_of_two_days_on_which_something_was_done_the_later_is_true(
    said: int | None, stays: bool
) -> None:
    def attested(days: int | None, by: str | None) -> Grant:
        day = None if days is None else TODAY + timedelta(days)
        return replace(FILES.grants[0], attested_on=day, attested_by=by)

    tracked = TRACKED | {"grants.attested_on", "grants.attested_by"}
    registry = HeldRegistry(files(grants=(attested(-9, "old"),), tracked=tracked))
    registry.edit(attested(3, "here"))
    theirs = attested(said, "them" if said is not None else None)
    registry.bring_in(files(grants=(theirs,), tracked=tracked))
    # Who confirmed it goes with the day on which they did.
    assert registry.account().grants == (attested(3, "here") if stays else theirs,)


def test_once_the_files_followed_their_next_word_counts() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(person(clearance_level="C"))
    registry.bring_in(people(person(clearance_level="C")))
    registry.bring_in(people(person(clearance_level="A")))
    assert registry.person("p").clearance_level == "A"


# -- rows -----------------------------------------------------------------------------------------


def test_rows_that_were_made_here_stay_while_no_file_had_them() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(Entity("f", "F", parent_id="e"))
    registry.edit(Person("r", "R", "active", trained_on=TODAY))
    registry.edit(Account("b", "f", "x", "b", "active"))
    registry.edit(Grant("b", "r", "owner"))
    registry.edit(Grant("a", "r", "editor"))
    before = registry.snapshot()
    registry.bring_in(FILES)
    assert registry.snapshot() == before
    assert {one.id for one in before.accounts} == {"a", "b"}
    # Now a file has the person, without a word about training: that stays. Then it drops them.
    registry.edit(Account("b", "f", "x", "b", "closed"))
    registry.bring_in(people(Person("r", "R", "active")))
    assert registry.person("r").trained_on == TODAY
    registry.bring_in(FILES)
    assert registry.get(person_key("r"), PersonDocument) is None


def test_rows_of_files_go_with_them_whoever_edited_them() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(person("q", status="suspended"))
    registry.bring_in(files(people=(person(),)))
    assert registry.get(person_key("q"), PersonDocument) is None


@pytest.mark.parametrize(
    ("edit", "then", "message"),
    [
        (Account("b", "f", "x", "b", "active"), FILES, "entity_id f: no such entity"),
        (
            Entity("e", "E", parent_id="f", head_id="p"),
            files(entities=(Entity("e", "E", head_id="p"), Entity("f", "F", parent_id="e"))),
            "circle",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(edit: Any, then: Snapshot, message: str) -> None:
    registry = HeldRegistry(files(entities=(*FILES.entities, Entity("f", "F"))))
    registry.edit(edit)
    before = dict(registry.held)
    with pytest.raises(UsageError, match=message):
        registry.bring_in(then)
    assert registry.held == before


def test_an_access_that_a_file_ended_is_not_kept_alive_by_an_edit() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(replace(FILES.grants[0], role="admin"))
    ended = replace(FILES.grants[0], revoked_on=TODAY)
    registry.bring_in(files(grants=(ended,), tracked=TRACKED | {"grants.revoked_on"}))
    assert registry.account().grants == (ended,)
    assert registry.account().filled == {}


# -- observations ---------------------------------------------------------------------------------


def test_what_a_platform_reported_no_file_deletes() -> None:
    ours = Observation("website", "a.example", TODAY, person_email="p@x.example")
    theirs = Observation("website", "a.example", TODAY, person_email="q@x.example")
    registry = HeldRegistry(files(observations=(ours,)))
    registry.held.update(seen_documents([theirs], "platform"))
    registry.bring_in(files(observations=(ours,)))
    assert set(registry.snapshot().observations) == {ours, theirs}
    # An export has both; the platform's own word is not the file's for that.
    registry.bring_in(files(observations=(ours, theirs)))
    assert sorted(map(str, registry.snapshot().observations)) == sorted(map(str, (ours, theirs)))
    registry.bring_in(FILES)
    assert registry.snapshot().observations == (theirs,)
    by = [where.key for where in registry.held if where.partition.startswith("SEEN")]
    assert by == ["website#a.example#platform-000000"]


# -- what was there before ------------------------------------------------------------------------


def test_documents_of_an_earlier_release_are_read_as_they_were() -> None:
    old = b'{"account":{"id":"a","entity_id":"e","platform":"website","handle":"a.example",'
    old += b'"status":"active"},"logins":[{"id":"l","account_id":"a","storage":"vault",'
    old += b'"strength":4}],"vaulted":["l"],"revoking":["p"],"grants":[{"account_id":"a",'
    old += b'"person_id":"p","role":"owner","revoke_requested_at":"2026-10-01T00:00:00Z"}]}'
    registry = HeldRegistry(FILES)
    where = next(where for where in registry.held if where.key == "ACCOUNT#a")
    registry.held[where] = old
    registry.bring_in(FILES)
    document = registry.account()
    assert document.vaulted == ("l",)
    assert document.logins == (Login("l", "a", storage="vault", strength=4),)
    (grant,) = document.grants
    assert grant.revoke_requested_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert grant.granted_on == date(2026, 1, 1)
    # Who came with an earlier release has no marks; what it tracks follows from what it has.
    filled = registry.snapshot().filled
    assert filled["logins.mfa"] == {("a", "l")}
    assert filled["grants.revoke_requested_at"] == {("a", "p")}


# -- any order ------------------------------------------------------------------------------------

IDS = st.sampled_from(["p", "q", "r"])
DAYS = st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days))
PEOPLE = st.builds(
    Person,
    id=IDS,
    name=st.sampled_from(["One", "Other"]),
    status=st.sampled_from(["active", "suspended", "left"]),
    clearance_level=st.sampled_from([None, "A", "C"]),
    trained_on=DAYS,
)
GRANTS = st.builds(
    Grant,
    account_id=st.just("a"),
    person_id=IDS,
    role=st.sampled_from(["owner", "editor"]),
    expires_on=DAYS,
    attested_on=DAYS,
    attested_by=st.sampled_from([None, "q"]),
)
OPTIONAL = ("people.trained_on", "grants.attested_on", "grants.attested_by")


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Draw what files say of the people and grants of one account."""
    found = draw(st.lists(PEOPLE, max_size=3, unique_by=lambda one: one.id))
    grants = draw(st.lists(GRANTS, max_size=3, unique_by=lambda one: one.person_id))
    tracked = draw(st.frozensets(st.sampled_from(OPTIONAL)))
    for gone in set(OPTIONAL) - tracked:
        table, _, name = gone.partition(".")
        if table == "people":
            found = [replace(one, **{name: None}) for one in found]
        else:
            grants = [replace(one, **{name: None}) for one in grants]
    return files(people=tuple(found), grants=tuple(grants), tracked=TRACKED | tracked)


STEPS = st.lists(st.one_of(PEOPLE, GRANTS, snapshots()), max_size=8)


ACTED = {"trained_on", "attested_on", "attested_by"}
REQUIRED = {"name", "status", "role"}


def rows_of(snapshot: Snapshot) -> dict[tuple[str, str], Any]:
    return {
        **{("people", one.id): one for one in snapshot.people},
        **{("grants", one.person_id): one for one in snapshot.grants},
    }


class Told:
    """The same said once more, slowly: of each field the last word, and who said it."""

    def __init__(self, first: Snapshot) -> None:
        self.words: dict[tuple[str, str, str], Any] = {}
        self.files: dict[tuple[str, str, str], Any] = {}
        self.edits: set[tuple[str, str, str]] = set()
        self.made: set[tuple[str, str]] = set()
        self.rows: set[tuple[str, str]] = set()
        self.hear(first)

    @staticmethod
    def fields(table: str, row: Any) -> Mapping[str, Any]:
        keys = ("id",) if table == "people" else ("account_id", "person_id")
        return {
            name: value
            for name, value in msgspec.structs.asdict(row).items()
            if name not in (*keys, "notes")
        }

    def write(self, table: str, id_: str, row: Any) -> None:
        """Hear an edit."""
        is_new = (table, id_) not in self.rows
        if is_new:
            self.rows.add((table, id_))
            self.made.add((table, id_))
        said = self.fields(table, row)
        old = {name: None if is_new else self.words[table, id_, name] for name in said}
        changed = {name for name, value in said.items() if value != old[name]}
        if not changed.isdisjoint({"attested_on", "attested_by"}):
            changed |= {"attested_on", "attested_by"}
        for name, value in said.items():
            key = table, id_, name
            self.words[key] = value
            if (table, id_) in self.made:
                # Of what it never said of a row that it made, the first file has the word.
                is_said = name in ACTED and (name in changed or key in self.edits)
                is_said = is_said or (value is not None and name not in REQUIRED)
                self.edits = self.edits | {key} if is_said else self.edits - {key}
                self.files[key] = None
            elif name in changed and key not in self.edits:
                self.files[key] = old[name]
                self.edits.add(key)

    def hear(self, snapshot: Snapshot) -> None:
        """Hear files."""
        rows = rows_of(snapshot)
        for place in [place for place in self.rows if place not in rows]:
            if place not in self.made:
                self.forget(place)
        for (table, id_), row in rows.items():
            self.made.discard((table, id_))
            said = self.fields(table, row)
            keep: dict[str, bool] = {}
            for name, value in said.items():
                key = table, id_, name
                keep[name] = key in self.edits and self.stays(key, value, snapshot)
            pair = {(table, id_, name) for name in ("attested_on", "attested_by")}
            if pair <= self.edits:
                keep["attested_by"] = keep["attested_on"]
            for name, value in said.items():
                key = table, id_, name
                if keep[name]:
                    if value is not None and f"{table}.{name}" in self.known(snapshot):
                        self.files[key] = value
                else:
                    self.words[key] = value
                    self.edits.discard(key)
            self.rows.add((table, id_))

    @staticmethod
    def known(snapshot: Snapshot) -> frozenset[str]:
        return snapshot.tracked

    def stays(self, key: tuple[str, str, str], value: Any, snapshot: Snapshot) -> bool:
        table, _, name = key
        word = self.words[key]
        if f"{table}.{name}" not in self.known(snapshot) or value is None or value == word:
            return True
        if value == self.files.get(key):
            return True
        return name in ("trained_on", "attested_on") and word is not None and value < word

    def forget(self, place: tuple[str, str]) -> None:
        self.rows.discard(place)
        for store in (self.words, self.files):
            for key in [key for key in store if key[:2] == place]:
                del store[key]
        self.edits = {key for key in self.edits if key[:2] != place}


@settings(max_examples=examples(150), deadline=None)
@given(snapshots(), STEPS)
def test_any_order_of_edits_and_imports(first: Snapshot, steps: list[Any]) -> None:
    registry, told = HeldRegistry(first), Told(first)
    for number, step in enumerate(steps):
        if isinstance(step, Snapshot):
            registry.bring_in(step)
            told.hear(step)
        else:
            registry.edit(step, AT + timedelta(hours=number))
            told.write("people" if isinstance(step, Person) else "grants", _id(step), step)
        now = registry.snapshot()
        rows = rows_of(now)
        assert rows.keys() == told.rows
        for (table, id_), row in rows.items():
            for name, value in Told.fields(table, row).items():
                assert value == told.words[table, id_, name], (table, id_, name)
        last = [step for step in (first, *steps[: number + 1]) if isinstance(step, Snapshot)][-1]
        before = dict(registry.held)
        registry.bring_in(last)
        told.hear(last)
        registry.bring_in(last)
        again = dict(registry.held)
        registry.bring_in(last)
        assert registry.held == again
        assert isinstance(step, Person | Grant) or before == again


def _id(record: Any) -> str:
    return record.id if isinstance(record, Person) else record.person_id


# -- export and import ----------------------------------------------------------------------------


def same(one: Snapshot, other: Snapshot) -> None:
    assert replace(one, digest="") == replace(other, digest="")


@settings(max_examples=examples(60), deadline=None)
@given(snapshots(), STEPS, st.sampled_from(["", ".json", ".xlsx"]))
def test_to_export_and_import_changes_nothing(
    first: Snapshot, steps: list[Any], suffix: str
) -> None:
    registry = HeldRegistry(first)
    for step in steps:
        if isinstance(step, Snapshot):
            registry.bring_in(step)
        else:
            registry.edit(step)
    before = registry.snapshot()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"out{suffix}"
        write_registry(before, path)
        if not before.people or not before.grants:
            return
        read = read_registry(path, TODAY).snapshot
    registry.bring_in(read)
    same(registry.snapshot(), before)
    # Elsewhere it is the same registry, and there it came from files.
    same(HeldRegistry(read).snapshot(), before)


@settings(max_examples=examples(40), deadline=None)
@given(registries())
def test_what_files_track_in_part_is_so_after_an_export(drawn: RegistryFiles) -> None:
    before, _ = drawn.read()
    registry = HeldRegistry(before)
    with tempfile.TemporaryDirectory() as name:
        write_registry(registry.snapshot(), path := Path(name) / "out")
        read = read_registry(path, TODAY).snapshot
    assert read.filled == before.filled == registry.snapshot().filled
    held = dict(registry.held)
    registry.bring_in(read)
    settings_of = {where: data for where, data in held.items() if where.partition != "SETTINGS"}
    assert settings_of.items() <= registry.held.items()


def test_settings_are_those_of_the_files() -> None:
    registry = HeldRegistry(FILES)
    registry.edit(person(trained_on=TODAY))
    registry.bring_in(FILES)
    found = registry.get(DocumentKey("SETTINGS", "REGISTRY"), Settings)
    assert frozenset(found.tracked) == TRACKED
    assert registry.snapshot().filled == {"people.trained_on": {("p",)}}
    assert SeenDocument(()).rows == ()


def test_what_comes_back_from_an_export_is_no_word_of_a_file() -> None:
    registry = HeldRegistry(FILES)
    registry.mark("a", "p", revoke_requested_at=AT)
    registry.keep_secret(kept := life("l"))
    registry.keep_secret(life("m"))
    registry.keep_secret(replace(kept, login="m", versions=tuple(map(gone, life("m").versions))))
    before = dict(registry.held)
    registry.bring_in(registry.snapshot())
    assert registry.held == before


def life(login: str) -> Life:
    version = Version(
        number=1,
        how="stored",
        at=AT,
        by="p",
        since=AT,
        fields=("password",),
        envelope="e",
        strength=2,
        readers=(Reader("p", AT),),
    )
    return Life("a", login, (version,))


def gone(version: Version) -> Version:
    return replace(version, kept=False)


@pytest.mark.parametrize("day", [date(2025, 5, 5), date(2026, 10, 30), date(2027, 1, 1), None])
def test_another_day_in_the_files_brings_no_access_back(day: date | None) -> None:
    """A grant is one person's on one account, whatever its row says of when it was given."""
    ended = Grant("a", "p", "owner", granted_on=date(2025, 1, 1), revoked_on=date(2026, 10, 1))
    kept = AccountDocument(Account("a", "e", "x", "h", "active"), (ended,), revoking=("p",))
    files = replace(kept, grants=(Grant("a", "p", "owner", granted_on=day),), revoking=())
    merged = kept_account(kept, files, frozenset({"grants.granted_on"}))
    assert [grant.is_live for grant in merged.grants] == [False]
    # Files that have the end of the old grant mean another one by the row beside it.
    knowing = replace(files, grants=(ended, Grant("a", "p", "owner", granted_on=day)))
    merged = kept_account(kept, knowing, frozenset({"grants.granted_on"}))
    assert sorted(grant.is_live for grant in merged.grants) == [False, True]


@pytest.mark.parametrize("revoked_on", [None, date(2026, 10, 1)])
def test_what_is_being_taken_away_stays_on_record_when_the_files_leave_it_out(
    revoked_on: date | None,
) -> None:
    asked = Grant("a", "p", "owner", revoke_requested_at=AT, revoked_on=revoked_on)
    other = Grant("a", "q", "owner")
    kept = AccountDocument(ACCOUNT, (asked, other), revoking=("p",))
    merged = kept_account(kept, replace(kept, grants=(), revoking=()), frozenset())
    # The other one is the files' to end.
    assert merged.grants == (asked,)
    assert merged.revoking == ("p",)
