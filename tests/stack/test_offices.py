"""What officers, registrars and browsers do on the stack of ``make up``."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rolecall.reports.formats import KEPT
from tests.stack.test_api import ACCOUNT, Gateway
from tests.stack.test_night import EXAMPLE, rolecall, verifier_key


@pytest.fixture(scope="module")
def gateway(deployed: dict[str, Any]) -> Gateway:
    """Return the API, over the example."""
    rolecall("import", str(EXAMPLE), "--stack", deployed["stack"], "--yes")
    return Gateway(deployed)


def as_browser(address: str, user: dict[str, str]) -> httpx.Response:
    """Sign in on the pool's page, and come back to where it sends the browser."""
    with httpx.Client() as browser:
        page = browser.get(address)
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
        fields |= {"username": user["email"], "password": user["password"]}
        action = re.findall(r'action="([^"]+)"', page.text)[0]
        parts = urlsplit(address)
        sent = browser.post(f"{parts.scheme}://{parts.netloc}{action}", data=fields)
        assert sent.status_code in (302, 303), sent.text
        back = sent.headers["Location"].replace("//localhost", "//127.0.0.1")
        assert parse_qs(urlsplit(back).query)["code"]
        return browser.get(back)


def test_somebody_signs_in_with_a_browser(
    deployed: dict[str, Any], gateway: Gateway, tmp_path: Path
) -> None:
    settings = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    command = str(Path(sys.executable).parent / "rolecall")
    login = subprocess.Popen(
        [command, "login", "--stack", deployed["stack"], "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=settings,
    )
    assert login.stderr is not None
    line = login.stderr.readline()
    address = line.rpartition(" ")[2].strip()
    assert "code_challenge_method=S256" in address, line
    page = as_browser(address, gateway.heads[0])
    assert "You are signed in" in page.text
    shown, problems = login.communicate(timeout=60)
    assert login.returncode == 0, problems
    assert "signed in as" in shown
    (session,) = [path for path in tmp_path.rglob("session*") if path.is_file()]
    assert session.stat().st_mode & 0o777 == 0o600
    me = subprocess.run(
        [command, "me"], capture_output=True, text=True, check=True, env=settings
    ).stdout
    assert "st-brigid-parish" in me


def signed_in(deployed: dict[str, Any], gateway: Gateway, home: Path, role: str) -> dict[str, str]:
    """Sign a demo user in on the command line; return the environment of more commands."""
    settings = {**os.environ, "XDG_CONFIG_HOME": str(home)}
    user = gateway.users[role]
    command = str(Path(sys.executable).parent / "rolecall")
    subprocess.run(
        [command, "login", "--stack", deployed["stack"], "--email", user["email"], "--stdin"],
        input=user["password"],
        capture_output=True,
        text=True,
        check=True,
        env=settings,
    )
    return settings


def test_an_officer_downloads_and_signs_a_report(
    deployed: dict[str, Any], gateway: Gateway, tmp_path: Path
) -> None:
    settings = signed_in(deployed, gateway, tmp_path, "compliance")
    command = str(Path(sys.executable).parent / "rolecall")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *words],
            capture_output=True,
            text=True,
            check=False,
            env=settings,
            cwd=tmp_path,
        )

    listed = run("reports").stdout.splitlines()
    id_ = next(line.split()[2] for line in listed if "findings.csv" in line)
    done = run("reports", id_, "--sign-as", "compliance officer")
    assert done.returncode == 0, done.stderr
    assert "as is kept" in done.stdout
    assert "signed by p-005 as compliance officer" in done.stdout
    assert (tmp_path / "findings.csv").stat().st_size > 1_000
    # What is there is not written over.
    again = run("reports", id_)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


