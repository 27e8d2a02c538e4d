"""What every vault does: in files and in a stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.controls.context import Context
from rolecall.errors import (
    ConflictError,
    DeniedError,
    SecretFormatError,
    SecretUnreadableError,
    StorageError,
    UsageError,
)
from rolecall.ledger.event import Event, EventAction
from rolecall.ledger.log import append
from rolecall.ledger.record import Record
from rolecall.model import Policy, Subject
from rolecall.provenance import VAULT_COLUMNS
from rolecall.usecases.reasons import MOST_REASON
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.usecases.vault.credentials import FIELDS
from rolecall.usecases.vault.eligibility import right_of
from rolecall.vault.life import Life, Version, lives
from rolecall.vault.secret import Secret
from tests.vaults import (
    AT,
    CLOSED,
    PAGE,
    REASON,
    REGISTRY,
    SECRET,
    SITE,
    World,
    ask,
    login,
    world,
)

NEW = Secret(password="another-Heron-Thimble")


@pytest.fixture(params=["files", "dynamodb"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Return an empty vault."""
    with world(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def in_files(tmp_path: Path) -> Iterator[World]:
    """Return an empty vault in files."""
    with world("files", tmp_path) as made:
        yield made


@pytest.fixture
def in_dynamodb(tmp_path: Path) -> Iterator[World]:
    """Return an empty vault in a stack."""
    with world("dynamodb", tmp_path) as made:
        yield made


def last(there: World) -> Record:
    return there.records()[-1]


# -- what goes in comes out ------------------------------------------------------------------------


def test_store_and_reveal(there: World) -> None:
    stored = there.credentials().store(ask("manager"), SECRET)
    assert (stored.login, stored.version.number, stored.version.how) == ("page-login", 1, "stored")
    assert (stored.version.strength, stored.version.advice) == (4, ())
    assert there.credentials().reveal(ask("manager"), REASON, seed=True) == SECRET
    # Without being asked to, nobody shows the seed.
    assert there.credentials().reveal(ask("second"), REASON) == replace(SECRET, totp="")
    assert [record.action for record in there.records()] == [
        "secret.stored",
        "secret.revealed",
        "secret.revealed",
    ]
    record = last(there)
    assert (record.actor, record.entity, record.at) == ("second", "parish", AT)
    assert record.subject is not None
    assert record.subject.keys() == {"account": PAGE, "login": "page-login"}
    assert record.payload == {
        "version": 1,
        "reason": REASON,
        "fields": [name for name in FIELDS if name != "totp"],
        "basis": "grant",
        "via": "os:tester",
    }


def test_the_registry_is_what_the_vault_knows(there: World) -> None:
    before = login(there.registry())
    assert before is not None
    assert (before.storage, before.holder_ids) == ("spreadsheet", ("former",))
    there.credentials().store(ask("manager"), SECRET)
    stored = login(there.registry())
    assert stored is not None
    assert (stored.storage, stored.holder_ids, stored.rotated_on) == (
        "vault",
        ("manager",),
        AT.date(),
    )
    # The seed is a second factor; the registry had said that there is none.
    assert (stored.mfa, stored.strength, stored.emergency_revealed_on) == ("app", 4, None)
    assert stored.fingerprint
    registry = there.registry()
    for column in VAULT_COLUMNS - registry.tracked:
        assert registry.filled[column] == {(PAGE, "page-login")}
    there.credentials().reveal(ask("second"), REASON)
    read = login(there.registry())
    assert read is not None
    assert read.holder_ids == ("manager", "second")
    later = AT + timedelta(3)
    there.credentials().rotate(ask("second", at=later), NEW)
    rotated = login(there.registry())
    assert rotated is not None
    assert (rotated.holder_ids, rotated.rotated_on) == (("second",), later.date())
    assert rotated.fingerprint != stored.fingerprint


def test_a_login_that_the_registry_does_not_have(there: World) -> None:
    stored = there.credentials().store(ask("manager", SITE), SECRET)
    assert stored.login == "site-login"
    row = login(there.registry(), SITE)
    assert row is not None
    assert (row.id, row.storage) == ("site-login", "vault")
    assert there.credentials().reveal(ask("manager", SITE), REASON).password == SECRET.password


def test_what_is_beside_the_password_is_amended(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    there.credentials().reveal(ask("second"), REASON)
    changed = Secret(username="new-name", recovery_codes=("ee55-ff66",))
    stored = there.credentials().store(ask("head", at=AT + timedelta(9)), changed)
    assert (stored.version.number, stored.version.how) == (2, "amended")
    assert stored.carried == ("password", "totp", "notes")
    row = login(there.registry())
    assert row is not None
    # The password is the one that they knew, and the head did not see it.
    assert (row.holder_ids, row.rotated_on) == (("manager", "second"), AT.date())
    shown = there.credentials().reveal(ask("manager"), REASON)
    assert shown == replace(SECRET, totp="", username="new-name", recovery_codes=("ee55-ff66",))


def test_a_first_password_makes_its_writer_the_holder(there: World) -> None:
    there.credentials().store(ask("manager"), Secret(recovery_codes=("aa11-bb22",)))
    stored = there.credentials().store(ask("second"), NEW)
    assert stored.version.how == "rotated"
    row = login(there.registry())
    assert row is not None
    assert row.holder_ids == ("second",)


def test_rotate_keeps_what_is_not_given_and_drops_what_is_cleared(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    stored = there.credentials().rotate(ask("second"), NEW, ("notes", "totp"))
    assert stored.version.how == "rotated"
    assert stored.carried == ("username", "recovery_codes")
    shown = there.credentials().reveal(ask("second"), REASON, seed=True)
    assert shown == Secret("stbrigid", NEW.password, "", SECRET.recovery_codes)


def test_one_time_codes(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    code = there.credentials().code(ask("second"))
    # 2026-11-02T09:00:00Z is a multiple of 30 seconds.
    assert (len(code.digits), code.seconds) == (6, 30)
    assert there.credentials().code(ask("second", at=AT + timedelta(seconds=29))).seconds == 1
    row = login(there.registry())
    assert row is not None
    # Who gets a code does not know the seed, nor the password.
    assert row.holder_ids == ("manager",)
    assert last(there).action == "secret.code_given"
    there.credentials().store(ask("manager", SITE), NEW)
    with pytest.raises(UsageError, match="no one-time codes"):
        there.credentials().code(ask("manager", SITE))


def test_history(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    there.credentials().reveal(ask("second"), REASON)
    there.credentials().reveal(ask("second", at=AT + timedelta(1)), REASON)
    there.credentials().rotate(ask("second", at=AT + timedelta(2)), NEW)
    life = there.credentials().history(ask("head"))
    first, second = life.versions
    known = [(r.person, r.since, r.shown, r.last_shown) for r in first.readers]
    assert known == [("manager", AT, 0, None), ("second", AT, 2, AT + timedelta(1))]
    assert [(r.person, r.shown) for r in second.readers] == [("second", 0)]
    assert (last(there).action, last(there).actor) == ("secret.history_shown", "head")


def test_old_versions_are_kept_and_then_dropped(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    for number in range(4):
        there.credentials().rotate(ask("manager"), Secret(password=f"Fresh-Otter-{number}"))
        assert len(there.ciphertexts()) == min(3, number + 2)
    revealed = there.credentials().reveal(ask("manager"), REASON, version=3)
    assert revealed.password == "Fresh-Otter-1"
    with pytest.raises(UsageError, match="version 2 of login page-login is not kept; there are 3"):
        there.credentials().reveal(ask("manager"), REASON, version=2)
    there.credentials(keep=1).rotate(ask("manager"), NEW)
    assert len(there.ciphertexts()) == 1
    # Who reads an older version does not know the current one.
    there.credentials().rotate(ask("manager"), Secret(password="Fresh-Otter-9"))
    there.credentials().reveal(ask("second"), REASON, version=6)
    row = login(there.registry())
    assert row is not None
    assert row.holder_ids == ("manager",)


def test_destroy(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    there.credentials().rotate(ask("manager"), NEW)
    there.credentials().destroy(ask("head"))
    assert there.ciphertexts() == []
    assert last(there).payload["dropped"] == [1, 2]
    row = login(there.registry())
    assert row is not None
    # Nobody knows where the password is now: that is for the audit to say.
    assert row.storage in (None, "spreadsheet")
    for act in ("reveal", "rotate", "code", "destroy"):
        with pytest.raises(UsageError, match="has nothing of login page-login"):
            _try(there, act, "manager")
    assert len(there.credentials().history(ask("head")).versions) == 2
    stored = there.credentials().store(ask("manager"), SECRET)
    assert (stored.version.number, stored.version.how) == (3, "stored")
    assert there.credentials().reveal(ask("manager"), REASON).password == SECRET.password


def test_the_login_of_a_closed_account_goes_with_its_secret(there: World) -> None:
    there.credentials().store(ask("manager", CLOSED), SECRET)
    assert login(there.registry(), CLOSED) is not None
    there.credentials().destroy(ask("manager", CLOSED))
    assert login(there.registry(), CLOSED) is None


# -- who may -----------------------------------------------------------------------------------


def _try(there: World, act: str, person: str, account: str = PAGE) -> object:
    use, asked = there.credentials(), ask(person, account)
    match act:
        case "store":
            return use.store(asked, Secret(notes="more"))
        case "rotate":
            return use.rotate(asked, Secret(password=f"Fresh-Stork-{asked.id}"))
        case "reveal":
            return use.reveal(asked, REASON)
        case "code":
            return use.code(asked)
        case "history":
            return use.history(asked)
        case _:
            return use.destroy(asked)


ACTS = ("store", "rotate", "reveal", "code", "history", "destroy")
RIGHTS = {"second": "grant", "head": "head", "it": "it_delegate", "bishop": "head"}
REFUSED = {
    "editor": "has no live administrative role on page",
    "low": "does not have clearance level C",
    "unknown-level": "does not have clearance level C",
    "expired": "has no clearance that is in date",
    "undated": "has no clearance that is in date",
    "gone": "is not an active person",
    "suspended": "is not an active person",
    "leaving": "has no live administrative role on page",
    "guest": "has no live administrative role on page",
    "former": "has no live administrative role on page",
    "stranger": "has no live administrative role on page",
    "nobody": "is not an active person",
}


def refuse(there: World, act: str, person: str) -> None:
    """Have an act refused, and look at what is left of it."""
    there.credentials().store(ask("manager"), SECRET)
    before, kept = there.registry(), there.ciphertexts()
    with pytest.raises(DeniedError, match=REFUSED[person]):
        _try(there, act, person)
    assert (there.registry(), there.ciphertexts()) == (before, kept)
    record = last(there)
    assert (record.action, record.actor, record.entity) == ("secret.refused", person, "parish")
    assert record.payload["attempt"] == act
    assert REFUSED[person] in record.payload["why"]


def allow(there: World, act: str, person: str, basis: str) -> None:
    """Have an act done, and look at by what right."""
    there.credentials().store(ask("manager"), SECRET)
    _try(there, act, person)
    assert (last(there).actor, last(there).payload["basis"]) == (person, basis)


# Who may is one decision (``tests/unit/usecases/vault/test_eligibility.py``), whatever the act. In
# files, where an act costs nothing, every act meets everybody; in DynamoDB each act meets one who
# may and one who may not, and reveal all of one kind.


@pytest.mark.parametrize("person", REFUSED)
@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_is_refused_on_record(in_files: World, act: str, person: str) -> None:
    refuse(in_files, act, person)


@pytest.mark.parametrize("person", RIGHTS)
@pytest.mark.parametrize("act", ACTS)
def test_who_may(in_files: World, act: str, person: str) -> None:
    allow(in_files, act, person, RIGHTS[person])


@pytest.mark.parametrize(
    ("act", "person"), [*((act, "editor") for act in ACTS), ("reveal", "low"), ("reveal", "nobody")]
)
def test_who_may_not_is_refused_on_record_in_dynamodb(
    in_dynamodb: World, act: str, person: str
) -> None:
    refuse(in_dynamodb, act, person)


@pytest.mark.parametrize(
    ("act", "person"), [*((act, "it") for act in ACTS), ("reveal", "second"), ("reveal", "bishop")]
)
def test_who_may_in_dynamodb(in_dynamodb: World, act: str, person: str) -> None:
    allow(in_dynamodb, act, person, RIGHTS[person])


@pytest.mark.parametrize("account", [PAGE, SITE, CLOSED])
def test_what_a_storage_says_is_enough_to_tell_who_may(there: World, account: str) -> None:
    whole = Context(REGISTRY, Policy(), AT)
    for person in (*(one.id for one in REGISTRY.people), "nobody"):
        said = there.vault.standing(account, person)
        context = Context(said.snapshot, said.policy, AT)
        assert right_of(context, account, person) == right_of(whole, account, person), person


def test_an_emergency_counts_from_its_first_day_until_the_password_is_changed(
    there: World,
) -> None:
    there.credentials().store(ask("manager"), SECRET)
    for days in (1, 5):
        there.credentials().reveal(ask("it", at=AT + timedelta(days)), REASON)
    row = login(there.registry())
    assert row is not None
    assert row.emergency_revealed_on == date(2026, 11, 3)
    assert row.holder_ids == ("it", "manager")
    there.credentials().store(ask("manager", at=AT + timedelta(6)), Secret(notes="other"))
    amended = login(there.registry())
    assert amended is not None
    assert amended.emergency_revealed_on == date(2026, 11, 3)
    there.credentials().rotate(ask("manager", at=AT + timedelta(7)), NEW)
    rotated = login(there.registry())
    assert rotated is not None
    assert (rotated.emergency_revealed_on, rotated.holder_ids) == (None, ("manager",))


# -- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "it has 0"),
        ("too short", "it has 9"),
        ("   short    \n  text ", "it has 10|plain"),
        ("x" * (MOST_REASON + 1), "it has 501"),
        ("asked by jane@example.org", "e-mail"),
        ("a\x1b[31mred\x1b[0m reason", "plain text"),
        (f"the password is {SECRET.password}", "part of the secret"),
        (f"the code is {SECRET.recovery_codes[1].upper()}", "part of the secret"),
    ],
)
def test_reasons_that_are_none(there: World, reason: str, message: str) -> None:
    there.credentials().store(ask("manager"), SECRET)
    if message == "it has 10|plain":
        there.credentials().reveal(ask("manager"), reason)
        assert last(there).payload["reason"] == "short text"
        return
    with pytest.raises(UsageError, match=message) as caught:
        there.credentials().reveal(ask("manager"), reason)
    assert SECRET.password not in str(caught.value)
    # Nothing was read, so nothing is on record.
    assert last(there).action == "secret.stored"


def test_bad_secrets_are_not_stored(there: World) -> None:
    bad: dict[str, Secret] = {
        "is empty": Secret(),
        "at most 65,536": Secret(password="x" * 70_000),
        "half of a character": Secret(password="\ud800abc"),
        "not base32": Secret(password="fine", totp="!"),
    }
    for message, secret in bad.items():
        with pytest.raises(SecretFormatError, match=message) as caught:
            there.credentials().store(ask("manager"), secret)
        assert not secret.password or secret.password not in str(caught.value)
    assert (there.records(), there.ciphertexts()) == ([], [])


def test_any_secret_up_to_the_limit_is_kept(there: World) -> None:
    secret = Secret(password="p\u00e4ss \U0001f511 \u202e\x00", notes="x" * 65_000)
    there.credentials().store(ask("manager"), secret)
    assert there.credentials().reveal(ask("manager"), REASON) == secret


def test_a_password_is_not_used_twice(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    there.credentials(keep=1).rotate(ask("manager"), NEW)
    for password in (NEW.password, SECRET.password):
        with pytest.raises(UsageError, match="was this login's before"):
            there.credentials().rotate(ask("manager"), Secret(password=password))
    with pytest.raises(UsageError, match="rotate changes its password"):
        there.credentials().store(ask("manager"), Secret(password="other"))
    with pytest.raises(UsageError, match="takes a new password"):
        there.credentials().rotate(ask("manager"), Secret(notes="only"))
    with pytest.raises(UsageError, match="a secret has no pin"):
        there.credentials().rotate(ask("manager"), Secret(password="Good-Crane-8"), ("pin",))


def test_accounts_and_logins_that_there_are_not(there: World) -> None:
    with pytest.raises(UsageError, match="no account nowhere"):
        there.credentials().store(ask("manager", "nowhere"), SECRET)
    with pytest.raises(UsageError, match="page has no login other; it has page-login"):
        there.credentials().store(ask("manager", login="other"), SECRET)
    with pytest.raises(UsageError, match="its first one is called site-login"):
        there.credentials().store(ask("manager", SITE, login="other"), SECRET)
    assert there.records() == []


def test_changed_envelopes_do_not_open(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    there.credentials().rotate(ask("manager"), NEW)
    life = there.credentials().history(ask("manager"))
    old, new = (there.vault.envelope(life, version) for version in life.versions)
    assert old is not None
    assert new is not None
    changes = {
        "an older one": old,
        "a bit": new[:-1] + bytes([new[-1] ^ 1]),
        # moto names its key in front, and says of another one what KMS does not.
        "in the key": new[:60] + bytes([new[60] ^ 1]) + new[61:],
        "cut off": new[:50],
    }
    for envelope in changes.values():
        there.change(life, 2, envelope)
        with pytest.raises(SecretUnreadableError):
            there.credentials().reveal(ask("manager"), REASON)
        with pytest.raises(SecretUnreadableError):
            there.credentials().rotate(ask("manager"), Secret(password="Good-Crane-8"))
    assert last(there).action == "secret.history_shown"
    there.change(life, 2, new)
    assert there.credentials().reveal(ask("manager"), REASON).password == NEW.password


# -- once, whatever happens --------------------------------------------------------------------


def test_the_same_request_again_is_recorded_once(there: World) -> None:
    first = ask("manager")
    stored = there.credentials().store(first, SECRET)
    assert there.credentials().store(first, SECRET).version == stored.version
    again = ask("second")
    for _ in range(2):
        there.credentials().reveal(again, REASON)
    rotation = ask("second")
    for _ in range(2):
        assert there.credentials().rotate(rotation, NEW).version.number == 2
    end = ask("head")
    for _ in range(2):
        there.credentials().destroy(end)
    actions = [record.action for record in there.records()]
    assert actions == [
        "secret.stored",
        "secret.revealed",
        "secret.rotated",
        "secret.destroyed",
    ]


OTHER = Secret(password="Cedar-lamp-99-otter")


def _conflicts(work: Callable[[], object]) -> None:
    with pytest.raises(ConflictError, match="take a new one") as caught:
        work()
    assert caught.value.kind == "idempotency-mismatch"


def test_another_content_under_an_id_that_was_used_is_a_conflict(there: World) -> None:
    """A second password is not thrown away and called done."""
    first = ask("manager")
    there.credentials().store(first, SECRET)
    _conflicts(lambda: there.credentials().store(first, OTHER))
    rotation = ask("second")
    stored = there.credentials().rotate(rotation, NEW)
    _conflicts(lambda: there.credentials().rotate(rotation, OTHER))
    _conflicts(lambda: there.credentials().rotate(rotation, replace(NEW, notes="more")))
    _conflicts(lambda: there.credentials().rotate(rotation, NEW, ["totp"]))
    # The same again is answered with what it made, whatever was written since.
    amended = there.credentials().store(ask("manager"), Secret(notes="elsewhere"))
    assert amended.version.number == 3
    assert there.credentials().rotate(rotation, NEW).version.number == stored.version.number == 2
    assert there.credentials().reveal(ask("manager"), REASON).password == NEW.password
    written = [record.action for record in there.records() if record.action != "secret.revealed"]
    assert written == ["secret.stored", "secret.rotated", "secret.amended"]


def test_what_was_destroyed_does_not_come_back_under_its_id(there: World) -> None:
    first, end = ask("manager"), ask("head")
    there.credentials().store(first, SECRET)
    there.credentials().destroy(end)
    # Stored by a request that is over: it is not stored anew, and another content is a conflict.
    _conflicts(lambda: there.credentials().store(first, OTHER))
    there.credentials().store(ask("manager"), OTHER)
    _conflicts(lambda: there.credentials().destroy(end))
    assert there.credentials().reveal(ask("manager"), REASON).password == OTHER.password


def test_an_id_lives_a_day(there: World) -> None:
    def at(asked: SecretRequest, hours: float) -> SecretRequest:
        return replace(asked, at=AT + timedelta(hours=hours))

    there.credentials().store(ask("manager"), SECRET)
    rotation = ask("second")
    there.credentials().rotate(rotation, NEW)
    for hours in (14, 23.9):
        # Another day began in between.
        _conflicts(lambda: there.credentials().rotate(at(rotation, hours), OTHER))  # noqa: B023
        again = there.credentials().rotate(at(rotation, hours), NEW)
        assert again.version.number == 2
    assert there.credentials().rotate(at(rotation, 24), OTHER).version.number == 3
    end = ask("head")
    there.credentials().destroy(at(end, 30))
    assert there.credentials().destroy(at(end, 40)).current is None
    there.credentials().store(at(ask("manager"), 50), SECRET)
    assert there.credentials().destroy(at(end, 90)).current is None


def test_an_id_reveals_to_one_reason_and_for_a_day(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    again = ask("second")
    for reason in (REASON, REASON, "because the page was defaced", REASON):
        there.credentials().reveal(again, reason)
    there.credentials().reveal(replace(again, at=AT + timedelta(days=1)), REASON)
    told = [record.payload["reason"] for record in there.records()[1:]]
    assert told == [REASON, "because the page was defaced", REASON]


def test_two_of_one_id_at_the_same_moment(there: World) -> None:
    """Both found nothing of it; one wins, and the other learns what the first made of it."""
    there.credentials().store(ask("manager"), SECRET)
    rotation = ask("second")
    slow = there.credentials()
    real = slow._open

    def meanwhile(life: Life, version: Version) -> Secret:
        slow._open = real  # type: ignore[method-assign]
        slow.rotate(rotation, NEW)
        return real(life, version)

    slow._open = meanwhile  # type: ignore[method-assign]
    assert slow.rotate(rotation, NEW).version.number == 2
    assert len(there.credentials().history(ask("head")).versions) == 2


def test_an_id_that_was_used_gives_away_nothing_else_without_a_record(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    used = ask("second")
    there.credentials().history(used)
    there.credentials().reveal(used, REASON)
    there.credentials().reveal(used, REASON, seed=True)
    there.credentials().rotate(ask("manager"), NEW)
    there.credentials().reveal(used, REASON)
    for seconds in (0, 30):
        there.credentials().code(replace(used, at=AT + timedelta(seconds=seconds)))
    there.credentials().reveal(replace(used, person="manager"), REASON)
    mine = [r.action for r in there.records() if r.actor == "second"]
    assert mine == [
        *("secret.history_shown", "secret.revealed", "secret.revealed", "secret.revealed"),
        *("secret.code_given", "secret.code_given"),
    ]
    assert last(there).actor == "manager"


def test_what_is_known_is_what_the_log_says(there: World) -> None:
    acts: list[tuple[str, str]] = [
        *(("store", "manager"), ("reveal", "it"), ("rotate", "second"), ("reveal", "manager")),
        *(("store", "head"), ("history", "bishop"), ("destroy", "manager"), ("store", "second")),
    ]
    there.credentials().store(ask("manager"), SECRET)
    there.credentials().store(ask("manager", SITE), SECRET)
    for act, person in acts:
        _try(there, act, person)
        known = lives(there.records())
        for (account, name), life in known.items():
            assert there.credentials()._vault.life(account, name) == life


def test_nothing_of_a_secret_is_in_the_log_or_the_registry(there: World) -> None:
    there.credentials().store(ask("manager"), SECRET)
    _everything(there)
    text = repr([there.records(), there.registry()])
    for value in (SECRET.password, SECRET.totp, *SECRET.recovery_codes, SECRET.notes, NEW.password):
        assert value not in text
        assert value.encode() not in b"".join(there.ciphertexts())


def _everything(there: World) -> Any:
    for act in ACTS[1:]:
        _try(there, act, "manager")


def _planted(in_files: Any, *, named: str, login: str) -> None:
    """Append lines as somebody who can write the file would: a secret, and its destruction."""
    told = {"fields": ["password"], "strength": 4, "advice": [], "fingerprint": "0" * 64}
    acts: list[tuple[EventAction, dict[str, Any]]] = [
        ("secret.stored", {**told, "version": 1, "envelope": named, "dropped": []}),
        ("secret.destroyed", {"dropped": [1], "basis": "head", "via": "x"}),
    ]
    subject = Subject("login", account=SITE, login=login)
    append(
        in_files.log,
        [
            Event(
                id=f"{login}{number:030}",
                at=AT,
                actor="manager",
                action=action,
                entity="parish",
                subject=subject,
                payload=payload,
            )
            for number, (action, payload) in enumerate(acts)
        ],
    )


def test_a_line_that_nobody_sealed_deletes_nothing(in_files: Any) -> None:
    """Neither a path to elsewhere nor what another login holds."""
    in_files.credentials().store(ask("manager"), SECRET)
    in_files.credentials().rotate(ask("manager"), NEW)
    elsewhere = in_files.directory / "x.rclv"
    elsewhere.write_bytes(b"of another")
    current = in_files.vault.life(PAGE, "page-login").current
    assert current is not None
    _planted(in_files, named=current.envelope, login="aa")
    assert in_files.credentials().reveal(ask("manager"), REASON).password == NEW.password
    _planted(in_files, named="../../x", login="bb")
    with pytest.raises(StorageError, match="verify the log"):
        in_files.credentials()
    assert elsewhere.read_bytes() == b"of another"
