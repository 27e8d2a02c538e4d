"""How a secret comes in: by prompts, or as JSON on standard input; never as an argument."""

from __future__ import annotations

import sys
from getpass import getpass

import msgspec
import typer

from rolecall.cli.output import say
from rolecall.errors import SecretFormatError, UsageError
from rolecall.vault.secret import MOST_BYTES, Secret

__all__ = ["prompted", "read_secret"]


def read_secret() -> Secret:
    """Return the secret that stands on standard input.

    :raises SecretFormatError: it is none; what was given is not quoted.
    """
    # As JSON a secret may be written longer than it is packed, but not by much.
    data = sys.stdin.buffer.read(2 * MOST_BYTES + 1)
    if len(data) > 2 * MOST_BYTES:
        raise SecretFormatError(
            f"standard input is too long: at most {MOST_BYTES:,} bytes are kept"
        )
    try:
        return msgspec.json.decode(data, type=_Given).secret()
    except (msgspec.DecodeError, UnicodeDecodeError):
        # The cause could quote what was given.
        raise SecretFormatError(
            "standard input is not a secret: a JSON object with username, password, totp, "
            "recovery_codes (a list) and notes, each of which may be missing"
        ) from None


class _Given(msgspec.Struct, forbid_unknown_fields=True):
    username: str = ""
    password: str = ""
    totp: str = ""
    recovery_codes: list[str] = []
    notes: str = ""

    def secret(self) -> Secret:
        return Secret(
            self.username, self.password, self.totp, tuple(self.recovery_codes), self.notes
        )


def prompted(hint: str) -> Secret:
    """Return what the person at the terminal types; passwords do not show.

    :param hint: said first.
    :raises UsageError: nobody is there to ask.
    """
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to ask; --stdin reads the secret from standard input")
    say(f"({hint})")
    username = _asked("User name", hidden=False)
    password = _asked("Password", hidden=True)
    if password and _asked("Password again", hidden=True) != password:
        raise SecretFormatError("the two passwords differ; nothing was stored")
    totp = _asked("Seed of one-time codes (as text, or otpauth://...)", hidden=True)
    codes = _asked("Recovery codes, with spaces between them", hidden=True)
    notes = _asked("Notes", hidden=True)
    return Secret(username, password, totp, tuple(codes.split()), notes)


def _asked(label: str, *, hidden: bool) -> str:
    if hidden:
        # It stops the echo before it asks: what is typed early does not show either.
        return getpass(f"{label}: ", sys.stderr)
    answer: str = typer.prompt(label, default="", show_default=False, err=True)
    return answer
