"""What lies beside a registry goes along when it is written in another form."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer

from rolecall.cli.output import say
from rolecall.errors import PolicyError, UsageError
from rolecall.model import Snapshot
from rolecall.registry.policy_names import policy_text_with_ids
from rolecall.registry.policy_toml import find_policy
from rolecall.registry.titles_csv import find_titles

__all__ = ["copy_beside"]


def copy_beside(registry: Path, out: Path, snapshot: Snapshot) -> None:
    """Copy the policy of a registry, and the titles beside it, to where the registry was written.

    Where the policy names rows by name the copy has their ids, as the registry has.

    :raises OSError: one cannot be read or written.
    """
    policy = find_policy(registry)
    if policy is None:
        return
    for path in (policy, find_titles(policy)):
        target = None if path is None else (out if out.is_dir() else out.parent) / path.name
        if path is None or target is None or path.resolve() == target.resolve():
            continue
        if target.exists():
            say(f"warning: {target} exists already and was left as it is")
            continue
        text = _with_ids(path, snapshot) if path == policy else None
        if text is None:
            shutil.copyfile(path, target)
        else:
            target.write_text(text, encoding="utf-8", newline="\n")
        typer.echo(f"wrote {target}")


def _with_ids(policy: Path, snapshot: Snapshot) -> str | None:
    """Return the text of a policy with ids for names, or ``None`` where it stays as it is."""
    try:
        text = policy.read_bytes().decode("utf-8-sig")
        made = policy_text_with_ids(text, snapshot)
    except (UnicodeDecodeError, PolicyError):
        # Whoever reads it next says what is wrong with it.
        return None
    except UsageError as error:
        say(f"warning: {error}")
        return None
    return made if made != text else None
