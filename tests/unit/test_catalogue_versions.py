"""A changed rule is declared: what decides of each control is held to a table of digests."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolecall import __version__
from rolecall.controls.catalogue import catalogue
from rolecall.controls.versions import CATALOGUE_VERSION, CATALOGUE_VERSIONS, has_changed
from tests.releases import definitions
from tests.releases.definitions import digest_of, made, read, table, undeclared

_HOW = (
    "what decides is not what the table of the version has: declare what decides otherwise in "
    "rolecall/controls/versions.py, "
    'or say why it does not (--same NAME="why"), and write the table: '
    "python -m tests.releases.definitions"
)

CHECK = '''
"""A control."""
from rolecall.controls.control import control

@control(title="T", severity="high", rationale="R", days=90, needs=("accounts.status",))
def check(accounts, context, params):
    """Fail."""
    limit = params.days  # How long.
    for one in accounts:
        if one.age > limit:
            yield one
'''


def test_the_table_has_what_the_code_has() -> None:
    now = made()
    assert set(catalogue()) <= set(now)
    table_of_now = read(CATALOGUE_VERSION).digests
    other = sorted(n for n in {*now, *table_of_now} if now.get(n) != table_of_now.get(n))
    assert not other, f"{', '.join(other)}: {_HOW}"


@pytest.mark.parametrize("version", [one.number for one in CATALOGUE_VERSIONS[1:]])
def test_every_other_digest_is_declared_or_said_to_decide_the_same(version: int) -> None:
    assert not [*undeclared(version, read(version).digests)], _HOW


@pytest.mark.parametrize("version", [one.number for one in CATALOGUE_VERSIONS[1:]])
def test_what_is_declared_is_a_control_of_it_or_of_the_one_before(version: int) -> None:
    known = {*read(version).digests, *read(version - 1).digests}
    assert {*CATALOGUE_VERSIONS[version - 1].changes} <= known


def test_versions_count_from_one_and_each_has_its_table() -> None:
    assert [one.number for one in CATALOGUE_VERSIONS] == [*range(1, CATALOGUE_VERSION + 1)]
    assert all(table(one.number).exists() for one in CATALOGUE_VERSIONS)
    # One release brings one version at most.
    assert len({one.rolecall for one in CATALOGUE_VERSIONS}) == len(CATALOGUE_VERSIONS)
    assert CATALOGUE_VERSIONS[-1].rolecall <= __version__


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("days=90", "days=60"),
        ('"high"', '"low"'),
        ("one.age > limit", "one.age >= limit"),
        ("accounts.status", "accounts.platform"),
        ("for one in accounts:", "for one in accounts[1:]:"),
    ],
)
def test_what_decides_has_another_digest(before: str, after: str) -> None:
    assert digest_of(CHECK) != digest_of(CHECK.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('title="T"', 'title="Another"'),
        ('rationale="R"', 'rationale="Why", references=References(nist=("AC-2",))'),
        ("  # How long.", ""),
        ('"""Fail."""', '"""Fail each."""'),
        ("import control\n", "import Fail, control\n"),
        ("params):", "params: Params) -> None:"),
    ],
)
def test_what_does_not_decide_has_the_same(before: str, after: str) -> None:
    assert before in CHECK
    assert digest_of(CHECK) == digest_of(CHECK.replace(before, after))


def test_a_change_that_nobody_declared_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in (1, 2):
        (tmp_path / f"{version}.json").write_bytes(table(version).read_bytes())
    now = made() | {"sole-administrator": "0" * 16, "context.py": "1" * 16}
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    monkeypatch.setattr(definitions, "made", lambda: now)
    monkeypatch.setattr(definitions, "CATALOGUE_VERSION", 2)
    # What was said of another digest says nothing of this one.
    with pytest.raises(SystemExit, match=r"context\.py, sole-administrator"):
        definitions.main([])
    definitions.main(["--same", "context.py=moved", "--same", "sole-administrator=moved"])
    assert read(2).digests == now
    definitions.main([])


def test_the_table_of_a_release_is_not_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(definitions, "FOLDER", tmp_path / "catalogue")
    (tmp_path / f"release-{CATALOGUE_VERSIONS[-1].rolecall}").mkdir()
    with pytest.raises(SystemExit, match="add a version"):
        definitions.main([])


def test_a_rule_of_a_later_version_may_be_any() -> None:
    assert has_changed("sole-administrator", CATALOGUE_VERSION + 1)
    assert not has_changed("sole-administrator", CATALOGUE_VERSION)
    assert has_changed("role-drift", 1)
    assert not has_changed("role-drift", 2)
