"""What differs between operating systems."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rolecall import system
from rolecall.errors import UsageError
from rolecall.system import configuration_directory, is_private, user_name


@pytest.mark.parametrize(
    ("is_windows", "environment", "expected"),
    [
        (False, {"HOME": "/home/a"}, "/home/a/.config/rolecall"),
        (False, {"HOME": "/home/a", "APPDATA": "/roaming"}, "/home/a/.config/rolecall"),
        (False, {"HOME": "/home/a", "XDG_CONFIG_HOME": ""}, "/home/a/.config/rolecall"),
        (False, {"HOME": "/home/a", "XDG_CONFIG_HOME": "/xdg"}, "/xdg/rolecall"),
        (True, {"HOME": "/home/a", "APPDATA": "/roaming"}, "/roaming/rolecall"),
        (True, {"APPDATA": "/roaming", "XDG_CONFIG_HOME": "/xdg"}, "/xdg/rolecall"),
        (True, {"HOME": "/home/a"}, "/home/a/.config/rolecall"),
    ],
)
def test_where_keys_are_kept(
    monkeypatch: pytest.MonkeyPatch, is_windows: bool, environment: dict[str, str], expected: str
) -> None:
    for name in ("HOME", "APPDATA", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(system, "IS_WINDOWS", is_windows)
    assert configuration_directory() == Path(expected)


def test_nobody_without_a_home_is_left_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(UsageError, match="set XDG_CONFIG_HOME"):
        configuration_directory()


def test_who_acts_is_what_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    pwd = pytest.importorskip("pwd")
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert user_name() == pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setattr(os, "getuid", lambda: 4_123_456)
    assert user_name() == "4123456"
    monkeypatch.setattr(system, "IS_WINDOWS", True)
    monkeypatch.setattr(os, "getlogin", lambda: "Zoë")
    assert user_name() == "Zoë"

    def nobody() -> str:
        raise OSError(2, "No such file or directory")

    monkeypatch.setattr(os, "getlogin", nobody)
    with pytest.raises(UsageError, match="does not say who you are"):
        user_name()


@pytest.mark.parametrize("mode", [0o100640, 0o100604, 0o100666])
def test_modes_are_looked_at_where_there_are_some(
    monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    assert is_private(0o100600)
    assert not is_private(mode)
    monkeypatch.setattr(system, "IS_WINDOWS", True)
    assert is_private(mode)
