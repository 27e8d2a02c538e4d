"""Tests on the stack of ``make up``; without one they are skipped, in CI they may not be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from tests.cloud import ROOT, new_session

STACK_FILE = ROOT / ".local" / "stack.json"


@pytest.fixture(scope="session")
def deployed() -> Iterator[dict[str, Any]]:
    """Return .local/stack.json, with the environment set to speak to that stack."""
    required = os.environ.get("ROLECALL_REQUIRE_STACK") == "1"
    if not STACK_FILE.exists():
        if required:
            pytest.fail("there is no .local/stack.json: make up first")
        pytest.skip("no stack runs here; make up starts one")
    known: dict[str, Any] = json.loads(STACK_FILE.read_text(encoding="utf-8"))
    settings = {
        "AWS_ENDPOINT_URL": known["endpoint"],
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": known["region"],
        "AWS_DEFAULT_REGION": known["region"],
    }
    with mock.patch.dict(os.environ, settings):
        new_session()
        if not required and not _answers():
            pytest.skip("the stack of .local/stack.json does not run; make up starts it")
        yield known


def _answers() -> bool:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    quick = Config(connect_timeout=1, retries={"total_max_attempts": 1})
    try:
        boto3.client("sts", config=quick).get_caller_identity()
    except (BotoCoreError, ClientError):
        return False
    return True
