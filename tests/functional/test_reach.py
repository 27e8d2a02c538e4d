"""Who reaches what is found by links: it costs what they have, and it is all that they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import boto3
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.aws.links import LINKS, linked, links_of, steward_link
from rolecall.aws.registry import StackRegistry
from rolecall.aws.restoring import restoration
from rolecall.aws.table import put
from rolecall.errors import InvalidRecordError, LogConflictError, UsageError, VersionConflictError
from rolecall.ledger.event import Event
from rolecall.lineage import lineage_of
from rolecall.model import Entity, Snapshot
from rolecall.registry.documents import SETTINGS, DocumentKey, Settings, documents, entity_key
from rolecall.usecases.identity.permissions import is_steward
from rolecall.usecases.queries import reach
from tests.api import NIGHT, UNITS, call, person, registry, who
from tests.cloud import NOW, Cloud, cloud
from tests.organisations import (
    Desk,
    Traffic,
    fill,
    id_of,
    look_around,
    organisation,
    work_of_a_head,
)
from tests.tiers import examples, some

SMALL, MIDDLE, LARGE = 20, 110, 260
NAME = "RegistryTable"


# -- what it costs ---------------------------------------------------------------------------------


def small(sky: Cloud) -> None:
    fill(sky, SMALL)


def large(sky: Cloud) -> None:
    fill(sky, LARGE)


def test_what_the_head_of_a_parish_asks_costs_the_same_in_a_large_organisation() -> None:
    found = []
    for beginning, size in ((small, SMALL), (large, LARGE)):
        with cloud(beginning) as sky:
            traffic = Traffic()
            found.append(work_of_a_head(sky.function("api"), traffic, size - 1))
    one, other = found
    assert {name: taken.calls for name, taken in one.items()} == {
        name: taken.calls for name, taken in other.items()
    }
    # Where a shard of the log has a record already, its tail is read.
    assert max(other[name].size / taken.size for name, taken in one.items()) <= 1.3
    assert sum(taken.size for taken in other.values()) <= 1.1 * sum(
        taken.size for taken in one.values()
    )
    assert one["me"].body["entities"] == [id_of(SMALL - 1)]
    assert other["me"].body["entities"] == [id_of(LARGE - 1)]


@pytest.mark.parametrize("caller", [(f"head-{id_of(0)}",), ("officer", "compliance")])
def test_a_page_of_who_reaches_everything_is_bounded(caller: tuple[str, ...]) -> None:
    with cloud(large) as sky:
        traffic = Traffic()
        desk = Desk(sky.function("api"), traffic, *caller)
        look_around(desk)
        assert max(taken.calls for taken in desk.taken.values()) <= 300
        # A page of entities reads little more than it shows.
        desk.ask("three", "/v1/entities", query={"limit": "3"})
        assert desk.taken["three"].size < 0.7 * desk.taken["entities"].size


# -- what it shows ---------------------------------------------------------------------------------


def every(function: ModuleType, path: str, token: Mapping[str, str], **query: str) -> list[Any]:
    """Return all rows of a list, page by page."""
    rows, cursor = [], None
    while True:
        asked = {**query, **({} if cursor is None else {"cursor": cursor})}
        page = call(function, "GET", path, token, query=asked).body
        rows += page["entities" if path == "/v1/me" else "items"]
        cursor = page["next"]
        if cursor is None:
            return rows


def middling(sky: Cloud) -> None:
    fill(sky, MIDDLE)


LISTS = ("/v1/me", "/v1/entities", "/v1/accounts", "/v1/findings", "/v1/log")


@pytest.mark.parametrize("number", some([0, 1, 109]))
def test_whether_found_or_sifted_the_lists_are_the_same(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cloud(middling) as sky:
        function, token = sky.function("api"), who(f"head-{id_of(number)}")
        call(function, "GET", "/v1/me", token)
        found = []
        for most in (0, 1_000):
            monkeypatch.setattr(reach, "MOST_FOUND", most)
            found.append([every(function, path, token) for path in LISTS])
            some = every(function, "/v1/accounts", token, limit="40")
            assert some == found[-1][2]
        assert found[0] == found[1]
        snapshot = organisation(MIDDLE)
        known = {one.id: one for one in snapshot.entities}
        own = [id_ for id_ in known if id_of(number) in {e.id for e in lineage_of(id_, known)}]
        assert found[0][0] == own
        assert [one["id"] for one in found[0][1]] == own
        assert [one["entity_id"] for one in found[0][2]] == own
        assert [one["entity"] for one in found[0][3]] == own


def test_an_officer_sees_all_of_it_in_order() -> None:
    with cloud(middling) as sky:
        function, token = sky.function("api"), who("officer", "compliance")
        ids = [id_of(number) for number in range(MIDDLE)]
        assert [one["id"] for one in every(function, "/v1/entities", token)] == ids
        assert [one["entity"] for one in every(function, "/v1/findings", token)] == ids
        assert every(function, "/v1/me", token) == []
        # Cursors that were handed out by an earlier release name an entity, and go on from there.
        cursor = "WyJlMDAwMDUiLG51bGxd"
        page = call(function, "GET", "/v1/entities", token, query={"cursor": cursor, "limit": "2"})
        assert [one["id"] for one in page.body["items"]] == ids[6:8]
        page = call(function, "GET", "/v1/accounts", token, query={"cursor": cursor, "limit": "2"})
        assert [one["entity_id"] for one in page.body["items"]] == ids[5:7]
        other = call(function, "GET", "/v1/entities", token, query={"cursor": "none"})
        assert (other.status, other.body["type"]) == (422, "urn:rolecall:problem:invalid")


# -- links are what the entities say ---------------------------------------------------------------

PEOPLE = ("head-top", "head-mid", "it-mid", "head-sib", "boss-leaf")
IDS = tuple(UNITS)


def links_there(sky: Cloud) -> set[DocumentKey]:
    table = sky.stack().registry.table
    rows = (row for partition in LINKS for row in table.query(partition, consistent=True))
    return {DocumentKey(row.partition, row.key) for row in rows}


def entities_there(sky: Cloud) -> dict[str, Entity]:
    found = (msgspec.json.decode(data, type=Entity) for data in sky.stack().registry.entities())
    return {one.id: one for one in found}


def check(sky: Cloud, *, exactly: bool = False) -> None:
    """Hold what is found by links against what the entities say, for everybody."""
    entities = entities_there(sky)
    needed = {link for one in entities.values() for link in links_of(one)}
    there = links_there(sky)
    assert needed <= there
    if exactly:
        assert needed == there
    reader = sky.stack().reader
    heads = {str(entities[id_].head_id) for id_ in ("top", "mid") if id_ in entities}
    # A link of no use leads nobody to what is not theirs.
    heads |= {one for one in PEOPLE if any(w.key.startswith(f"{one}#") for w in there - needed)}
    for one in sorted(heads):
        own = sorted(id_ for id_, entity in entities.items() if is_steward(one, entity))
        reached = sorted(
            id_ for id_ in entities if {above.id for above in lineage_of(id_, entities)} & set(own)
        )
        # Links of no use count as well, until they are followed.
        found = reader.stewardship(one, 1_000)
        assert [entity.id for entity in found.own] == own
        assert found.reached is not None
        assert [entity.id for entity in found.reached] == reached
        if reached:
            assert reader.stewardship(one, len(reached) - 1) == replace(found, reached=None)


def bring_in(sky: Cloud, snapshot: Snapshot) -> None:
    target = sky.stack().registry
    target.apply(target.compare(documents(snapshot, None)))


def edit(sky: Cloud, entity: Entity) -> None:
    """Put an entity on record as an edit does."""
    registrar = sky.stack().registrar
    held = registrar.held("entities", (entity.id,))
    before = sky.stack().registry.table.get(*entity_key(entity.id))
    registrar.keep([event_of(f"{before}{entity}")], held=held, record=entity)


def event_of(name: str) -> Event:
    return Event(
        id=f"registry/{name}",
        at=NIGHT,
        actor="clerk",
        action="registry.changed",
        entity="mid",
        subject=None,
        payload={},
    )


def changed(entity: Entity, head: str, helpers: list[str], parent: str | None) -> Entity:
    # No entity is below one that comes after it, so that there is no circle.
    above = parent if parent in IDS[: IDS.index(entity.id)] else None
    return replace(entity, head_id=head, it_delegate_ids=tuple(helpers), parent_id=above)


CHANGES = st.tuples(
    st.sampled_from(IDS),
    st.sampled_from(PEOPLE),
    st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True),
    st.sampled_from((None, *IDS)),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("import", "edit", "part", "interrupted")), st.lists(CHANGES, max_size=3)
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=examples(6))
@given(STEPS)
def test_links_are_what_the_entities_say(steps: list[Any]) -> None:
    with cloud(four) as sky:
        check(sky, exactly=True)
        for what, changes in steps:
            entities = entities_there(sky)
            for id_, *facts in changes:
                base = entities.get(id_, Entity(id_, id_, None, "head-top"))
                entities[id_] = changed(base, *facts)
                if what == "edit":
                    edit(sky, entities[id_])
            if what == "part":
                entities = {
                    id_: one
                    for id_, one in entities.items()
                    if id_ in ("top", "mid") and one.parent_id in (None, "top")
                }
            snapshot = with_what_belongs(entities)
            try:
                if what == "interrupted":
                    target = sky.stack().registry
                    for group in target.compare(documents(snapshot, None)).writes[:2]:
                        target.table.write([group])
                elif what != "edit":
                    bring_in(sky, snapshot)
            except UsageError as error:
                # What was edited names an entity that the files do not have.
                if "do not fit together" not in str(error):
                    raise
                what = "refused"
            check(sky, exactly=what in ("import", "part"))


def with_what_belongs(entities: Mapping[str, Entity]) -> Snapshot:
    """Return the registry of some entities: an import brings accounts of no others."""
    whole = registry()
    accounts = tuple(one for one in whole.accounts if one.entity_id in entities)
    held = {one.id for one in accounts}
    return replace(
        whole,
        entities=tuple(entities.values()),
        people=tuple(replace(one, entity_id=None) for one in whole.people),
        accounts=accounts,
        grants=tuple(one for one in whole.grants if one.account_id in held),
        logins=tuple(one for one in whole.logins if one.account_id in held),
    )


def four(sky: Cloud) -> None:
    bring_in(sky, registry())


@pytest.fixture
def sky() -> Iterator[Cloud]:
    """Give a stack with the registry of four entities."""
    with cloud(four) as made:
        yield made


def test_a_link_that_somebody_came_to_need_is_not_deleted(sky: Cloud) -> None:
    entity = entities_there(sky)["mid"]
    edit(sky, replace(entity, head_id="boss-leaf"))
    edit(sky, replace(entity, head_id="head-mid"))
    # The link to who was head for a moment is of no use, and an import is about to delete it.
    target = sky.stack().registry
    changes = target.compare(documents(registry(), None))
    assert changes.removed == [steward_link("boss-leaf", "mid")]
    edit(sky, replace(entity, head_id="boss-leaf"))
    with pytest.raises(VersionConflictError):
        target.apply(changes)
    check(sky)
    assert [one.id for one in sky.stack().reader.stewardship("boss-leaf", 9).own] == ["mid"]


def test_an_edit_whose_link_was_deleted_meanwhile_looks_again(sky: Cloud) -> None:
    entity = entities_there(sky)["mid"]
    edit(sky, replace(entity, head_id="boss-leaf"))
    edit(sky, replace(entity, head_id="head-mid"))
    registrar = sky.stack().registrar
    held = registrar.held("entities", ("mid",))
    requests = list(registrar._writes(held, replace(entity, head_id="boss-leaf"), NOW))
    bring_in(sky, registry())
    with pytest.raises(LogConflictError):
        sky.stack().journal.commit([event_of("late")], requests)
    check(sky, exactly=True)


# -- registries without links ----------------------------------------------------------------------


def unlink(sky: Cloud) -> None:
    """Make the registry what a release without links left."""
    table = sky.stack().registry.table
    tables = boto3.client("dynamodb")
    for where in links_there(sky):
        key = {"pk": {"S": where.partition}, "sk": {"S": where.key}}
        tables.delete_item(TableName=NAME, Key=key)
    row = table.get(*SETTINGS)
    assert row is not None
    settings_ = msgspec.json.decode(row.data, type=Settings)
    data = msgspec.json.encode({"tracked": settings_.tracked, "policy": settings_.policy})
    table.write([[put(NAME, *SETTINGS, data, version=row.version)]])


def what_heads_see(function: ModuleType) -> list[Any]:
    return [
        every(function, path, who(f"head-{unit}"))
        for unit in UNITS
        for path in ("/v1/me", "/v1/entities", "/v1/accounts")
    ]


def test_a_registry_without_links_shows_the_same(sky: Cloud) -> None:
    function = sky.function("api")
    before = what_heads_see(function)
    unlink(sky)
    assert what_heads_see(function) == before
    # Some links alone are no reason to look at nothing else.
    edit(sky, entities_there(sky)["mid"])
    assert what_heads_see(function) == before


def test_an_import_or_an_upgrade_brings_the_links(sky: Cloud) -> None:
    for bring in (StackRegistry.relinked, lambda one: one.compare(documents(registry(), None))):
        unlink(sky)
        changes = bring(sky.stack().registry)
        assert changes.changed == [SETTINGS]
        # Until the last of it is done, everything is read.
        for group in changes.writes[:-1]:
            sky.stack().registry.table.write([group])
            assert [one.id for one in sky.stack().reader.stewardship("head-mid", 9).own] == ["mid"]
        assert not sky.stack().registry.settings().linked
        again = bring(sky.stack().registry)
        assert [len(group) for group in again.writes] == [1]
        sky.stack().registry.apply(again)
        assert sky.stack().registry.settings().linked
        check(sky, exactly=True)
        assert not bring(sky.stack().registry)


def test_the_import_of_a_release_without_links_is_noticed(sky: Cloud) -> None:
    table = sky.stack().registry.table
    row, mid = table.get(*SETTINGS), table.get(*entity_key("mid"))
    assert row is not None
    assert mid is not None
    # It writes what it knows of, and knows of no links.
    entity = replace(entities_there(sky)["mid"], head_id="boss-leaf")
    data = msgspec.json.encode({"tracked": [], "policy": None})
    table.write([[put(NAME, *entity_key("mid"), msgspec.json.encode(entity), version=mid.version)]])
    table.write([[put(NAME, *SETTINGS, data, version=row.version)]])
    assert [one.id for one in sky.stack().reader.stewardship("boss-leaf", 9).own] == ["mid"]
    sky.stack().registry.apply(sky.stack().registry.relinked())
    check(sky, exactly=True)


def test_an_entity_that_is_put_back_is_found(sky: Cloud) -> None:
    tables = boto3.client("dynamodb")
    described = tables.describe_table(TableName=NAME)["Table"]
    indexes = [
        {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
        for index in described["GlobalSecondaryIndexes"]
    ]
    facts = {part: described[part] for part in ("KeySchema", "AttributeDefinitions")}
    tables.create_table(
        TableName="copy", GlobalSecondaryIndexes=indexes, BillingMode="PAY_PER_REQUEST", **facts
    )
    # The copy is of a time without links.
    place = entity_key("leaf")
    key = {"pk": {"S": place.partition}, "sk": {"S": place.key}}
    tables.put_item(TableName="copy", Item=tables.get_item(TableName=NAME, Key=key)["Item"])
    tables.delete_item(TableName=NAME, Key=key)
    for link in links_of(Entity("leaf", "leaf", "mid", "head-leaf", ("it-leaf",))):
        key = {"pk": {"S": link.partition}, "sk": {"S": link.key}}
        tables.delete_item(TableName=NAME, Key=key)
    found = restoration(sky.stack(), "registry", "copy")
    assert (found.seen, len(found.missing)) == (1, 1)
    found.write(sky.stack(), NOW, "test")
    check(sky, exactly=True)


# -- very many of something ------------------------------------------------------------------------


def test_an_entity_with_very_many_delegates(sky: Cloud) -> None:
    helpers = [person(f"helper-{number:03}", "mid") for number in range(150)]
    snapshot = registry()
    entities = {one.id: one for one in snapshot.entities}
    many = replace(entities["mid"], it_delegate_ids=tuple(one.id for one in helpers))
    with pytest.raises(InvalidRecordError) as caught:
        edit(sky, many)
    assert "at most 80" in str(caught.value.fields)
    check(sky, exactly=True)
    people = (*snapshot.people, *helpers)
    entities["mid"] = many
    bring_in(sky, replace(snapshot, entities=tuple(entities.values()), people=people))
    check(sky, exactly=True)
    assert sky.stack().reader.stewardship("helper-149", 9).own == (many,)


def test_ids_with_any_signs_have_links_of_their_own() -> None:
    ids = ["a", "a#b", "a%23b", "b", "#", "%"]
    made = {
        link for one in ids for other in ids for link in links_of(Entity(other, other, one, one))
    }
    assert len(made) == 2 * len(ids) ** 2
    assert not linked({}).keys()
