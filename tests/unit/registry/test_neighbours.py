"""References that are written otherwise, rows that look alike, accounts under another name."""

# What people see no difference between is written here as it is.
# ruff: noqa: RUF001

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.model import Policy
from rolecall.registry.reading import RegistryInput, read_registry
from tests.unit.registry.forms import TODAY, write

BASE: Mapping[str, str] = {
    "entities": "id,name,head_id\ne-1,St Brigid,p-1\n",
    "people": "id,name,status,email\n"
    "p-1,Ann,active,ann@parish.example\np-2,Bob,active,bob@parish.example\n",
    "accounts": "id,entity_id,platform,handle,status\na-1,e-1,x,stbrigid,active\n",
    "grants": "account_id,person_id,role\na-1,p-1,owner\na-1,p-2,editor\n",
}


def _read(directory: Path, **changed: str) -> RegistryInput:
    files = {f"{name}.csv": text for name, text in (dict(BASE) | changed).items()}
    return read_registry(write(directory, files), TODAY)


def _found(registry: RegistryInput, *controls: str) -> Sequence[tuple[str, ...]]:
    as_of = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    chosen = [catalogue()[name] for name in controls]
    ended = evaluate(Context(registry.snapshot, Policy(), as_of), chosen)
    return sorted((one.control, *one.subject.values()) for one in ended.findings)


def _told(registry: RegistryInput) -> str:
    return " / ".join(map(str, registry.warnings))


@pytest.mark.parametrize(
    ("row", "written"),
    [
        ("josé", "jose\u0301"),
        ("jose\u0301", "josé"),
        ("p-2", "P-2"),
        ("p-2", "p-\u200b2"),
        ("p-2", "p\u20112"),
        ("p 2", "p\u00a02"),
        ("0017", "17"),
        ("17", "0017"),
    ],
)
def test_a_reference_is_that_of_the_row_that_was_meant(
    row: str, written: str, tmp_path: Path
) -> None:
    registry = _read(
        tmp_path,
        entities=f"id,name,head_id,it_delegate_ids\ne-1,St Brigid,{written},p-1|{written}\n",
        people=BASE["people"].replace("p-2", row),
        grants=BASE["grants"].replace("p-2", written),
        incidents=f"id,account_id,opened_at,investigators\ni,a-1,2026-01-01T09:00Z,{written}:hr\n",
    )
    assert registry.snapshot.grants[1].person_id == row
    assert registry.snapshot.entities[0].head_id == row
    assert registry.snapshot.entities[0].it_delegate_ids == ("p-1", row)
    assert registry.snapshot.incidents[0].investigators[0].person_id == row
    assert not _found(registry, "orphaned-admin")
    assert f"was taken for {row}, which is written otherwise" in _told(registry)
    assert registry.warning_count == 4


def test_ids_of_entities_and_accounts_are_matched_too(tmp_path: Path) -> None:
    registry = _read(
        tmp_path,
        accounts="id,entity_id,platform,handle,status\n1,E-1,x,stbrigid,active\n",
        people="id,name,status,entity_id\n2,Ann,active,e\u20111\n",
        grants="account_id,person_id,role\n001,02,owner\n",
    )
    grant = registry.snapshot.grants[0]
    assert (grant.account_id, grant.person_id) == ("1", "2")
    assert registry.snapshot.accounts[0].entity_id == "e-1"
    assert registry.snapshot.people[0].entity_id == "e-1"


def test_a_number_of_one_table_is_no_id_of_another(tmp_path: Path) -> None:
    """17 is an account here, and in a column of people it is meant for 0017."""
    registry = _read(
        tmp_path,
        accounts="id,entity_id,platform,handle,status\n17,e-1,x,stbrigid,active\n",
        people=BASE["people"].replace("p-2", "0017"),
        grants="account_id,person_id,role\n17,17,owner\n",
    )
    grant = registry.snapshot.grants[0]
    assert (grant.account_id, grant.person_id) == ("17", "0017")


def test_where_two_could_be_meant_none_is(tmp_path: Path) -> None:
    people = BASE["people"] + "P-3,Cid,active,c@x.example\np-3,Dan,active,d@x.example\n"
    registry = _read(
        tmp_path, people=people, grants="account_id,person_id,role\na-1,p-\u200b3,owner\n"
    )
    assert _found(registry, "orphaned-admin") == [("orphaned-admin", "a-1", "p-\u200b3")]
    assert "people.csv:5:id: can hardly be told from P-3, in row 4 (p-3)" in _told(registry)


def test_rows_that_nobody_can_tell_apart_are_pointed_out(tmp_path: Path) -> None:
    for index, other in enumerate(["p-\u200b1", "р-1", "P-1", "p\u20111"]):
        folder = tmp_path / str(index)
        folder.mkdir()
        registry = _read(folder, people=BASE["people"] + f"{other},Eve,active,eve@x.example\n")
        assert "can hardly be told from p-1, in row 2" in _told(registry), other


