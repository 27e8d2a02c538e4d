"""A unique secret goes through everything, and is found nowhere."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.functional.command import rolecall

# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
PLACES = (
    *("log", "tables", "objects", "queues", "traces", "errors", "representations"),
    *("stdout", "stderr"),
)
"""What is written down; the last two are the process's own."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def token() -> str:
    """Return a text that stands nowhere by chance, and is base32."""
    return "".join(random.choice(ALPHABET) for _ in range(24))  # noqa: S311 - no secret.


def forms(text: str | bytes) -> dict[str, bytes]:
    """Return how something may be written down: as it is, turned round, in hex, in base64."""
    found: dict[str, bytes] = {}
    cases = {"as it is": text if isinstance(text, bytes) else text.encode()}
    if isinstance(text, str):
        cases["upper"] = text.upper().encode()
    for name, data in cases.items():
        found[name] = data
        found[f"{name} backwards"] = data[::-1]
        found[f"{name} in hex"] = data.hex().encode()
        found[f"{name} escaped"] = "".join(f"\\x{byte:02x}" for byte in data).encode()
        for shift in range(3):
            # Whatever stands before it, the middle of it is always written in one of three ways.
            whole = base64.b64encode(b"\0" * shift + data)
            found[f"{name} in base64, {shift}"] = whole[4:-4]
    return found


def leaks(directory: Path, text: str | bytes) -> dict[str, list[str]]:
    """Return the places in which a text stands, and in which forms."""
    return {
        place: [name for name, form in forms(text).items() if form in data]
        for place in PLACES
        if (data := (directory / place).read_bytes()) is not None
    }


def run(directory: Path, text: str, *options: str) -> None:
    directory.mkdir()
    with (directory / "stdout").open("wb") as out, (directory / "stderr").open("wb") as err:
        done = subprocess.run(
            [sys.executable, "-m", "tests.functional.canary_run", str(directory), text, *options],
            cwd=ROOT,
            stdout=out,
            stderr=err,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, (directory / "stderr").read_text(encoding="utf-8")[-3_000:]


def test_what_is_planted_is_found_and_nothing_else_is(tmp_path: Path) -> None:
    secret = token()
    run(tmp_path / "planted", secret, "plant")
    found = leaks(tmp_path / "planted", secret)
    assert set(found) == set(PLACES)
    assert all(found.values()), found
    run(tmp_path / "clean", secret)
    for place in ("log", "tables", "objects", "traces", "errors", "representations"):
        assert (tmp_path / "clean" / place).stat().st_size > 100, place
    nowhere: dict[str, list[str]] = {place: [] for place in PLACES}
    assert leaks(tmp_path / "clean", secret) == nowhere
    keys = (tmp_path / "clean" / "data-keys").read_text(encoding="utf-8").split()
    assert len(keys) > 20
    for key in set(keys):
        assert leaks(tmp_path / "clean", bytes.fromhex(key)) == nowhere


@pytest.mark.parametrize("shift", range(4))
def test_every_form_is_recognised(tmp_path: Path, shift: int) -> None:
    secret = token()
    written = {
        "log": base64.b64encode(b"x" * shift + secret.encode() + b"yy"),
        "tables": f'{{"k": "{secret}"}}'.encode().hex().encode(),
        "errors": secret.upper().encode(),
    }
    for place in PLACES:
        (tmp_path / place).write_bytes(written.get(place, b"nothing"))
    assert {place for place, how in leaks(tmp_path, secret).items() if how} == set(written)


def _as_text(cells: list[list[str]], path: Path) -> None:
    path.write_text("\n".join(";".join(row) for row in cells), encoding="utf-16")


def _hidden(cells: list[list[str]], path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Accounts")
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
        sheet.set_column(len(cells[0]) - 1, len(cells[0]) - 1, None, None, {"hidden": True})


def _elsewhere(cells: list[list[str]], path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        front, back = book.add_worksheet("Accounts"), book.add_worksheet("Old")
        for number, row in enumerate(cells):
            front.write_row(number, 0, row[:-1])
            back.write_row(number, 0, row)
        back.hide()


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Password", "{0}"),
        ("Zugangsdaten", "{0}"),
        ("Mot de passe", "{0}"),
        ("Remarks", "pw: {0}"),
        ("Recovery codes", "{0} {0}"),
    ],
)
@pytest.mark.parametrize(
    ("write", "suffix"), [(_as_text, "csv"), (_hidden, "xlsx"), (_elsewhere, "xlsx")]
)
def test_the_secrets_of_a_sheet_are_found_nowhere_afterwards(
    tmp_path: Path, write: Callable[..., None], suffix: str, heading: str, cell: str
) -> None:
    secret = f"{token()}9Z!"
    held = cell.format(secret)
    rows = [
        ["Link", "Admin", heading],
        ["facebook.com/ellerwick", "Adela Ashgrove", held],
        ["instagram.com/ellerwick", "Cosima Hollowell", held],
    ]
    sheet = tmp_path / f"accounts.{suffix}"
    write(rows, sheet)
    ended = rolecall("adopt", sheet, "--into", tmp_path / "registry", "--yes")
    assert ended.status == 2
    assert heading in ended.stderr
    sheet.unlink()
    left = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for written in (ended.stdout, ended.stderr.encode(), *left):
        assert not [name for name, form in forms(secret).items() if form in written]
