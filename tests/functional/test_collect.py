"""``rolecall collect`` as its users have it: a workbook out, filled in, and taken back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rolecall.cli import adopt, collect, collected
from tests.filled import Rows, changed, put, sheets_of, signed
from tests.functional.command import Ended, audit, findings, rolecall

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
TABLES = {
    "entities": "id,name,parent_id,head_id\n"
    "diocese,Diocese of Norwood,,p-top\n"
    "st-ann,St Ann Parish,diocese,p-head\n"
    "st-bede,St Bede School,diocese,\n",
    "people": "id,name,status,email\n"
    "p-top,Teresa Abbot,active,teresa@norwood.example\n"
    "p-head,Hugh Wren,active,hugh@norwood.example\n"
    "p-1,Ada Finch,active,ada@norwood.example\n"
    "p-2,Sam Lark,active,\n"
    "p-3,Sam Lark,active,\n",
    "accounts": "id,entity_id,platform,handle,status,owner_id,login_email\n"
    "acc-1,st-ann,facebook,StAnnParish,active,,\n"
    "acc-2,st-ann,website,st-ann.example,active,p-head,web@st-ann.example\n"
    "acc-3,st-bede,instagram,stbede,active,,\n"
    "acc-4,st-ann,youtube,oldchoir,closed,,\n",
    "grants": "account_id,person_id,role,granted_on,attested_on,attested_by,revoked_on\n"
    "acc-1,p-1,admin,2024-01-01,,,\n"
    "acc-1,p-head,owner,2024-01-01,,,\n"
    "acc-1,p-2,editor,2024-01-01,,,\n"
    "acc-2,p-1,admin,2024-01-01,2026-01-05,p-top,\n"
    "acc-3,p-3,admin,2024-01-01,,,\n",
    "logins": "id,account_id,storage,holder_ids,mfa\nlog-2,acc-2,paper,p-1,none\n",
}
FACEBOOK = {"Account": "@StAnnParish on Facebook"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (adopt, collect, collected):
        monkeypatch.setattr(module, "now", lambda: NOW)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    directory = tmp_path / "registry"
    directory.mkdir()
    for name, text in TABLES.items():
        (directory / f"{name}.csv").write_text(text, encoding="utf-8")
    return directory


def collected_from(registry: Path, *options: object) -> dict[str, bytes]:
    out = registry.parent / "out"
    ended = rolecall("collect", registry, "--output", out, *options)
    assert ended.status == 0, ended.stderr
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def back(registry: Path, data: bytes, *options: str) -> Ended:
    path = registry.parent / "came back.xlsx"
    path.write_bytes(data)
    return rolecall("adopt", path, "--into", registry, *(options or ("--yes",)))


def answered(registry: Path, change: Callable[[dict[str, Rows]], None], *options: str) -> Ended:
    """Collect the parish's workbook, let somebody work in it, and take it back."""
    return back(registry, changed(collected_from(registry)["st-ann.xlsx"], change), *options)


