"""Whatever is wrong with what was accepted, or with the policy, a run goes by what is on record."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from rolecall.errors import PolicyError, UsageError
from rolecall.registry.documents import SETTINGS, Settings
from rolecall.usecases.governance.decisions import AcceptedWaivers, WaiverDecision, accepted_waivers
from rolecall.usecases.governance.stored_decisions import stored_decisions
from rolecall.usecases.runs.batch import policy_of
from rolecall.usecases.runs.integrity import Integrity
from rolecall.usecases.runs.last_policy import KeptPolicy, standing_policy, told_waivers
from tests.api import registry
from tests.nights import Documents, MemoryFindings

ENDS = (msgspec.MsgspecError, UnicodeError, PolicyError, UsageError, RecursionError)
OURS = '[policy]\nname = "ours"\n'
UNREADABLE = ["{" * 5_000, "[" * 5_000, "[]", "7", "", '"\\ud800"', "\x00", "null"]
NO_POLICY = ["name = ", f"{OURS}[controls.no-such-control]\nenabled = false\n", "[[waivers]]\n"]


def kept(text: str = OURS) -> KeptPolicy:
    """Return what a run left that went by a policy."""
    return KeptPolicy(number=3, digest=policy_of(text).digest, settings=Settings((), text))


def broken(document: bytes) -> Documents:
    """Return a registry with settings that are none."""
    made = Documents(registry(), OURS)
    made.documents[SETTINGS] = document
    return made


def absent() -> Documents:
    made = Documents(registry(), OURS)

    def nothing() -> Settings:
        raise UsageError("the stack has no registry yet")

    made.settings = nothing  # type: ignore[method-assign]
    return made


BREAKS: list[Callable[[], Documents]] = [
    *(lambda text=text: broken(text.encode()) for text in UNREADABLE),
    *(
        lambda text=text: broken(json.dumps({"tracked": [], "policy": text}).encode())
        for text in NO_POLICY
    ),
    lambda: broken(b'{"tracked": 7}'),
    lambda: broken(b'{"tracked": [], "policy": 7}'),
    lambda: broken(b"\xff\xfe"),
    absent,
]


@pytest.mark.parametrize("made", BREAKS)
def test_the_policy_of_the_last_run_counts_where_there_is_none(
    made: Callable[[], Documents],
) -> None:
    findings, integrity = MemoryFindings(), Integrity()
    with pytest.raises(
        (msgspec.MsgspecError, UnicodeError, PolicyError, UsageError, RecursionError)
    ):
        standing_policy(made(), AcceptedWaivers(), findings, integrity)
    assert integrity.count == 0
    findings.policy = kept()
    settings, policy = standing_policy(made(), AcceptedWaivers(), findings, integrity)
    assert (settings.policy, policy.digest) == (OURS, kept().digest)
    told = integrity.problems()
    assert told is not None
    assert told.first[0].message.startswith("cannot be read; the policy of run 3 counts")
    # Of what is left out nobody concludes that it is gone.
    assert integrity.left_out


def test_a_kept_policy_that_is_another_than_the_one_on_record_is_not_taken() -> None:
    findings = MemoryFindings()
    findings.policy = replace(kept(), settings=Settings((), f"{OURS}# changed\n"))
    with pytest.raises(UsageError, match="not that of the last run"):
        standing_policy(broken(b"{"), AcceptedWaivers(), findings, Integrity())


def test_a_policy_that_can_be_read_counts() -> None:
    findings, integrity = MemoryFindings(), Integrity()
    findings.policy = kept(f"{OURS}# changed\n")
    settings, policy = standing_policy(
        Documents(registry(), OURS), AcceptedWaivers(), findings, integrity
    )
    assert (settings.policy, policy.digest, integrity.count) == (OURS, kept().digest, 0)


@pytest.mark.parametrize("text", [*UNREADABLE, '{"state": "perhaps"}', '{"finding": 7}'])
def test_a_decision_that_cannot_be_read_is_named_and_accepts_nothing(text: str) -> None:
    found = stored_decisions([("f2", text), ("f1", "{")], WaiverDecision)
    accepted = accepted_waivers(found.readable, found.unreadable)
    assert accepted == AcceptedWaivers(unreadable=("f1", "f2"))
    made, integrity = Documents(registry(), OURS), Integrity()
    made.beside = accepted
    assert told_waivers(made, integrity) == accepted
    told = integrity.problems()
    assert told is not None
    assert [(one.table, one.id) for one in told.first] == [("waivers", "f1"), ("waivers", "f2")]
    assert policy_of(OURS, accepted).digest != policy_of(OURS).digest
