"""Taking away has a brake, what leaves nobody takes a second officer, and there is a way back."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from rolecall.aws import remote
from rolecall.aws.stack import Stack
from rolecall.ledger.log import records
from rolecall.usecases.governance.taking_away import MOST_TAKEN
from tests.api import Answer, bring, call, registry, who, with_units
from tests.cloud import Cloud, begins
from tests.cloud_nights import night, verify
from tests.functional.command import Ended, rolecall
from tests.functional.test_concurrency import at_once, edit

CLERK, OTHER = who("clerk", "registrar"), who("person-top", "registrar")
WHY = "no officer is left who could"


def suspend(function: ModuleType, person: str, by: dict[str, str] = CLERK) -> Answer:
    return edit(function, f"/v1/people/{person}", by, status="suspended").send(function)


@begins(with_units)
def test_one_registrar_takes_away_a_handful_within_an_hour(function: ModuleType) -> None:
    """Twelve heads and officers in seconds, it was."""
    people = [f"person-{unit}" for unit in ("mid", "leaf", "sib")]
    people += [f"it-{unit}" for unit in ("mid", "leaf", "sib")]
    answers = [suspend(function, one) for one in people]
    assert [one.status for one in answers] == [200] * MOST_TAKEN + [202] * (6 - MOST_TAKEN)
    # What waits is put on record by another, and so overridden on record.
    where = answers[-1].headers["Location"]
    assert call(function, "POST", f"{where}/approval", CLERK).status == 409
    assert call(function, "POST", f"{where}/approval", OTHER).status == 200
    # Another registrar has a count of their own, and what gives or takes nothing does not count.
    assert suspend(function, "boss-leaf", OTHER).status == 200
    assert edit(function, "/v1/people/boss-mid", CLERK, name="Boss").send(function).status == 200


@begins(with_units)
def test_two_at_the_brake_count_as_two(sky: Cloud) -> None:
    function = sky.function("api")
    for person in ("person-mid", "person-leaf", "person-sib", "it-mid"):
        assert suspend(function, person).status == 200
    first, second = at_once(
        sky,
        edit(function, "/v1/people/it-leaf", CLERK, status="suspended"),
        edit(function, "/v1/people/it-sib", CLERK, status="left"),
    )
    assert sorted((first.status, second.status)) == [200, 202]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        # Nobody would head or help the top.
        (("/v1/people/it-top", {"status": "left"}), ("/v1/people/head-top", {"status": "left"})),
        (
            ("/v1/people/it-top", {"status": "suspended"}),
            ("/v1/people/head-top", {"left_on": "2030-01-01"}),
        ),
        # Nobody would have full control of the page.
        (
            ("/v1/people/head-mid", {"status": "suspended"}),
            ("/v1/people/boss-mid", {"status": "suspended"}),
        ),
        (
            ("/v1/accounts/page-mid/grants/head-mid", {"role": "editor"}),
            ("/v1/accounts/page-mid/grants/boss-mid", {"expires_on": "2030-01-01"}),
        ),
    ],
)
@begins(with_units)
def test_what_leaves_nobody_waits_for_a_second_officer(
    function: ModuleType, first: tuple[str, dict[str, str]], last: tuple[str, dict[str, str]]
) -> None:
    for (path, changes), expected in ((first, 200), (last, 202)):
        answer = edit(function, path, CLERK, **changes).send(function)
        assert answer.status == expected, answer
    where = answer.headers["Location"]
    assert call(function, "POST", f"{where}/approval", OTHER).status == 200


@pytest.mark.parametrize(
    ("office", "last", "changes"),
    [
        ("compliance", "officer", {"status": "suspended"}),
        ("compliance", "officer", {"left_on": "2030-01-01"}),
        ("registrar", "clerk", {"status": "left"}),
    ],
)
@begins(with_units)
def test_the_last_who_was_seen_in_an_office_is_stopped_by_two(
    function: ModuleType, office: str, last: str, changes: dict[str, str]
) -> None:
    """Offices stand in tokens; whoever asked for something by one is known to have had it."""
    for person in ("person-mid", last):
        assert call(function, "GET", "/v1/me", who(person, office)).status == 200
    by, second = who("person-sib", "registrar"), who("person-top", "compliance")
    if office == "registrar":
        # Not seen as a registrar before this, and so not the last one.
        second, by = by, who("person-leaf", "registrar")
    path = f"/v1/people/{last}"
    # Another one was seen, who serves; then that one does not any more.
    assert (
        edit(function, "/v1/people/person-mid", by, status="suspended").send(function).status == 200
    )
    stopped = edit(function, path, by, **changes).send(function)
    if office == "registrar":
        # Whoever asks holds the office as well.
        assert stopped.status == 200
        return
    assert stopped.status == 202
    where = stopped.headers["Location"]
    assert call(function, "POST", f"{where}/approval", second).status == 200


@begins(with_units)
def test_who_holds_an_office_no_more_is_not_who_is_left(function: ModuleType) -> None:
    by = who("person-sib", "registrar")
    for person in ("officer", "person-mid"):
        assert call(function, "GET", "/v1/me", who(person, "compliance")).status == 200
    # Their token gives another office by now.
    assert call(function, "GET", "/v1/me", who("person-mid", "registrar")).status == 200
    assert suspend(function, "officer", by).status == 202


# -- the way back ----------------------------------------------------------------------------------


@pytest.fixture
def glass(sky: Cloud, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Return what breaks the glass of a person."""
    monkeypatch.setattr(remote, "find_stack", lambda _, now: Stack(sky.outputs, now))

    def broken(person: str, *more: str) -> Ended:
        asked = ("break-glass", person, "--stack", "test", "--reason", WHY)
        return rolecall(*asked, *(more or ("--yes",)))

    return broken


@begins(with_units)
def test_an_operator_has_somebody_serve_again_whom_an_edit_stopped(
    sky: Cloud, function: ModuleType, glass: Callable[..., Ended]
) -> None:
    assert suspend(function, "officer").status == 200
    officer = who("officer", "compliance")
    assert call(function, "GET", "/v1/me", officer).status == 403
    dry = glass("officer", "--dry-run")
    assert (dry.status, dry.text.splitlines()[-1]) == (0, "nothing was changed")
    assert call(function, "GET", "/v1/me", officer).status == 403
    done = glass("officer")
    assert (done.status, "officer serves again" in done.text) == (0, True), done.stderr
    assert call(function, "GET", "/v1/me", officer).status == 200
    (told,) = [one for one in records(sky.stack().log) if one.action == "registry.glass_broken"]
    assert told.payload["reason"] == WHY
    assert told.payload["via"].startswith("arn:aws:")
    # An import of files that never said otherwise leaves it so.
    bring(sky, registry())
    assert call(function, "GET", "/v1/me", officer).status == 200
    again = glass("officer")
    assert (again.status, "officer serves" in again.stderr) == (2, True)
    night(sky)
    verify(sky)


@begins(with_units)
def test_what_files_say_no_operator_undoes(glass: Callable[..., Ended]) -> None:
    for person, told in (
        ("gone", "it is files that say that gone does not serve"),
        ("nobody", "there is no person nobody"),
    ):
        ended = glass(person)
        assert (ended.status, told in ended.stderr) == (2, True), ended.stderr
