"""Obedience is safe: who does what a remedy says gets no new trouble that it did not announce.

Over generated registries the remedy of each finding is carried out by itself, in a model of the
registry and the platforms (:mod:`tests.remedies`). Then nothing may fail that did not, of the same
severity or a higher one, nor anything fail more gravely than it did, but for what the words of the
remedy announce; and the finding itself is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.engine import evaluate
from rolecall.finding import Finding
from rolecall.model import SEVERITIES, Severity
from tests.registries import RegistryFiles, crowded, day, parish
from tests.remedies import REMEDIES, World
from tests.tiers import cases

ANNOUNCED: Mapping[str, Mapping[str, frozenset[str]]] = {
    "duplicate-account": {"counts for the one that is kept": frozenset(catalogue())},
    "entity-without-head": {
        "want the approval of this person": frozenset({"account-unapproved"}),
        "needs full control of them": frozenset({"head-without-access"}),
        "who headed it before": frozenset({"mover-with-access"}),
    },
    **{
        control: {"may be due for deletion": frozenset({"personal-data-past-retention"})}
        for control in (
            "access-not-recertified",
            "dormant-account",
            "ghost-grant",
            "unapproved-platform",
            "unused-access",
        )
    },
}
"""What a remedy announces: by its words the controls that may fail then."""

WITH_CARE: Mapping[str, Sequence[str]] = {
    "see that the account keeps its head, enough administrators and, if it is for minors, two "
    "cleared adults; afterwards change the passwords that the person knew": (
        "access-not-recertified",
        "clearance-expired",
        "expired-grant",
        "ghost-grant",
        "ineligible-manager",
        "mover-with-access",
        "revocation-unconfirmed",
        "self-approved-access",
        "third-party-without-contract",
        "unsupervised-volunteer",
        "untrained-manager",
        "unused-access",
    ),
    "put the entries of an account that is registered twice together first": (
        "access-not-recertified",
        "account-unapproved",
        "dormant-account",
        "ghost-grant",
        "unapproved-platform",
    ),
    "take the person out of logins.holder_ids, and enter the day of the new passwords": (
        "ghost-grant",
        "suspended-admin",
        "unused-access",
    ),
    "change the passwords that the person knew": ("orphaned-admin", "suspended-admin"),
    "the clearance and the training": (
        "youth-account-one-adult",
        "external-owner",
        "head-without-access",
        "no-removal-path",
        "sole-administrator",
    ),
    "the head, whoever of IT removes people, and one more": ("too-many-administrators",),
    "take back everybody's access, close it on the platform, and delete its stored passwords": (
        "account-unapproved",
        "dormant-account",
        "unapproved-platform",
    ),
    "first take the person out of logins.holder_ids": ("personal-data-past-retention",),
    "What was late stays late: keep the reason why": ("incident-overdue",),
}
"""What the functions do besides, because without it there is harm: and the words that say so."""


STAYS = {"report-to-authorities-undecided": "A decision that came late stays late"}
"""What nothing mends but that somebody accepts it: and the words that say so."""


def said_by(control: str) -> str:
    """Return what a control says to whoever puts it right, and to whoever keeps the registry."""
    found = catalogue()[control]
    return f"{found.remediation} {found.record}"


def failing(world: World) -> dict[str, Finding]:
    """Return what fails in a world, by the ids of findings."""
    found = evaluate(world.context, catalogue().values())
    return {finding.id: finding for finding in found.findings}


def worse(
    before: Mapping[str, Finding], after: Mapping[str, Finding], than: Severity
) -> list[Finding]:
    """Return what is new, or fails more gravely, and is as grave as a severity or graver."""
    rank = SEVERITIES.index
    return [
        one
        for one in after.values()
        if rank(one.severity) <= rank(than)
        and (one.id not in before or rank(one.severity) < rank(before[one.id].severity))
    ]


def announced(control: str) -> frozenset[str]:
    """Return the controls that may fail after a remedy, by what its words say."""
    return frozenset().union(*ANNOUNCED.get(control, {}).values())


def test_every_control_has_a_remedy() -> None:
    assert REMEDIES.keys() == catalogue().keys()
    assert ANNOUNCED.keys() <= catalogue().keys()


@pytest.mark.parametrize("control", ANNOUNCED)
def test_what_is_announced_is_said(control: str) -> None:
    for words in ANNOUNCED[control]:
        assert words in said_by(control)


@pytest.mark.parametrize("words", WITH_CARE)
def test_what_is_done_with_care_is_said(words: str) -> None:
    for control in WITH_CARE[words]:
        assert words in said_by(control), control


@pytest.mark.parametrize("control", STAYS)
def test_what_stays_is_said(control: str) -> None:
    assert STAYS[control] in said_by(control)


@pytest.mark.parametrize("seed", range(cases("crowded registries")))
def test_obedience_is_safe(seed: int) -> None:
    world = World(*crowded(seed, has_waivers=True).read())
    before = failing(world)
    # One finding of each control: its others are mended in the same way.
    first = {one.control: one for one in reversed(list(before.values()))}
    harm = [said for one in first.values() for said in harms(world, before, one)]
    assert not harm, "\n".join(harm)


def harms(world: World, before: Mapping[str, Finding], finding: Finding) -> Iterator[str]:
    """Yield what is wrong after each remedy of a finding."""
    control = finding.control
    for number, remedy in enumerate(REMEDIES[control]):
        mended = remedy(world, finding)
        if mended is None:
            continue
        after = failing(mended)
        if finding.id in after and control not in STAYS:
            yield f"{control} {number}: is still there: {after[finding.id]}"
        for one in worse(before, after, finding.severity):
            if one.control not in announced(control):
                yield f"{control} {number} of {finding.subject}: {one}"


def crowd(files: RegistryFiles) -> None:
    """Let nine people administer the first account, of whom two serve."""
    files.tables["grants"] += [
        {**files.tables["grants"][0], "person_id": f"p-{number}"} for number in range(7)
    ]


def overdue(files: RegistryFiles) -> None:
    """Let the policy's review be past."""
    files.policy = files.policy.replace("2027-01-31", "2026-01-31")


