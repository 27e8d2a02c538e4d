"""The vectors of releases: where they are, and how a stack that one left is put back."""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends

from infra.template import TemplateLoader
from rolecall.aws.settings import SETTINGS
from tests.cloud import ROOT, Beginning, Cloud, cloud

__all__ = [
    "LATEST",
    "RELEASES",
    "Release",
    "put_back",
    "restored",
]

_VECTORS = ROOT / "tests" / "vectors"
_BATCH = 25


class Release:
    """What a release left behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name.removeprefix("release-")

    def __repr__(self) -> str:
        return self.name

    @property
    def verifier_key(self) -> str:
        """The key that verifies its log and its bundles."""
        return (self.folder / "verifier-key").read_text(encoding="utf-8").strip()

    @property
    def template(self) -> Mapping[str, Any]:
        """Its template."""
        text = (self.folder / "template.yaml").read_text(encoding="utf-8")
        found: dict[str, Any] = yaml.load(text, TemplateLoader)  # noqa: S506 - a SafeLoader with tags.
        return found

    def copy(self, directory: Path) -> Path:
        """Return a copy of its files, to be changed; nobody else may read its keys."""
        made = Path(shutil.copytree(self.folder, directory / self.folder.name))
        (made / "vault-key").chmod(0o600)
        return made

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield what its stack held."""
        with gzip.open(self.folder / "stack.jsonl.gz") as file:
            yield from map(json.loads, file)


def _numbers(release: Release) -> list[int]:
    return [int(part) for part in release.name.split(".")]


RELEASES = sorted((Release(one) for one in _VECTORS.glob("release-*")), key=_numbers)
"""The oldest first."""
LATEST = RELEASES[-1]


def put_back(release: Release, outputs: Mapping[str, str]) -> None:
    """Write tables and buckets as a release left them.

    :param outputs: of the stack, whose tables and buckets are empty.
    """
    tables, objects = boto3.client("dynamodb"), boto3.client("s3")
    waiting: dict[str, list[Any]] = {}
    for line in release.lines():
        if (table := line.get("table")) is not None:
            waiting.setdefault(outputs[table], []).append(_item(line["item"]))
        elif (bucket := line.get("bucket")) is not None:
            objects.put_object(
                Bucket=outputs[bucket],
                Key=line["name"],
                Body=base64.b64decode(line["data"]),
                ContentType=line["type"],
                Metadata=line["metadata"],
            )
    for name, items in waiting.items():
        for start in range(0, len(items), _BATCH):
            puts = [{"PutRequest": {"Item": item}} for item in items[start : start + _BATCH]]
            answer = tables.batch_write_item(RequestItems={name: puts})
            assert not answer["UnprocessedItems"]


def _item(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item as it was: bytes are in base64."""
    return {
        name: {"B": base64.b64decode(value["B"])} if "B" in value else value
        for name, value in stored.items()
    }


@cache
def _left(release: Release) -> Beginning:
    """Return what has an empty stack be as a release left one; it returns the names of the keys."""

    def left(sky: Cloud) -> dict[str, str]:
        put_back(release, sky.outputs)
        keys = kms_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].keys
        names = {}
        for line in release.lines():
            if (name := line.get("key")) is not None:
                # What a key has wrapped names it.
                key = keys.pop(sky.outputs[f"{name}Arn"].rpartition("/")[2])
                key.id, key.key_material = line["id"], base64.b64decode(line["material"])
                key.arn = key.arn.rpartition("/")[0] + f"/{key.id}"
                keys[key.id] = key
                names[f"{name}Arn"] = key.arn
        return names

    return left


@contextmanager
def restored(release: Release) -> Iterator[Cloud]:
    """Give a stack as a release left it, for as long as the block lasts."""
    with cloud(_left(release)) as sky:
        for output, arn in sky.begun.items():
            sky.outputs[output] = os.environ[SETTINGS[output]] = arn
        yield sky
