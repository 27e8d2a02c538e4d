"""What becomes of trouble in the midst of a use case: nothing lost, nothing given away unseen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import EndpointConnectionError

from rolecall.aws.table import TableItem, put
from rolecall.errors import (
    DeniedError,
    LogBusyError,
    SecretUnreadableError,
    StorageError,
    UsageError,
)
from rolecall.ledger.file_log import FileLog
from rolecall.usecases.vault.credentials import Credentials, Stored
from rolecall.usecases.vault.file_vault import rewrap_files
from rolecall.vault.envelope import EnvelopeContext, open_envelope
from rolecall.vault.key_file import VaultKey
from rolecall.vault.life import lives
from rolecall.vault.secret import Secret, unpack
from tests.cloud import cloud
from tests.faults import Crash, Trouble, dying
from tests.vaults import AT, KEY, REASON, SECRET, Files, Sky, ask, login, with_accounts

# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover

NEW = Secret(password="another-Heron-Thimble")


def _acts(use: Credentials) -> dict[str, Callable[[], object]]:
    return {
        "rotate": lambda: use.rotate(ask("second"), NEW),
        "reveal": lambda: use.reveal(ask("second"), REASON),
        "destroy": lambda: use.destroy(ask("second")),
    }


@pytest.mark.parametrize("act", ["rotate", "reveal", "destroy"])
def test_a_crash_at_every_write(tmp_path: Path, act: str) -> None:
    at, shown = 0, False
    while not shown:
        at += 1
        with closing(Files(tmp_path / str(at))) as files:
            files.credentials(keep=1).store(ask("manager"), SECRET)
            work = _acts(files.credentials(keep=1))[act]
            with dying(at), suppress(Crash):
                work()
                shown = True
        with closing(Files(tmp_path / str(at))) as again:
            _one_state_or_the_other(again, act, shown=shown)
    # Each of them writes and syncs at least once.
    assert at > 2


def _one_state_or_the_other(again: Files, act: str, *, shown: bool) -> None:
    """Look at what the next process finds: what was, or what is to be, and that whole."""
    actions = [record.action for record in again.records()]
    done = len(actions) == 2
    assert actions[0] == "secret.stored"
    assert done or not shown
    (life,) = again.vault.lives.values()
    assert life == lives(again.records())["page", "page-login"]
    kept = {version.envelope for version in life.kept()}
    there = {path.stem for path in again.files.directory.glob("*.rclv")}
    # What was dropped is gone, at the latest when the vault is opened again.
    assert kept == there if done else kept <= there
    if life.current is None:
        assert (act, done) == ("destroy", True)
        return
    password = NEW.password if (act, done) == ("rotate", True) else SECRET.password
    assert again.credentials().reveal(ask("manager"), REASON).password == password


def test_a_rewrap_that_is_interrupted_goes_on(tmp_path: Path) -> None:
    at, done = 0, False
    while not done:
        at += 1
        saved = [KEY]
        with closing(Files(tmp_path / str(at))) as files:
            files.credentials().store(ask("manager"), SECRET)
            for number in range(2):
                files.credentials().rotate(ask("manager"), Secret(password=f"Otter-{number}-Lamp"))
            with dying(at), suppress(Crash):
                rewrap_files(files.vault, saved[-1], saved.append, AT, "os:tester")
                done = True
        with closing(Files(tmp_path / str(at))) as again:
            if not done:
                assert rewrap_files(again.vault, saved[-1], saved.append, AT, "os:tester") == 3
            _all_under_one_new_key(again, saved[-1])
    assert at > 6


def _all_under_one_new_key(again: Files, key: VaultKey) -> None:
    assert len(key.wrapping) == 1
    assert key.wrapping != KEY.wrapping
    (life,) = again.vault.lives.values()
    for version in life.kept():
        envelope = again.files.get(version.envelope)
        assert envelope is not None
        place = EnvelopeContext("test", life.account, life.login, version.number)
        assert unpack(open_envelope(envelope, place, key)).notes == SECRET.notes
        with pytest.raises(SecretUnreadableError):
            open_envelope(envelope, place, KEY)
    assert [record.action for record in again.records()][-1] == "vault.rewrapped"


def test_an_envelope_that_is_gone_stops_a_rewrap(tmp_path: Path) -> None:
    with closing(Files(tmp_path)) as files:
        files.credentials().store(ask("manager"), SECRET)
        (path,) = files.files.directory.iterdir()
        path.unlink()
        saved: list[VaultKey] = []
        with pytest.raises(SecretUnreadableError):
            rewrap_files(files.vault, KEY, saved.append, AT, "os:tester")
        assert saved[-1].wrapping[1:] == KEY.wrapping
        with pytest.raises(SecretUnreadableError):
            files.credentials().reveal(ask("manager"), REASON)


def test_an_older_log_loses_no_secret(tmp_path: Path) -> None:
    log = tmp_path / "log" / "records.jsonl"
    with closing(Files(tmp_path)) as files:
        files.credentials().store(ask("manager"), SECRET)
        old = log.read_bytes()
        files.credentials().rotate(ask("manager"), NEW)
    log.write_bytes(old)
    with closing(Files(tmp_path)) as files:
        assert len(files.ciphertexts()) == 2
        assert files.credentials().reveal(ask("manager"), REASON).password == SECRET.password


# -- in a stack --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        "ThrottlingException",
        "KMSInternalException",
        "AccessDeniedException",
        "DisabledException",
        EndpointConnectionError(endpoint_url="https://kms.example"),
    ],
)
def test_kms_in_trouble_gives_away_and_changes_nothing(trouble: Any) -> None:
    with cloud(with_accounts) as sky:
        there = Sky(sky)
        there.credentials().store(ask("manager"), SECRET)
        before, count = there.items(), len(there.records())
        use = there.credentials()
        kms = Trouble(use._wrapper._client)  # type: ignore[attr-defined]
        mac = Trouble(use._mac._client)  # type: ignore[attr-defined]
        kms.codes = {"Decrypt": trouble}
        for work in (lambda: use.reveal(ask("manager"), REASON), lambda: use.code(ask("manager"))):
            with pytest.raises(StorageError, match="unwrapping a key"):
                work()
        kms.codes = {"GenerateDataKey": trouble}
        with pytest.raises(StorageError, match="asking KMS for a key"):
            use.rotate(ask("manager"), NEW)
        mac.codes = {"GenerateMac": trouble}
        with pytest.raises(StorageError, match="making a fingerprint"):
            use.rotate(ask("manager"), NEW)
        assert (there.items(), len(there.records())) == (before, count)
        kms.codes.clear()
        mac.codes.clear()
        assert use.reveal(ask("manager"), REASON).password == SECRET.password


@pytest.mark.parametrize("code", ["InvalidCiphertextException", "IncorrectKeyException"])
def test_what_kms_cannot_unwrap_cannot_be_opened(code: str) -> None:
    with cloud(with_accounts) as sky:
        there = Sky(sky)
        there.credentials().store(ask("manager"), SECRET)
        use = there.credentials()
        Trouble(use._wrapper._client).codes = {"Decrypt": code}  # type: ignore[attr-defined]
        with pytest.raises(SecretUnreadableError) as caught:
            use.reveal(ask("manager"), REASON)
        assert caught.value.__suppress_context__


def test_a_commit_that_fails_gives_away_nothing() -> None:
    with cloud(with_accounts) as sky:
        there = Sky(sky)
        there.credentials().store(ask("manager"), SECRET)
        use = there.credentials()
        log = Trouble(there.vault.log.client)  # type: ignore[attr-defined]
        log.codes = {"TransactWriteItems": "InternalServerError"}
        with pytest.raises(StorageError):
            use.reveal(ask("second"), REASON)
        with pytest.raises(StorageError):
            use.reveal(ask("editor"), REASON)
        assert [record.action for record in there.records()] == ["secret.stored"]
        log.codes.clear()
        with pytest.raises(DeniedError):
            use.reveal(ask("editor"), REASON)


def test_two_who_rotate_at_once() -> None:
    with cloud(with_accounts) as sky:
        there = Sky(sky)
        there.credentials().store(ask("manager"), SECRET)
        use = there.credentials()
        done: list[Stored] = []
        envelope = use._vault.envelope

        def meanwhile(*arguments: Any) -> Any:
            # After the first has looked, and before it commits, another rotates.
            if not done:
                done.append(there.credentials().rotate(ask("second"), NEW))
            return envelope(*arguments)

        with mock.patch.object(use._vault, "envelope", meanwhile):
            stored = use.rotate(ask("manager"), Secret(password="Fresh-Otter-1"))
        assert (done[0].version.number, stored.version.number) == (2, 3)
        row = login(there.registry())
        assert row is not None
        assert row.holder_ids == ("manager",)
        actions = [record.action for record in there.records()]
        assert actions == ["secret.stored", "secret.rotated", "secret.rotated"]


def test_an_import_that_comes_in_between() -> None:
    with cloud(with_accounts) as sky:
        there = Sky(sky)
        registry = sky.stack().registry
        use = there.credentials()
        done: list[TableItem] = []
        life = use._vault.life

        def meanwhile(*arguments: Any) -> Any:
            if not done:
                row = registry.account("page")
                assert row is not None
                done.append(row)
                changed = row.data.replace('"stbrigid"', '"stbrigid.new"').encode()
                name = registry.table.name
                registry.table.transact(
                    [put(name, row.partition, row.key, changed, version=row.version)]
                )
            return life(*arguments)

        with mock.patch.object(use._vault, "life", meanwhile):
            use.store(ask("manager"), SECRET)
        (page,) = [one for one in there.registry().accounts if one.id == "page"]
        row = login(there.registry())
        assert row is not None
        assert (page.handle, row.storage) == ("stbrigid.new", "vault")
        assert len(there.records()) == 1


def test_a_log_that_others_hold(tmp_path: Path) -> None:
    with closing(Files(tmp_path)), pytest.raises(LogBusyError):
        FileLog.open(tmp_path / "log", wait=0)


def test_a_stack_without_a_registry() -> None:
    with cloud() as sky, pytest.raises(UsageError, match="no account page"):
        sky.stack().credentials.store(ask("manager"), SECRET)