def one_of_two_adults(files: RegistryFiles) -> None:
    """Let minors be read by two, of whom one has not used their access for long."""
    files.row("accounts", 0, audience="minors")
    files.row("people", 1, clearance_expires=day(-1))
    grant = {**files.tables["grants"][0], "person_id": "p4", "role": "manager"}
    files.tables["grants"].append({**grant, "last_used_on": day(-400)})
    files.tables["observations"] = []


def stale(files: RegistryFiles) -> None:
    """Let nobody have looked for long who is on the first account."""
    for number, row in enumerate(files.tables["observations"]):
        if row["handle"] == "page0":
            files.row("observations", number, observed_on=day(-60))


def twice(files: RegistryFiles) -> None:
    """Let the first account stand there twice, and somebody administer it on paper alone.

    Whoever is asked to step in has a lower role by either entry.
    """
    files.row("accounts", 1, handle="page0", entity_id="e0")
    files.row("grants", 0, role="editor")
    files.row("grants", 2, role="analyst")
    files.tables["grants"].append({**files.tables["grants"][1], "person_id": "p4"})
    seen = [one for one in files.tables["observations"] if one["handle"] == "page0"]
    files.tables["observations"] = [
        {**one, "role": "editor"} if one["person_email"].startswith("p0@") else one for one in seen
    ]


RARE = {
    "ghost-grant": twice,
    "observation-stale": stale,
    "too-many-administrators": crowd,
    "policy-review-overdue": overdue,
    "unused-access": one_of_two_adults,
}
"""What no generated registry has."""


@pytest.mark.parametrize("control", RARE)
def test_obedience_in_rare_cases(control: str) -> None:
    files = parish()
    RARE[control](files)
    world = World(*files.read())
    before = failing(world)
    [finding] = [one for one in before.values() if one.control == control]
    assert not list(harms(world, before, finding))


def test_each_remedy_was_tried() -> None:
    """The registries of this tier leave no control out."""
    found = {one.control for seed in range(20) for one in failing_of(seed)}
    assert found | RARE.keys() == catalogue().keys()


def failing_of(seed: int) -> Sequence[Finding]:
    """Return the findings of a generated registry that can be mended."""
    world = World(*crowded(seed, has_waivers=True).read())
    return [
        one
        for one in failing(world).values()
        if any(remedy(world, one) is not None for remedy in REMEDIES[one.control])
    ]
