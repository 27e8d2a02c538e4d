"""The files for AWS Security Hub, held against the model of its interface and what it limits."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator
from moto import mock_aws
from msgspec.structs import replace

from rolecall.model import Subject
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.reports.asff_report import ACCOUNT, BATCH, REGION, asff_archive, asff_document
from rolecall.reports.report import FindingLine, Report
from rolecall.usecases.reporting.files import lines_of
from rolecall.usecases.runs.local import run_audit

DIOCESE = Path(__file__).parents[3] / "examples" / "diocese"
AS_OF = datetime(2026, 11, 2, tzinfo=UTC)
LENGTHS = {"Id": 512, "Title": 256, "Description": 1_024, "GeneratorId": 512, "ProductArn": 2_048}
"""What the interface says of the longest."""


@cache
def audited() -> Report:
    snapshot = read_registry(DIOCESE, AS_OF.date()).snapshot
    return run_audit(snapshot, read_policy(find_policy(DIOCESE)), AS_OF, lambda _: None)


def many(count: int) -> Iterator[FindingLine]:
    """Yield so many findings."""
    some = list(lines_of(audited())())
    for number in range(count):
        yield replace(some[number % len(some)], id=f"{number:032}")


def packed(findings: Iterable[FindingLine]) -> bytes:
    return b"".join(asff_archive(audited().run, findings))


def batches(archive: bytes) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: json.loads(opened.read(name)) for name in opened.namelist()}


def every(archive: bytes) -> list[dict[str, Any]]:
    return list(chain.from_iterable(batches(archive).values()))


def has_something(value: object) -> bool:
    """Tell whether no text in it is without anything that can be seen."""
    if isinstance(value, dict):
        return all(map(has_something, chain(value, value.values())))
    if isinstance(value, list):
        return all(map(has_something, value))
    return not isinstance(value, str) or value.strip() != ""


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 250])
def test_a_file_has_a_hundred_findings_and_none_is_lost(count: int) -> None:
    made = batches(packed(many(count)))
    names = list(made)
    assert names == [f"findings.asff.{one:04}.json" for one in range(1, len(names) + 1)]
    sizes = [len(batch) for batch in made.values()]
    assert sizes == [BATCH] * (count // BATCH) + ([count % BATCH] if count % BATCH else [])
    whole = json.loads(b"".join(asff_document(audited().run, many(count))))
    assert list(chain.from_iterable(made.values())) == whole
    assert packed(many(count)) == packed(many(count))


def test_a_file_is_what_the_interface_takes() -> None:
    client = boto3.client("securityhub", REGION, aws_access_key_id="x", aws_secret_access_key="x")
    shape = client.meta.service_model.operation_model("BatchImportFindings").input_shape
    for batch in batches(packed(many(250))).values():
        report = ParamValidator().validate({"Findings": batch}, shape)
        assert not report.has_errors(), report.generate_report()
    with mock_aws():
        for batch in batches(packed(many(250))).values():
            told = client.batch_import_findings(Findings=batch)
            assert (told["FailedCount"], told["SuccessCount"]) == (0, len(batch))


@pytest.mark.parametrize("text", ["\u4e2d" * 40_000, "x" * 40_000, " \t\n", "", "\U0001f511" * 900])
def test_what_is_too_long_or_empty_is_mended(text: str) -> None:
    subject = Subject(kind="account", account=text or "a", handle=text, content=text)
    line = replace(
        next(many(1)),
        entity=text,
        label=text,
        title=text,
        detail=text,
        remediation=text,
        subject=subject,
    )
    (one,) = every(packed([line]))
    assert has_something(one)
    for name, most in LENGTHS.items():
        assert len(one[name].encode()) <= most, name
    assert len(one["Remediation"]["Recommendation"]["Text"].encode()) <= 512
    assert len(one["Resources"][0]["Id"].encode()) <= 512
    assert all(len(value.encode()) <= 1_024 for value in one["ProductFields"].values())
    other = one["Resources"][0]["Details"]["Other"]
    assert all(len(value.encode()) <= 1_024 for value in other.values())
    assert len(json.dumps(one, ensure_ascii=False).encode()) <= 60_000


def test_a_severity_that_changed_is_told_where_the_interface_reads_it_again() -> None:
    for one in every(packed(many(3))):
        assert one["FindingProviderFields"]["Severity"] == one["Severity"]
        assert one["AwsAccountId"] == ACCOUNT
        assert f":{REGION}:{ACCOUNT}:" in one["ProductArn"]


def test_an_archive_of_very_many_is_not_kept_in_memory() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            for _ in asff_archive(audited().run, many(count)):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    audited()
    assert peak(3_000) < 2 * peak(500)
