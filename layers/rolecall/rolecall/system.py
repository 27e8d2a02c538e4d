"""What one operating system has and another has not, asked for in one place.

Nothing here, nor anywhere else in the package, imports a module of Unix or of Windows when it is
itself imported: what one of them lacks is looked for at the moment when it is needed.

Deliberately elsewhere: files, their locks and what makes them last (:mod:`rolecall.durable`).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rolecall.errors import UsageError

__all__ = ["IS_WINDOWS", "configuration_directory", "is_private", "user_name"]

IS_WINDOWS = os.name == "nt"


def user_name() -> str:
    """Return who runs this to the operating system; the environment has no say in it.

    :raises UsageError: the system does not say.
    """
    if not IS_WINDOWS:
        import pwd

        uid = os.getuid()
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return str(uid)
    try:
        # On Windows this asks the system (GetUserNameW), unlike getpass.getuser.
        return os.getlogin()
    except OSError as error:
        raise UsageError("the operating system does not say who you are") from error


def configuration_directory() -> Path:
    """Return where the user's own keys and settings are kept.

    ``XDG_CONFIG_HOME`` decides wherever it is set. Otherwise it is ``%APPDATA%`` on Windows, which
    the system lets nobody else into, and ``~/.config`` everywhere else.

    :raises UsageError: there is no home directory.
    """
    home = os.environ.get("XDG_CONFIG_HOME") or (IS_WINDOWS and os.environ.get("APPDATA"))
    if home:
        return Path(home) / "rolecall"
    try:
        return Path.home() / ".config" / "rolecall"
    except RuntimeError as error:
        raise UsageError(
            "you have no home directory to keep keys in; set XDG_CONFIG_HOME to another"
        ) from error


def is_private(mode: int) -> bool:
    """Return whether the mode of a file keeps all but its owner out.

    Windows has no modes but lists of who may, which are not looked at: a file in a user's own
    directories has its list from there.
    """
    return IS_WINDOWS or not stat.S_IMODE(mode) & 0o077
