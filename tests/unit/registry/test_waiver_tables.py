"""Waivers that officers accepted, written as a policy has them, read back as the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.controls.catalogue import catalogue
from rolecall.finding import waiver_id
from rolecall.keys.subjects import account_key
from rolecall.model import Subject, Waiver
from rolecall.registry.policy_toml import parse_policy
from rolecall.registry.waiver_subjects import subject_keys
from rolecall.registry.writing import waiver_tables
from rolecall.usecases.governance.decisions import AcceptedWaivers
from rolecall.usecases.runs.batch import policy_of

texts = st.text(min_size=1).map(str.strip).filter(bool)


def waiver_of(
    control: str,
    values: list[str],
    reason: str,
    approvers: list[str],
    accepted: date | None = None,
) -> Waiver:
    kind = catalogue()[control].subjects.kind
    keys = dict(zip(subject_keys(catalogue()[control]), values, strict=False))
    if kind == "observation":
        keys["platform"], keys["handle"] = account_key(keys["platform"], keys["handle"])
        keys = {name: value.casefold() for name, value in keys.items()}
    subject = Subject(kind, **keys)
    approved_by = tuple(dict.fromkeys(approvers))
    expires, evidence = date(2027, 1, 31), "0123456789abcdef" * 4
    return Waiver(
        id=waiver_id(control, subject, reason, approved_by, expires, evidence),
        control=control,
        subject=subject,
        reason=reason,
        approved_by=approved_by,
        expires=expires,
        evidence=evidence,
        accepted_on=accepted,
    )


@given(
    st.sampled_from(
        [one for one in catalogue() if catalogue()[one].subjects.kind != "observation"]
    ),
    st.lists(texts, min_size=3, max_size=3),
    texts,
    st.lists(texts, min_size=1, max_size=3),
    st.none() | st.dates(max_value=date(2027, 1, 31)),
)
def test_they_read_back_as_the_same(
    control: str, values: list[str], reason: str, approvers: list[str], accepted: date | None
) -> None:
    waiver = waiver_of(control, values, reason, approvers, accepted)
    before = '[policy]\nname = "P"\n'
    assert parse_policy("p", (before + waiver_tables([waiver])).encode()).waivers == (waiver,)


def test_since_when_it_is_accepted_is_no_part_of_what_is_accepted() -> None:
    terms = ("sole-administrator", ["a-1"], "until December", ["p-1"])
    assert waiver_of(*terms).id == waiver_of(*terms, date(2026, 1, 1)).id


@pytest.fixture
def waiver() -> Waiver:
    return waiver_of("sole-administrator", ["a-1"], "until December", ["p-1"])


def test_what_was_accepted_is_beside_the_policy(waiver: Waiver) -> None:
    plain = policy_of(None)
    assert policy_of(None, AcceptedWaivers()) == plain
    policy = policy_of(None, AcceptedWaivers((waiver,)))
    assert policy.waivers == (waiver,)
    assert policy.digest != plain.digest
    # In the file as well it is one, and what was withdrawn is none, wherever it stands.
    text = waiver_tables([waiver])
    assert policy_of(text, AcceptedWaivers((waiver,))).waivers == (waiver,)
    assert policy_of(text, AcceptedWaivers((), (waiver.id,))).waivers == ()
    assert policy_of(text).waivers == (waiver,)
