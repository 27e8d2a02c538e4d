"""What a good policy reads as."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.errors import PolicyError
from rolecall.model import Policy, Subject
from rolecall.registry.policy_toml import find_policy, parse_policy, read_policy
from rolecall.registry.waiver_subjects import subject_keys

EXAMPLE = Path(__file__).parents[3] / "examples" / "diocese"

FULL = """
[policy]
name = " Social media policy "
version = "2026-1"
next_review = 2027-01-31
clearance_levels = ["low", "Mid", "top"]
approved_platforms = ["Facebook", "website"]
approved_apps = []
legal_names = [" Diocese  of\\u00a0Ellerwick ", "DIOCESE OF ELLERWICK", "\\uff33t Brigid"]
portfolios = []

[controls.dormant-account]
days = 120
severity = "low"

[controls.archive-off]
enabled = false

[controls.ineligible-manager]
level = "MID"

[controls.sole-administrator]
minimum = 0

[entities.st-mary.controls.sole-administrator]
minimum = 1

[entities."St. Brigid".controls.dormant-account]
severity = "critical"
enabled = true

[[waivers]]
control = "sole-administrator"
account = "acc-17"
reason = "Second administrator starts in December"
approved_by = ["p-9", "p-12", "p-9"]
expires = 2026-12-31
evidence = "0123abcd"

