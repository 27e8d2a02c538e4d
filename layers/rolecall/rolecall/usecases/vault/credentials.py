"""What people do with the secret of a login. Each is one event of the audit log, and one commit.

The order of effects: (1) who asks is held against the registry, and a refusal is put on record;
(2) what is read is decrypted; (3) the event is committed with what it changes; (4) only then is
anything given away. So nobody reads a secret without a record of it. A request has an id: the same
request again is recorded once (:mod:`rolecall.usecases.vault.repetition`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import LogConflictError, SecretUnreadableError, UsageError
from rolecall.ledger.event import EventAction
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried
from rolecall.usecases.vault.admission import (
    AdmittedRequest,
    SecretRequest,
    VaultStore,
    admit,
    record,
)
from rolecall.usecases.vault.repetition import (
    content_mark,
    days_of,
    destroyed_before,
    written_before,
)
from rolecall.vault.envelope import (
    EnvelopeContext,
    KeyWrapper,
    content_digest,
    open_envelope,
    seal_envelope,
)
from rolecall.vault.fingerprint import Mac, fingerprint
from rolecall.vault.life import Life, Version
from rolecall.vault.one_time import Code, check_seed, one_time_code
from rolecall.vault.secret import Secret, merged, pack, unpack
from rolecall.vault.strength import assess, words_of

__all__ = ["FIELDS", "KEPT_VERSIONS", "Credentials", "Stored"]

FIELDS = tuple(Secret.__struct_fields__)
KEPT_VERSIONS = 3
"""Versions of a secret whose ciphertext is kept, the current one among them."""
_SHORTEST = 4


class Stored(Struct, frozen=True):
    """What is known of a secret that was stored.

    :ivar carried: fields that were taken over from the version before, which others have seen.
    """

    login: str
    version: Version
    carried: tuple[str, ...] = ()


class Credentials:
    """The use cases, over one vault and its keys."""

    def __init__(
        self, vault: VaultStore, wrapper: KeyWrapper, mac: Mac, *, keep: int = KEPT_VERSIONS
    ) -> None:
        """Use a vault.

        :param keep: versions of a secret whose ciphertext is kept, at least 1.
        """
        self._vault = vault
        self._wrapper = wrapper
        self._mac = mac
        self._keep = max(1, keep)

    # -- use cases --------------------------------------------------------------------------

    def store(self, ask: SecretRequest, secret: Secret) -> Stored:
        """Put a first secret into the vault, or change what is beside the password of one.

        :raises SecretFormatError: it cannot be kept.
        :raises UsageError: there is a password already: to change it is to rotate.
        """
        _check(secret)
        pack(secret)

        @retried
        def work() -> Stored:
            case = admit(self._vault, ask, "store")
            mark = content_mark(case, secret, (), self._mac)
            current = case.life.current
            if (version := written_before(case, mark)) is not None:
                return Stored(case.life.login, version.shown())
            if current is None:
                return self._write(case, mark, "secret.stored", secret)
            if secret.password and "password" in current.fields:
                raise UsageError(
                    f"login {case.life.login} of {ask.account} is in the vault already; rotate "
                    "changes its password"
                )
            old = self._open(case.life, current)
            whole, carried = merged(old, secret)
            if secret.password:
                return self._write(case, mark, "secret.rotated", whole, carried)
            return self._write(case, mark, "secret.amended", whole, carried)

        return work()

    def rotate(self, ask: SecretRequest, secret: Secret, clear: Collection[str] = ()) -> Stored:
        """Put a new password in place of the one there is; who asks is the only one to know it.

        :param secret: its empty fields stay what they were.
        :param clear: names of fields that do not.
        :raises UsageError: there is nothing to rotate, or the password was used before.
        """
        _check(secret)
        if not secret.password:
            raise UsageError("to rotate takes a new password")

        @retried
        def work() -> Stored:
            case = admit(self._vault, ask, "rotate")
            mark = content_mark(case, secret, clear, self._mac)
            if (version := written_before(case, mark)) is not None:
                return Stored(case.life.login, version.shown())
            old = self._open(case.life, case.current())
            print_ = fingerprint(secret.password, self._mac)
            if print_ in {version.fingerprint for version in case.life.versions}:
                raise UsageError("the new password was this login's before; take another one")
            whole, carried = merged(old, secret, clear)
            return self._write(case, mark, "secret.rotated", whole, carried)

        return work()

    def reveal(
        self, ask: SecretRequest, reason: str, *, version: int | None = None, seed: bool = False
    ) -> Secret:
        """Return a secret; who asks is one of its holders from now on.

        :param version: an earlier one that is still kept, by default the current one.
        :param seed: whether the seed of one-time codes is shown too.
        :raises UsageError: the reason is none, or there is no such version.
        """
        said = reason_of(reason)

        @retried
        def work() -> Secret:
            case = admit(self._vault, ask, "reveal")
            wanted = case.current()
            if version is not None and version != wanted.number:
                kept = {one.number: one for one in case.life.kept()}
                if version not in kept:
                    raise UsageError(
                        f"version {version} of login {case.life.login} is not kept; there are "
                        f"{', '.join(map(str, kept))}"
                    )
                wanted = kept[version]
            secret = self._open(case.life, wanted)
            _refuse_leak(said, secret)
            shown = secret if seed else replace(secret, totp="")
            fields = [name for name in FIELDS if getattr(shown, name)]
            payload = {"version": wanted.number, "reason": said, "fields": fields}
            # A request that comes again shows the same once more, or is a record of its own.
            bound = (str(wanted.number), *fields, said, days_of(case)[0])
            record(self._vault, case, "secret.revealed", payload, bound=bound)
            return shown

        return work()

    def code(self, ask: SecretRequest) -> Code:
        """Return the one-time code of this moment; the seed stays where it is.

        :raises UsageError: the secret has no seed.
        """

        @retried
        def work() -> Code:
            case = admit(self._vault, ask, "code")
            current = case.current()
            if "totp" not in current.fields:
                raise UsageError(f"login {case.life.login} of {ask.account} has no one-time codes")
            made = one_time_code(self._open(case.life, current).totp, ask.at)
            payload = {"version": current.number}
            record(self._vault, case, "secret.code_given", payload, bound=(ask.at.isoformat(),))
            return made

        return work()

    def history(self, ask: SecretRequest) -> Life:
        """Return every version there was, and who has known it."""

        @retried
        def work() -> Life:
            case = admit(self._vault, ask, "history")
            if not case.life.versions:
                case.current()
            record(self._vault, case, "secret.history_shown", {}, bound=(ask.at.isoformat(),))
            return case.life.shown()

        return work()

    def destroy(self, ask: SecretRequest) -> Life:
        """Delete all that is kept of a secret; its history stays."""

        @retried
        def work() -> Life:
            case = admit(self._vault, ask, "destroy")
            if destroyed_before(self._vault, case):
                return case.life.shown()
            case.current()
            payload = {"dropped": [version.number for version in case.life.kept()]}
            day = days_of(case)[0]
            return record(self._vault, case, "secret.destroyed", payload, bound=(day,)).shown()

        return work()

    # -- parts ------------------------------------------------------------------------------

    def _place(self, life: Life, number: int) -> EnvelopeContext:
        return EnvelopeContext(self._vault.organisation, life.account, life.login, number)

    def _open(self, life: Life, version: Version) -> Secret:
        envelope = self._vault.envelope(life, version)
        # The log says what was stored: an older ciphertext put back is not it.
        if envelope is None or content_digest(envelope) != version.envelope:
            raise SecretUnreadableError
        return unpack(open_envelope(envelope, self._place(life, version.number), self._wrapper))

    def _write(
        self,
        case: AdmittedRequest,
        mark: str,
        action: EventAction,
        secret: Secret,
        carried: tuple[str, ...] = (),
    ) -> Stored:
        number = case.life.next
        data = pack(secret)
        envelope = seal_envelope(data, self._place(case.life, number), self._wrapper)
        payload: dict[str, Any] = {
            "version": number,
            "fields": [name for name in FIELDS if getattr(secret, name)],
            "envelope": content_digest(envelope),
            **self._judged(case, secret),
            "dropped": [one.number for one in case.life.kept()][: -self._keep + 1 or None],
            "request": mark,
        }
        after = record(self._vault, case, action, payload, envelope, bound=(str(number),))
        if after is case.life:
            raise LogConflictError("the same request was served at this moment")
        return Stored(after.login, after.versions[-1].shown(), carried)

    def _judged(self, case: AdmittedRequest, secret: Secret) -> Mapping[str, Any]:
        """Return what is kept about a password; the password is not."""
        if not secret.password:
            return {"strength": None, "advice": [], "fingerprint": None}
        account = case.account
        entity = next(e for e in case.standing.snapshot.entities if e.id == account.entity_id)
        texts = (account.handle, account.platform, account.url, account.login_email, account.id)
        words = words_of(*texts, entity.name, entity.id, secret.username)
        strength = assess(secret.password, words)
        return {
            "strength": strength.score,
            "advice": list(strength.advice),
            "fingerprint": fingerprint(secret.password, self._mac),
        }


def _check(secret: Secret) -> None:
    if secret.totp:
        check_seed(secret.totp)


def _refuse_leak(said: str, secret: Secret) -> None:
    values = (secret.password, secret.totp, *secret.recovery_codes, secret.notes)
    folded = said.casefold()
    for value in values:
        if len(value) >= _SHORTEST and value.casefold() in folded:
            raise UsageError("the reason holds a part of the secret; it stays in the log for good")
