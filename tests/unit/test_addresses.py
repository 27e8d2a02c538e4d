"""Addresses that are signed for whoever fetches a report: each names the region of its bucket."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from rolecall.aws.clients import client

BUCKET = "stack-reportbucket-1"
# The first region, an old one, two that came later and are off by default, and another partition.
HOSTS = {
    "us-east-1": "s3.us-east-1.amazonaws.com",
    "eu-west-1": "s3.eu-west-1.amazonaws.com",
    "af-south-1": "s3.af-south-1.amazonaws.com",
    "ap-southeast-3": "s3.ap-southeast-3.amazonaws.com",
    "cn-north-1": "s3.cn-north-1.amazonaws.com.cn",
}


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")


def signed() -> str:
    """Return an address of a report as the API signs it."""
    url: str = client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": BUCKET, "Key": "reports/a/report.pdf"}, ExpiresIn=60
    )
    return url


@pytest.mark.parametrize("region", HOSTS)
def test_an_address_names_the_region_of_the_bucket(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    address = urlsplit(signed())
    assert (address.scheme, address.netloc) == ("https", f"{BUCKET}.{HOSTS[region]}")
    assert address.path == "/reports/a/report.pdf"
    assert f"%2F{region}%2Fs3%2F" in address.query


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4566", "emulator:4566"])
def test_an_emulator_has_the_bucket_in_the_path(
    name: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv(name, f"http://{host}")
    address = urlsplit(signed())
    assert (address.netloc, address.path) == (host, f"/{BUCKET}/reports/a/report.pdf")