def test_what_an_officer_downloads_is_what_the_log_says(
    deployed: dict[str, Any], gateway: Gateway, tmp_path: Path
) -> None:
    settings = signed_in(deployed, gateway, tmp_path, "compliance")
    command = [str(Path(sys.executable).parent / "rolecall"), "reports"]

    def run(*words: str) -> list[str]:
        done = subprocess.run(
            [*command, *words], capture_output=True, text=True, check=True, env=settings
        )
        return done.stdout.splitlines()

    told = rolecall("run", "--stack", deployed["stack"], "--wait")
    night = told.rstrip().rstrip("/").rpartition("/")[2]
    listed = [line.split() for line in run("--run", night)]
    reports = tmp_path / "reports"
    reports.mkdir()
    for _, name, id_ in listed:
        run(id_, "--output", str(reports / name))
    assert len(list(reports.iterdir())) == len(KEPT)
    proof = httpx.get(
        f"{gateway.endpoint}/v1/log/proof",
        headers={
            "Host": gateway.host,
            "Authorization": f"Bearer {gateway.token(gateway.users['compliance'])}",
        },
        timeout=30,
    )
    assert proof.status_code == 200
    (tmp_path / "proof.zip").write_bytes(proof.content)
    verify = ("verify", str(tmp_path / "proof.zip"), "--key", verifier_key(deployed))
    verdict = rolecall(*verify, "--reports", str(reports))
    assert "9 are what is made of the records then, byte for byte" in verdict


def test_an_audit_that_was_asked_for_runs(gateway: Gateway) -> None:
    token = gateway.token(gateway.heads[0])
    officer = gateway.token(gateway.users["compliance"])
    deadline = time.monotonic() + 90
    before = {one["run"]["id"] for one in gateway.call("GET", "/v1/runs", officer).body["items"]}
    while True:
        asked = gateway.call("POST", "/v1/runs", token, {"entity": "st-brigid-parish"})
        if asked.status != 409:
            break
        assert time.monotonic() < deadline
        time.sleep(1)
    assert asked.status == 202, asked
    while True:
        runs = gateway.call("GET", "/v1/runs", officer).body["items"]
        mine = [one for one in runs if one["run"]["id"] not in before]
        if mine and mine[0]["state"] == "completed":
            break
        assert time.monotonic() < deadline, runs[:1]
        time.sleep(1)
    assert mine[0]["run"]["scope"]["entity"] == "st-brigid-parish"


def test_a_head_proves_what_the_log_has_of_their_entity(
    deployed: dict[str, Any], gateway: Gateway, tmp_path: Path
) -> None:
    token = gateway.token(gateway.heads[0])
    answer = httpx.get(
        f"{gateway.endpoint}/v1/log/proof",
        params={"entity": "st-brigid-parish"},
        headers={"Host": gateway.host, "Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    bundle = tmp_path / "proof.zip"
    bundle.write_bytes(answer.content)
    verdict = rolecall("verify", str(bundle), "--key", verifier_key(deployed))
    assert verdict.startswith("valid")
    assert "st-brigid-parish" in verdict


def test_the_page_of_the_api_needs_no_token(gateway: Gateway) -> None:
    answer = httpx.get(f"{gateway.endpoint}/v1/docs", headers={"Host": gateway.host}, timeout=30)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    assert "<title>Rolecall API</title>" in answer.text
    for part in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        loaded = httpx.get(f"{gateway.endpoint}{part}", headers={"Host": gateway.host}, timeout=30)
        assert (loaded.status_code, loaded.headers["content-encoding"]) == (200, "gzip")
        assert "immutable" in loaded.headers["cache-control"]


def test_other_origins_are_told_nothing(gateway: Gateway) -> None:
    answer = httpx.get(
        f"{gateway.endpoint}/v1/openapi.json",
        headers={"Host": gateway.host, "Origin": "https://elsewhere.example"},
        timeout=30,
    )
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_it_takes_as_long_not_to_be_there_as_not_to_be_yours(gateway: Gateway) -> None:
    token = gateway.token(gateway.heads[1])
    paths = {"forbidden": f"/v1/accounts/{ACCOUNT}", "absent": "/v1/accounts/acc-999"}
    took: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(15):
        for name, path in paths.items():
            began = time.monotonic()
            assert gateway.call("GET", path, token).status == 404
            took[name].append(time.monotonic() - began)
    # Both wait for the same moment: what is between them is the noise of this machine.
    assert min(map(min, took.values())) >= 0.2
    forbidden, absent = (statistics.median(times) for times in took.values())
    assert abs(forbidden - absent) < 0.02, took