[[waivers]]
control = "unregistered-admin"
platform = "Facebook"
handle = "@StBrigid"
email = "Ann@St-Brigid.example"
reason = "Known to the office"
expires = 2026-11-30
"""


def parse(text: str) -> Policy:
    return parse_policy("policy.toml", text.encode())


def test_a_full_policy() -> None:
    policy = parse(FULL)
    assert policy.name == "Social media policy"
    assert policy.version == "2026-1"
    assert policy.next_review == date(2027, 1, 31)
    assert policy.clearance_levels == ("low", "Mid", "top")
    assert policy.approved_platforms == frozenset({"facebook", "website"})
    assert policy.approved_apps == frozenset()
    assert policy.legal_names == frozenset({"diocese of ellerwick", "st brigid"})
    assert policy.portfolios == frozenset()
    assert policy.payees is None
    assert policy.controls == {
        "dormant-account": {"days": 120, "severity": "low"},
        "archive-off": {"enabled": False},
        "ineligible-manager": {"level": "MID"},
        "sole-administrator": {"minimum": 0},
        # The levels lack the one that it has by itself.
        "youth-account-one-adult": {"level": "MID"},
    }
    assert policy.entities == {
        "st-mary": {"sole-administrator": {"minimum": 1}},
        "St. Brigid": {"dormant-account": {"severity": "critical", "enabled": True}},
    }
    assert policy.digest == hashlib.sha256(FULL.encode()).hexdigest()


def test_the_waivers_of_a_full_policy() -> None:
    one, other = parse(FULL).waivers
    assert one.control == "sole-administrator"
    assert one.subject == Subject("account", account="acc-17")
    assert one.reason == "Second administrator starts in December"
    assert one.approved_by == ("p-9", "p-12")
    assert one.expires == date(2026, 12, 31)
    assert one.evidence == "0123abcd"
    assert other.subject == Subject(
        "observation", platform="facebook", handle="stbrigid", email="ann@st-brigid.example"
    )
    # Approvers who are too few are a matter for the audit, which warns; not for the reader.
    assert other.approved_by == ()
    assert other.evidence is None


def test_a_waiver_is_itself_whoever_stands_beside_it() -> None:
    one, other = parse(FULL).waivers
    assert one.id != other.id
    again = parse(FULL.replace('["p-9", "p-12", "p-9"]', '["p-12", "p-9"]')).waivers
    assert [waiver.id for waiver in again] == [one.id, other.id]
    assert parse(FULL.replace("2026-12-31", "2027-12-31")).waivers[0].id != one.id
    twice = FULL + FULL[FULL.rindex("[[waivers]]") :]
    assert [waiver.id for waiver in parse(twice).waivers] == [one.id, other.id]


def test_an_empty_policy_is_the_default_one() -> None:
    assert parse("") == read_policy(None)
    assert read_policy(None) == Policy(digest=hashlib.sha256(b"").hexdigest())


def test_a_byte_order_mark_is_no_part_of_a_policy() -> None:
    assert parse_policy("policy.toml", b'\xef\xbb\xbf[policy]\nname = "N"').name == "N"


def test_the_policy_of_the_example() -> None:
    path = find_policy(EXAMPLE)
    assert path == EXAMPLE / "policy.toml"
    policy = read_policy(path)
    assert policy.version == "2026-1"
    assert policy.controls["dormant-account"] == {"days": 120}
    since = {waiver.subject.account: str(waiver.accepted_on) for waiver in policy.waivers}
    assert since == {"acc-028": "2026-09-14", "acc-015": "2026-04-20", "acc-007": "2024-02-01"}


def test_a_policy_lies_in_the_directory_or_beside_the_file(tmp_path: Path) -> None:
    assert find_policy(tmp_path) is None
    (tmp_path / "policy.toml").mkdir()
    assert find_policy(tmp_path) is None
    (tmp_path / "policy.toml").rmdir()
    (tmp_path / "policy.toml").write_bytes(b"")
    assert find_policy(tmp_path) == tmp_path / "policy.toml"
    assert find_policy(tmp_path / "registry.xlsx") == tmp_path / "policy.toml"


@pytest.mark.parametrize("id_", sorted(catalogue()))
def test_every_control_may_be_waived_and_set(id_: str) -> None:
    control = catalogue()[id_]
    keys = subject_keys(control)
    lines = [f'{key} = "x"' for key in keys]
    lines += [f'control = "{id_}"', 'reason = "R"', 'approved_by = ["p-1"]', "expires = 2026-12-31"]
    lines += [f"[controls.{id_}]", 'severity = "high"', "enabled = false"]
    # What has no default is set to something.
    given = {name: 30 if value is None else value for name, value in control.parameters.items()}
    for name, value in given.items():
        if isinstance(value, frozenset):
            lines.append(f"{name} = {sorted(value)}")
        else:
            lines.append(f"{name} = {json.dumps(value)}")
    policy = parse("\n".join(["[[waivers]]", *lines]))
    assert policy.controls[id_] == {"severity": "high", "enabled": False, **given}
    assert tuple(policy.waivers[0].subject.keys()) == keys


def test_levels_must_have_the_one_that_a_control_requires() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy("policy.toml", b'[policy]\nclearance_levels = ["basic", "full"]\n')
    assert [str(problem) for problem in caught.value.problems] == [
        "policy.toml:policy.clearance_levels: does not have C, which ineligible-manager requires; "
        "set controls.ineligible-manager.level to one of the levels"
    ]
    text = b'[policy]\nclearance_levels = ["basic", "full"]\n'
    parse_policy("policy.toml", text + b'[controls.ineligible-manager]\nlevel = "full"\n')


@pytest.mark.parametrize(
    ("text", "law"),
    [("", "gdpr"), ('privacy_law = "kdg"', "kdg"), ('privacy_law = "None"', "none")],
)
def test_the_law_of_data_protection(text: str, law: str) -> None:
    assert parse(f"[policy]\n{text}").privacy_law == law


@pytest.mark.parametrize(
    ("text", "language"), [("", "en"), ('language = "es"', "es"), ('language = "ES"', "es")]
)
def test_the_language_in_which_people_are_told(text: str, language: str) -> None:
    assert parse(f"[policy]\n{text}").language == language


def test_a_ladder_of_sanctions() -> None:
    assert parse("[policy]").sanction_ladder is None
    text = '[policy]\nsanction_ladder = ["Termination", "reprimand"]'
    assert parse(text).sanction_ladder == ("termination", "reprimand")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            'privacy_law = "gpdr"',
            "policy.toml:policy.privacy_law: must be one of gdpr, kdg, none; did you mean gdpr?",
        ),
        (
            'incidents_to = "head"',
            "policy.toml:policy.incidents_to: must be one of officers, heads; did you mean heads?",
        ),
        (
            'language = "fr"',
            "policy.toml:policy.language: must be one of en, es",
        ),
        ("privacy_law = false", "policy.privacy_law: must be a text that is not empty"),
        (
            'sanction_ladder = ["reprimand", "writen_warning"]',
            "policy.sanction_ladder: its steps are words of sanction: reprimand, written_warning, "
            "termination; did you mean written_warning?",
        ),
        (
            'sanction_ladder = ["reprimand", "Reprimand"]',
            "policy.sanction_ladder: names a step twice",
        ),
        ('sanction_ladder = ["reprimand"]', "policy.sanction_ladder: must name two steps or more"),
        ("sanction_ladder = []", "policy.sanction_ladder: must name two steps or more"),
        ('sanction_ladder = "reprimand"', "policy.sanction_ladder: must be a list of texts"),
    ],
)
def test_a_switch_that_is_none(text: str, words: str) -> None:
    with pytest.raises(PolicyError) as error:
        parse(f"[policy]\n{text}")
    assert any(words in str(one) for one in error.value.problems), error.value.problems