def test_what_only_looks_alike_is_not_taken_for_the_same(tmp_path: Path) -> None:
    registry = _read(
        tmp_path,
        grants="account_id,person_id,role\na-1,р-1,owner\n",
        observations="platform,handle,observed_on\nx,stbrіgid,2026-10-01\n",
    )
    assert _found(registry, "orphaned-admin", "unregistered-account") == [
        ("orphaned-admin", "a-1", "р-1"),
        ("unregistered-account", "x", "stbrіgid"),
    ]
    assert "is nobody on record, and only looks like p-1" in _told(registry)
    assert "only looks like the account stbrigid" in _told(registry)


@pytest.mark.parametrize(
    ("platform", "handle"),
    [("twitter", "StBrigid"), ("X", "https://x.com/stbrigid/"), ("x", "@stbri\u200bgid")],
)
@pytest.mark.parametrize(
    "email",
    [
        *("ANN@parish.example", "ann+x@parish.example", "mailto:ann@parish.example"),
        *("Ann Doe <ann@parish.example>", "ann\u200b@parish.example", "ann@Parish.Example."),
    ],
)
def test_an_account_and_its_administrator_are_found_by_any_name(
    platform: str, handle: str, email: str, tmp_path: Path
) -> None:
    registry = _read(
        tmp_path,
        observations="platform,handle,observed_on,person_email,role\n"
        f"{platform},{handle},2026-10-01,{email},owner\n",
    )
    assert not _found(
        registry, "unregistered-account", "unregistered-admin", "ghost-grant", "role-drift"
    )


def test_the_latest_look_is_that_of_all_names(tmp_path: Path) -> None:
    """What stood under the old name of a platform is over once there is a later look."""
    registry = _read(
        tmp_path,
        observations="platform,handle,observed_on,person_email\n"
        "twitter,stbrigid,2026-09-01,eve@x.example\nx,stbrigid,2026-10-01,ann@parish.example\n",
    )
    assert not _found(registry, "unregistered-admin")


@pytest.mark.parametrize("email", ["a***@parish.example", "a•••@parish.example", "xxxx@x.example"])
def test_a_masked_address_is_an_unknown_and_no_stranger(email: str, tmp_path: Path) -> None:
    registry = _read(
        tmp_path,
        observations=f"platform,handle,observed_on,person_email\nx,stbrigid,2026-10-01,{email}\n",
    )
    assert not _found(registry, "unregistered-admin", "ghost-grant", "role-drift")


@pytest.mark.parametrize(
    "email", ["\u212ass@parish.example", "kß@parish.example", "k\u017fs@parish.example"]
)
def test_an_address_that_is_folded_into_another_is_a_stranger(email: str, tmp_path: Path) -> None:
    registry = _read(
        tmp_path,
        people=BASE["people"].replace("ann@", "kss@"),
        observations=f"platform,handle,observed_on,person_email\nx,stbrigid,2026-10-01,{email}\n",
    )
    # The subject keeps the name that it always had.
    assert _found(registry, "unregistered-admin") == [
        ("unregistered-admin", "x", "stbrigid", "kss@parish.example"),
    ]


ROLES = [
    ("owner", "subscriber", None, True),
    ("owner", "owner", None, False),
    ("editor", "Administrator", "role-drift", False),
    ("editor", "author", None, False),
    ("analyst", "administrator,editor", "role-drift", False),
    ("manager", "People with full control", "role-drift", False),
    ("admin", "Super Admin", "role-drift", False),
    ("editor", "Redakteur", None, False),
    ("owner", "beadle", None, False),
    ("editor", "beadle", None, False),
    ("editor", "", None, False),
    ("editor", "N/A", None, False),
]


@pytest.mark.parametrize(("granted", "shown", "drift", "ghost"), ROLES)
def test_what_the_platform_calls_a_role_is_read(
    granted: str, shown: str, drift: str | None, ghost: bool, tmp_path: Path
) -> None:
    registry = _read(
        tmp_path,
        grants=f"account_id,person_id,role\na-1,p-1,{granted}\n",
        observations="platform,handle,observed_on,person_email,role\n"
        f'x,stbrigid,2026-10-01,ann@parish.example,"{shown}"\n'
        "x,stbrigid,2026-10-01,reader@x.example,subscriber\n"
        "x,stbrigid,2026-10-01,eve@x.example,beadle\n",
    )
    expected: list[tuple[str, ...]] = [("role-drift", "a-1", "p-1")] if drift else []
    expected += [("ghost-grant", "a-1", "p-1")] if ghost else []
    # Who only reads is no administrator; of whose role nobody knows anything is one.
    expected += [("unregistered-admin", "x", "stbrigid", "eve@x.example")]
    assert _found(registry, "role-drift", "ghost-grant", "unregistered-admin") == sorted(expected)