def table(registry: Path, name: str) -> list[dict[str, str]]:
    with (registry / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row(registry: Path, name: str, **keys: str) -> dict[str, str]:
    [found] = [one for one in table(registry, name) if keys.items() <= one.items()]
    return found


def content(registry: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(registry.iterdir())}


def test_each_head_gets_a_workbook_of_their_own_units(registry: Path) -> None:
    out = registry.parent / "out"
    ended = rolecall("collect", registry, "--output", out)
    assert ended.status == 0, ended.stderr
    assert f"wrote {out / 'st-ann.xlsx'}: 2 accounts, for Hugh Wren" in ended.text
    assert "1 account, for St Bede School, which has no head on record" in ended.text
    assert sorted(path.name for path in out.iterdir()) == ["st-ann.xlsx", "st-bede.xlsx"]
    sheets = sheets_of((out / "st-ann.xlsx").read_bytes())
    assert list(sheets) == ["Read me", "Accounts", "Access", "rolecall"]
    accounts = [line[1] for line in sheets["Accounts"][1:]]
    assert accounts == ["@StAnnParish on Facebook", "st-ann.example (website)"]
    assert [line[2] for line in sheets["Access"][1:]] == [
        *("Ada Finch", "Hugh Wren", "Sam Lark (p-2)", "Ada Finch")
    ]
    told = str(sheets)
    assert "stbede" not in told
    assert "p-3" not in told


def test_the_same_registry_gives_the_same_bytes_and_nothing_is_overwritten(registry: Path) -> None:
    first = collected_from(registry)
    again = rolecall("collect", registry, "--output", registry.parent / "out")
    assert again.status == 2
    assert "exists already, and somebody may have filled it in; nothing was written" in again.stderr
    other = registry.parent / "other"
    rolecall("collect", registry, "--output", other, "--entity", "Diocese of Norwood")
    assert {path.name: path.read_bytes() for path in other.iterdir()} == first


def test_one_entity_is_asked(registry: Path) -> None:
    assert list(collected_from(registry, "--entity", "St Bede School")) == ["st-bede.xlsx"]
    nobody = rolecall("collect", registry, "--output", registry.parent / "x", "--entity", "nowhere")
    assert (nobody.status, "no entity nowhere" in nobody.stderr) == (2, True)


def test_what_nobody_filled_in_changes_nothing(registry: Path) -> None:
    before = content(registry)
    data = collected_from(registry)["st-ann.xlsx"]
    for one in (data, changed(data, lambda _: None)):
        ended = back(registry, one)
        assert ended.status == 0, ended.stderr
        assert "0 changes ready; 0 warnings; 0 questions need an answer" in ended.text
        assert "nothing changed" in ended.text
        assert content(registry) == before


def fill(sheets: dict[str, Rows]) -> None:
    """Fill a workbook in as a head does."""
    put(sheets["Accounts"], FACEBOOK, "Who answers for it", "Ada Finch")
    put(sheets["Accounts"], FACEBOOK, "E-mail it is registered with", "office@st-ann.example")
    put(sheets["Accounts"], FACEBOOK, "Second factor", "app on a phone")
    put(sheets["Accounts"], FACEBOOK, "Where the password is kept", "a password manager")
    put(sheets["Accounts"], FACEBOOK, "Who knows the password?", "hugh@norwood.example; Ada Finch")
    put(sheets["Accounts"], FACEBOOK, "Last looked at on", date(2026, 11, 20))
    website = {"Account": "st-ann.example (website)"}
    put(sheets["Accounts"], website, "Second factor", "security key")
    put(sheets["Access"], {**FACEBOOK, "Person": "Ada Finch"}, "Still needed?", "yes")
    put(sheets["Access"], {**FACEBOOK, "Person": "Hugh Wren"}, "Still needed?", "yes")
    gone = {**FACEBOOK, "Person": "Sam Lark (p-2)"}
    put(sheets["Access"], gone, "Still needed?", "no")
    put(sheets["Access"], gone, "If not: taken away on", date(2026, 11, 25))
    signed(sheets, "Hugh Wren", date(2026, 11, 25))


def test_what_was_filled_in_is_shown_and_taken(registry: Path) -> None:
    before = content(registry)
    shown = answered(registry, fill, "--dry-run")
    assert content(registry) == before
    assert "@StAnnParish on Facebook: Who answers for it: nothing -> Ada Finch" in shown.text
    assert "Who knows the password?: nothing -> Hugh Wren; Ada Finch" in shown.text
    assert "st-ann.example (website): Second factor: none -> security key" in shown.text
    access = "@StAnnParish on Facebook: the access of"
    assert f"{access} Ada Finch: still needed, says Hugh Wren on 2026-11-25" in shown.text
    assert f"{access} Sam Lark (p-2): taken away on 2026-11-25" in shown.text
    ended = back(registry, (registry.parent / "came back.xlsx").read_bytes())
    assert ended.status == 0, ended.stderr
    account = row(registry, "accounts", id="acc-1")
    assert account["owner_id"] == "p-1"
    assert account["login_email"] == "office@st-ann.example"
    assert account["reviewed_on"] == "2026-11-20"
    assert row(registry, "accounts", id="acc-2")["reviewed_on"] == "(not tracked)"
    login = row(registry, "logins", account_id="acc-1")
    assert login["id"] == "log-acc-1"
    assert (login["mfa"], login["storage"]) == ("app", "password_manager")
    assert login["holder_ids"] == "p-head|p-1"
    assert row(registry, "logins", id="log-2")["mfa"] == "key"
    held = row(registry, "grants", account_id="acc-1", person_id="p-1")
    assert (held["attested_on"], held["attested_by"]) == ("2026-11-25", "p-head")
    gone = row(registry, "grants", account_id="acc-1", person_id="p-2")
    assert gone["revoked_on"] == "2026-11-25"
    assert audit(registry, as_of="2026-11-26").status == 0


def test_taking_it_back_twice_changes_nothing(registry: Path) -> None:
    answered(registry, fill)
    before = content(registry)
    again = back(registry, (registry.parent / "came back.xlsx").read_bytes())
    assert again.status == 0, again.stderr
    assert "0 changes ready" in again.text
    assert content(registry) == before


def test_nobody_confirms_their_own_access(registry: Path) -> None:
    ended = answered(registry, fill)
    own = row(registry, "grants", account_id="acc-1", person_id="p-head")
    assert (own["attested_on"], own["attested_by"]) == ("", "")
    assert "it is Hugh Wren's own, and somebody above them has to confirm it" in ended.stderr
    found = findings(registry, as_of="2026-11-26")
    assert "access-not-recertified acc-1 p-head" in found
    assert "access-not-recertified acc-1 p-1" not in found


@pytest.mark.parametrize("is_empty", [False, True])
def test_no_finding_is_made_by_asking(registry: Path, is_empty: bool) -> None:
    lines = [line.split(",")[:3] for line in TABLES["grants"].split()]
    (registry / "grants.csv").write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
    if is_empty:
        (registry / "logins.csv").write_text("id,account_id\n", encoding="utf-8")
    else:
        (registry / "logins.csv").unlink()
    before = set(findings(registry, as_of="2026-11-26"))

    def one(sheets: dict[str, Rows]) -> None:
        put(sheets["Accounts"], FACEBOOK, "Second factor", "app on a phone")
        put(sheets["Accounts"], FACEBOOK, "Last looked at on", date(2026, 11, 20))
        put(sheets["Accounts"], FACEBOOK, "Address", "facebook.com/StAnnParish")
        put(sheets["Access"], {**FACEBOOK, "Person": "Ada Finch"}, "Still needed?", "yes")
        signed(sheets, "Hugh Wren", date(2026, 11, 25))

    ended = answered(registry, one)
    assert "4 changes ready" in ended.text
    assert set(findings(registry, as_of="2026-11-26")) <= before


def test_a_registry_of_one_file_is_asked_too_and_not_written_into(registry: Path) -> None:
    expected = collected_from(registry)
    for name in ("registry.xlsx", "registry.json"):
        file = registry.parent / name
        assert rolecall("convert", registry, file).status == 0
        out = registry.parent / f"out of {name}"
        assert rolecall("collect", file, "--output", out).status == 0
        assert {path.name: path.read_bytes() for path in out.iterdir()} == expected
        ended = rolecall("adopt", out / "st-ann.xlsx", "--into", file, "--yes")
        assert (ended.status, "rolecall convert makes one of a file" in ended.stderr) == (2, True)
