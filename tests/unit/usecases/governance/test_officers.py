"""Runs, reports that are signed off, and proofs of the log: who has them, and what is on record."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from msgspec.structs import replace

from rolecall.errors import ConflictError, DeniedError, NotFoundError, UsageError
from rolecall.reports.folders import folder_of
from rolecall.usecases.cursors import Listing
from rolecall.usecases.governance.log_proofs import LogProofs
from rolecall.usecases.governance.run_control import RunControl
from rolecall.usecases.governance.sign_off import SECONDS, SignOff
from rolecall.usecases.identity.permissions import Caller
from tests.unit.usecases.governance.archive import AT, MemoryArchive, run_view
from tests.unit.usecases.revoking.test_revocations import caller

OFFICER = caller("officer", "compliance")
OTHERS = [caller("clerk", "registrar"), caller("head-top"), caller("boss-mid"), caller("nobody")]
DAYS = {number: f"{(AT + timedelta(days=number)).date()}/run-{number}" for number in range(1, 5)}


def archive() -> MemoryArchive:
    files = {
        f"{DAYS[number]}/{name}": f"{number} {name}".encode()
        for number in (1, 2, 3)
        for name in ("report.pdf", "findings.csv")
    }
    files[f"{DAYS[1]}/entities/mid/report.pdf"] = b"of mid"
    return MemoryArchive([*map(run_view, (1, 2, 3)), run_view(4, "running")], files)


def id_of(number: int, name: str = "report.pdf") -> str:
    return f"{DAYS[number]}/{name}".replace("/", "_")


# -- runs ---------------------------------------------------------------------------------------


def test_officers_see_the_runs_the_latest_first() -> None:
    found = RunControl(archive(), OFFICER).runs()
    assert [(one.run.number, one.state) for one in found] == [
        (4, "running"),
        (3, "completed"),
        (2, "completed"),
        (1, "completed"),
    ]
    many = MemoryArchive([run_view(number) for number in range(1, 150)])
    assert len(RunControl(many, OFFICER).runs()) == 100


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_sees_runs_reports_or_checkpoints(who: Caller) -> None:
    kept = archive()
    kept.note = b"note"
    for act in (
        lambda: RunControl(kept, who).runs(),
        lambda: SignOff(kept, who).reports(None, None, 10),
        lambda: SignOff(kept, who).report(id_of(1)),
        lambda: SignOff(kept, who).download(id_of(1), AT),
        lambda: SignOff(kept, who).sign(id_of(1), AT, "0" * 64, "officer"),
        lambda: LogProofs(kept, who).checkpoint(),
        lambda: LogProofs(kept, who).proof(None),
        lambda: RunControl(kept, who).audit(None, AT),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert (kept.house.events, kept.started) == ([], {})


@pytest.mark.parametrize(
    ("who", "entity"),
    [(OFFICER, None), (OFFICER, "mid"), (caller("head-mid"), "leaf"), (caller("it-top"), "mid")],
)
def test_an_audit_is_on_record_before_it_starts(who: Caller, entity: str | None) -> None:
    kept = archive()
    asked = RunControl(kept, who).audit(entity, AT)
    assert kept.started == {asked.execution: entity}
    [event] = kept.house.events
    assert (event.action, event.actor, event.entity) == ("run.requested", who.person, entity)


def test_one_audit_runs_at_a_time() -> None:
    kept = archive()
    kept.is_busy = True
    with pytest.raises(ConflictError) as refused:
        RunControl(kept, OFFICER).audit(None, AT)
    assert refused.value.kind == "run-in-progress"
    assert (kept.house.events, kept.started) == ([], {})


@pytest.mark.parametrize("entity", ["top", "sib", "nowhere"])
def test_a_head_audits_nothing_beside_or_above(entity: str) -> None:
    with pytest.raises(NotFoundError, match=f"there is no entity {entity}"):
        RunControl(archive(), caller("head-mid")).audit(entity, AT)


# -- reports ------------------------------------------------------------------------------------


def test_reports_are_listed_run_by_run_and_never_torn_apart() -> None:
    sign_off = SignOff(archive(), OFFICER)
    first = sign_off.reports(None, None, 1)
    assert [one.run for one in first.items] == ["run-3", "run-3"]
    second = sign_off.reports(None, first.next, 3)
    assert [one.run for one in second.items] == ["run-2", "run-2", "run-1", "run-1"]
    assert sign_off.reports(None, second.next, 3).items == []
    assert [one.run for one in sign_off.reports("run-2", None, 10).items] == ["run-2"] * 2
    with pytest.raises(UsageError, match="cursor"):
        sign_off.reports(None, Listing("reports", None, None).cursor_text("run-9"), 10)
    for other in (("run-2", None), (None, "mid")):
        with pytest.raises(UsageError, match="cursor"):
            sign_off.reports(other[0], first.next, 10, other[1])


def test_a_report_has_its_digest_and_its_signatures() -> None:
    kept = archive()
    found = SignOff(kept, OFFICER).report(id_of(2))
    assert (found.run, found.name, found.signatures) == ("run-2", "report.pdf", [])
    assert found.digest == hashlib.sha256(b"2 report.pdf").hexdigest()


@pytest.mark.parametrize(
    "id_",
    [
        "",
        "x",
        id_of(1, "none.pdf"),
        id_of(1).replace("run-1", "run-9"),
        f"{id_of(1)}_more",
        id_of(1).replace("_", "/"),
        f".._.._{id_of(1)}",
        id_of(1, "report pdf"),
        id_of(1, "\u202ereport.pdf"),
        id_of(1) + "\n",
    ],
)
def test_what_is_not_in_the_list_is_not_there(id_: str) -> None:
    kept = archive()
    with pytest.raises(NotFoundError):
        SignOff(kept, OFFICER).download(id_, AT)
    assert kept.house.events == []


def test_a_download_is_on_record_before_it_is_had() -> None:
    kept = archive()
    had = SignOff(kept, OFFICER).download(id_of(1), AT)
    assert had.url.endswith(f"{DAYS[1]}/report.pdf?for={SECONDS}")
    assert [(event.action, event.payload["report"]) for event in kept.house.events] == [
        ("report.downloaded", f"{DAYS[1]}/report.pdf")
    ]


def test_a_signature_names_the_bytes_that_were_read() -> None:
    kept = archive()
    digest = hashlib.sha256(b"1 report.pdf").hexdigest()
    with pytest.raises(ConflictError) as refused:
        SignOff(kept, OFFICER).sign(id_of(1), AT, "0" * 64, "chancellor")
    assert refused.value.kind == "digest-differs"
    made = SignOff(kept, OFFICER).sign(id_of(1), AT, digest.upper(), "chancellor")
    assert (made.person, made.digest, made.capacity) == ("officer", digest, "chancellor")
    again = SignOff(kept, OFFICER).sign(id_of(1), AT + timedelta(1), digest, "auditor")
    assert again == made
    other = SignOff(kept, caller("it-top", "compliance")).sign(id_of(1), AT, digest, "dean")
    assert SignOff(kept, OFFICER).report(id_of(1)).signatures == [made, other]
    assert [event.action for event in kept.house.events] == ["report.signed"] * 2


@pytest.mark.parametrize("entity", ["mid", "Kirche \u00e4/1"])
def test_nobody_signs_the_report_of_what_they_head_own_or_hold(entity: str) -> None:
    kept = archive()
    above = kept.house.get("entity", "mid")
    named = replace(above.value, id=entity)
    kept.house.items["entity", entity] = above._replace(value=named)
    page = kept.house.get("account", "page-mid")
    account = replace(page.value.account, entity_id=entity, owner_id="boss-sib")
    kept.house.items["account", "page-mid"] = page._replace(
        value=replace(page.value, account=account)
    )
    name = f"{DAYS[1]}/{folder_of(entity)}/report.pdf"
    kept.files[name] = b"of one"
    digest, id_ = hashlib.sha256(b"of one").hexdigest(), name.replace("/", "_")
    about = ("head-mid", "it-mid", "head-top", "it-top", "boss-sib", "boss-mid", "person-mid")
    for one in about:
        with pytest.raises(DeniedError, match="about you"):
            SignOff(kept, caller(one, "compliance")).sign(id_, AT, digest, "chancellor")
    assert kept.house.events == []
    assert SignOff(kept, OFFICER).sign(id_, AT, digest, "chancellor").person == "officer"
    # The report of all is about everybody, and the officers are among them.
    whole = hashlib.sha256(b"1 report.pdf").hexdigest()
    head = caller("head-top", "compliance")
    assert SignOff(kept, head).sign(id_of(1), AT, whole, "chancellor").person == "head-top"
    del kept.house.items["entity", entity]
    with pytest.raises(DeniedError, match="nobody can tell"):
        SignOff(kept, caller("clerk", "compliance")).sign(id_, AT, digest, "chancellor")


@pytest.mark.parametrize(
    "capacity",
    ["", "Fr. John Doe", "john@example.org", "chancellor\u202e", "Chancellor", "dean of all", "x"],
)
def test_a_capacity_is_a_word_of_an_office(capacity: str) -> None:
    kept = archive()
    digest = hashlib.sha256(b"1 report.pdf").hexdigest()
    with pytest.raises(UsageError, match="compliance officer"):
        SignOff(kept, OFFICER).sign(id_of(1), AT, digest, capacity)
    assert kept.house.events == []


# -- proofs -------------------------------------------------------------------------------------


def test_officers_take_the_checkpoint_when_there_is_one() -> None:
    kept = archive()
    with pytest.raises(NotFoundError):
        LogProofs(kept, OFFICER).checkpoint()
    kept.note = b"note"
    assert LogProofs(kept, OFFICER).checkpoint() == b"note"


@pytest.mark.parametrize(
    ("who", "entity"),
    [(OFFICER, None), (OFFICER, "leaf"), (caller("head-mid"), "leaf"), (caller("it-mid"), "mid")],
)
def test_a_proof_is_for_whom_the_entity_is(who: Caller, entity: str | None) -> None:
    assert LogProofs(archive(), who).proof(entity) == f"bundle of {entity}".encode()


@pytest.mark.parametrize("entity", ["top", "sib", "nowhere"])
def test_nobody_takes_a_proof_of_what_is_not_theirs(entity: str) -> None:
    with pytest.raises(NotFoundError):
        LogProofs(archive(), caller("head-mid")).proof(entity)
