"""The vault of the embedded use: envelopes in files, everything else in the audit log.

The commit is the line in the log. The envelope is on disk before it; what it drops is deleted after
it, and again when the vault is next opened, if a crash came in between. An envelope that no event
names is left alone: the log may have been restored from an older copy. Lines that are not sealed
may be anybody's: what is in force for any login stays, whatever another says of it, and a name that
is no digest is refused (:mod:`rolecall.vault.envelope_files`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from rolecall.errors import SecretUnreadableError, UsageError
from rolecall.ledger.event import Event
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.log import append, records
from rolecall.ledger.reading import AnyRecord, UnknownRecord
from rolecall.model import Policy, Snapshot
from rolecall.usecases.vault.admission import RegistryExtract, rewrapped
from rolecall.vault.envelope import EnvelopeContext, rewrap, wrapped_key
from rolecall.vault.envelope_files import EnvelopeFiles
from rolecall.vault.key_file import VaultKey
from rolecall.vault.life import Life, Version, lives
from rolecall.vault.local_key import LocalWrapper
from rolecall.vault.overlay import with_vault

__all__ = ["FileVault", "rewrap_files"]


def _understood(log: Iterable[AnyRecord]) -> Iterator[AnyRecord]:
    """Pass the records of a log on, if nothing was done with secrets that nobody here knows.

    :raises UsageError: what was done might be that somebody may not see a secret any more.
    """
    for record in log:
        if isinstance(record, UnknownRecord) and record.action.startswith(("secret.", "vault.")):
            raise UsageError(
                f"the log says {record.action}, which this release does not know: a later one "
                "wrote it; use that one for this vault"
            )
        yield record


class FileVault:
    """A vault beside an open log. The log's lock makes it one user at a time."""

    def __init__(
        self,
        organisation: str,
        files: EnvelopeFiles,
        log: FileLog,
        snapshot: Snapshot,
        policy: Policy,
    ) -> None:
        self.organisation = organisation
        self.files = files
        self.log = log
        self.lives = lives(_understood(records(log)))
        self.snapshot = snapshot
        self._policy = policy
        self._sweep(self.lives.values())

    def standing(self, account: str, person: str) -> RegistryExtract:
        """Return the whole registry, with what the vault knows of its logins."""
        del account, person
        return RegistryExtract(with_vault(self.snapshot, self.lives), self._policy)

    def life(self, account: str, login: str) -> Life:
        """Return what is known of a secret."""
        return self.lives.get((account, login), Life(account, login))

    def logins(self, account: str) -> Collection[str]:
        """Return the ids of the account's logins that have, or had, a secret here."""
        return [login for owner, login in self.lives if owner == account]

    def envelope(self, life: Life, version: Version) -> bytes | None:
        """Return the envelope of a version."""
        del life
        return self.files.get(version.envelope)

    def recorded(self, event: str) -> bool:
        """Tell whether an event is on record."""
        return self.log.find(event) is not None

    def commit(
        self,
        standing: RegistryExtract,
        before: Life,
        after: Life,
        event: Event,
        envelope: bytes | None,
    ) -> None:
        """Record an event; what it needs is on disk before, what it drops is gone after."""
        del standing
        if envelope is not None:
            self.files.put(envelope)
        append(self.log, [event])
        if after.versions:
            self.lives[after.account, after.login] = after
        if before.kept() != after.kept():
            self._sweep([after])

    def _sweep(self, lives_: Iterable[Life]) -> None:
        dropped = [one.envelope for life in lives_ for one in life.versions if not one.kept]
        in_force = {one.envelope for life in self.lives.values() for one in life.kept()}
        for digest in dropped:
            if digest not in in_force:
                self.files.remove(digest)


def rewrap_files(
    vault: FileVault,
    key: VaultKey,
    save: Callable[[VaultKey], None],
    at: datetime,
    via: str,
    advance: Callable[[int, int], object] | None = None,
) -> int:
    """Wrap every data key under a new key; return how many there are.

    The key file says how far it is: with two keys in it, it was interrupted and goes on. Secrets
    stay closed, and their versions, digests and histories what they were.

    :param save: writes the key file.
    :raises SecretUnreadableError: an envelope cannot be opened; nothing was lost, both keys stay.
    """
    if len(key.wrapping) == 1:
        key = key.with_new()
        save(key)
    current = LocalWrapper(key.wrapping[0])
    kept = [(life, version) for life in vault.lives.values() for version in life.kept()]
    for done, (life, version) in enumerate(kept):
        if advance is not None:
            advance(done, len(kept))
        place = EnvelopeContext(vault.organisation, life.account, life.login, version.number)
        envelope = vault.files.get(version.envelope)
        if envelope is None:
            raise SecretUnreadableError
        _, wrapped = wrapped_key(envelope)
        try:
            current.unwrap(wrapped, place)
        except SecretUnreadableError:
            fresh = current.wrap(key.unwrap(wrapped, place), place)
            vault.files.put(rewrap(envelope, fresh, current.kind))
    append(vault.log, [rewrapped(at, via, len(kept))])
    save(key.without_old())
    return len(kept)
