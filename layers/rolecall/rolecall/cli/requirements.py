"""What a command needs beside Rolecall itself: said before any work, with what brings it.

What brings it depends on how Rolecall came here, which its own metadata tells (PEP 610): a
checkout or a wheel is installed again with the extra, by the tool that installed it. Rolecall lies
on no package index, so its name alone would find nothing, or somebody else's.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rolecall.errors import UsageError
from rolecall.reports.formats import missing

__all__ = ["needs_aws", "needs_reports"]

_AWS = {
    "aws_lambda_powertools": "aws-lambda-powertools",
    "boto3": "boto3",
    "pydantic": "pydantic",
}
_DISTRIBUTIONS = {"jinja2": "Jinja2"}
"""Modules of reports, whose distributions have another name."""


def needs_aws(what: str = "--stack") -> None:
    """Make sure that the libraries of AWS are there.

    :param what: needs them.
    :raises UsageError: they are not; the message says what brings them.
    """
    lacking = [name for module, name in _AWS.items() if find_spec(module) is None]
    if lacking:
        raise UsageError(f"{what} needs {_all(lacking)}; {_brings(lacking, 'aws')}")


def needs_reports(names: Collection[str]) -> None:
    """Make sure that the libraries are there which make reports.

    :param names: of the reports.
    :raises UsageError: one is missing; the message says what brings it.
    """
    lacking = [_DISTRIBUTIONS.get(module, module) for module in missing(names)]
    if lacking:
        raise UsageError(f"these reports need {_all(lacking)}; {_brings(lacking, '')}")


def _all(names: list[str]) -> str:
    verb = "is" if len(names) == 1 else "are"
    return f"{', '.join(names)}, which {verb} not installed"


def _brings(names: list[str], extra: str) -> str:
    """Return the command that installs what is missing here."""
    return f"this brings {'it' if len(names) == 1 else 'them'}: {_command(names, extra)}"


def _command(names: list[str], extra: str) -> str:
    source = _source(extra)
    if source is not None:
        for receipt, command in (
            ("uv-receipt.toml", "uv tool install"),
            ("pipx_metadata.json", "pipx install --force"),
        ):
            if (Path(sys.prefix) / receipt).is_file():
                return f'{command} "{source}"'
    wanted = [source] if source is not None else _requirements(names, extra)
    if find_spec("pip") is None:
        installs = f'uv pip install --python "{sys.executable}"'
    else:
        installs = f'"{sys.executable}" -m pip install'
    return " ".join([installs, *(f'"{one}"' for one in wanted)])


def _source(extra: str) -> str | None:
    """Return from what Rolecall was installed, with an extra; ``None`` where that is gone."""
    try:
        text = distribution("rolecall").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    if text is None:
        return None
    origin = json.loads(text)
    url = str(origin["url"])
    extras = f"[{extra}]" if extra else ""
    if urlsplit(url).scheme == "file":
        path = Path(url2pathname(urlsplit(url).path))
        if not path.exists():
            return None
        if "dir_info" in origin:
            return f"{path}{extras}"
    if "vcs_info" in origin:
        url = f"{origin['vcs_info']['vcs']}+{url}@{origin['vcs_info']['commit_id']}"
    return f"rolecall{extras} @ {url}"


def _requirements(names: list[str], extra: str) -> list[str]:
    """Return the requirements of these names, as the metadata of Rolecall has them."""
    try:
        required = distribution("rolecall").requires or []
    except PackageNotFoundError:
        return names
    given = {}
    for requirement in required:
        wanted, _, marker = requirement.partition(";")
        if (f"extra == '{extra}'" in marker.replace('"', "'")) == bool(extra):
            given[re.split(r"[^A-Za-z0-9_.-]", wanted, maxsplit=1)[0]] = wanted.strip()
    return [given.get(name, name) for name in names]
