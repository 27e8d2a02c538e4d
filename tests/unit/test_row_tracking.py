"""Tables of which a part is known: of what nobody was asked about, nothing is said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.model import Policy, Snapshot
from rolecall.registry.documents import StoredDocument, documents, snapshot_of
from rolecall.registry.reading import read_registry

AS_OF = datetime(2026, 11, 26, tzinfo=UTC)
OTHERS = ",".join(["(others not tracked)"] * 3)
FILES = {
    "entities": "id,name,head_id,parent_id,email_domains\n"
    "e,E,p1,,e.example\nf,F,(not tracked),e,f.example\ng,G,p1,,(not tracked)\nh,H,p1,g,h.example\n",
    "people": "id,name,status\np1,A,active\np2,B,active\n",
    "accounts": (
        "id,entity_id,platform,handle,status,owner_id,login_email\n"
        "a,e,x,a,active,p1,a@else.example\nb,e,x,b,active,(not tracked),b@e.example\n"
        "c,f,x,c,active,,c@else.example\nd,h,x,d,active,p1,d@else.example\n"
    ),
    "grants": f"account_id,person_id,role\na,p2,admin\n{OTHERS}\n",
}


def said(snapshot: Snapshot, control: str) -> tuple[set[str], int]:
    """Return the accounts or entities that fail a control, and of how many nothing is said."""
    found = evaluate(Context(snapshot, Policy(), AS_OF), [catalogue()[control]])
    subjects = {one.subject.account or one.subject.entity for one in found.findings}
    return subjects, found.coverage[control].not_evaluated


@pytest.fixture(params=["files", "documents"])
def snapshot(request: pytest.FixtureRequest, tmp_path: Path) -> Snapshot:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    read = read_registry(tmp_path, AS_OF.date()).snapshot
    if request.param == "files":
        return read
    return snapshot_of(StoredDocument(*one) for one in documents(read, None).items())[0]


@pytest.mark.parametrize(
    ("control", "failing", "unsaid"),
    [
        ("account-without-owner", {"c"}, 1),
        ("entity-without-head", set(), 1),
        # Of no account but a any access is on record, and of others nothing is known.
        ("sole-administrator", {"a"}, 3),
        ("head-without-access", {"a"}, 3),
        # Above d stands an entity whose domains nobody told.
        ("personal-email-login", {"a", "c"}, 1),
    ],
)
def test_what_is_not_tracked_of_a_row_is_no_finding(
    snapshot: Snapshot, control: str, failing: set[str], unsaid: int
) -> None:
    assert said(snapshot, control) == (failing, unsaid)
