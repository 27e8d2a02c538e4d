"""What lies beside a registry goes along when it is written in another form."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer

from rolecall.cli.output import say
from rolecall.registry.policy_toml import find_policy
from rolecall.registry.titles_csv import find_titles

__all__ = ["copy_beside"]


def copy_beside(registry: Path, out: Path) -> None:
    """Copy the policy of a registry, and the titles beside it, to where the registry was written.

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
        else:
            shutil.copyfile(path, target)
            typer.echo(f"wrote {target}")
