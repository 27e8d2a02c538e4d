"""A log that a release wrote stays valid, and every later release writes the same bytes.

``python -m tests.proofs.test_vectors`` writes the files; that is for a new version of the format,
beside the old one, and for nothing else.
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.ledger.bundle import BundleReader, write_bundle
from rolecall.ledger.log_files import LogFiles
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.verify import verify_log
from rolecall.ledger.verify_bundle import verify_bundle
from tests.proofs.logs import AT, SIGNER, contents, sealed_log

FOLDER = Path(__file__).parents[1] / "vectors" / "log"
BUNDLES = {
    "whole": (None, None),
    "since": (None, AT + timedelta(days=2)),
    "entity": ("rare", None),
    "entity-since": ("rare", AT + timedelta(days=2)),
    "absent": ("nobody", None),
}
KEY = VerifierKey.parse((FOLDER / "key.pub").read_text().strip()) if FOLDER.is_dir() else SIGNER.key


def files() -> dict[str, bytes]:
    """Return the files of the vectors as this release writes them; zips by their members."""
    log = sealed_log(120, 4)
    made = {"records.jsonl": b"".join(leaf + b"\n" for leaf in log.leaves())}
    made["key.pub"] = f"{SIGNER.key}\n".encode()
    made |= {f"checkpoints/{size}": note for size, note in log.checkpoints.items()}
    for name, (entity, since) in BUNDLES.items():
        file = io.BytesIO()
        write_bundle(file, contents(log, entity, since))
        made[f"{name}.zip"] = file.getvalue()
    return made


def test_the_log_is_valid() -> None:
    log = LogFiles(FOLDER)
    checkpoints = {size: log.checkpoint(size) or b"" for size in log.sizes()}
    verified = verify_log(log.chunks(whole=True), checkpoints, [KEY], checkpoints[min(checkpoints)])
    assert (verified.records, verified.tail, len(checkpoints)) == (120, 0, 4)


@pytest.mark.parametrize("name", BUNDLES)
def test_the_bundles_are_valid(name: str) -> None:
    with BundleReader(FOLDER / f"{name}.zip") as bundle:
        verified = verify_bundle(bundle, [KEY], (FOLDER / "checkpoints" / "93").read_bytes())
    assert verified.checkpoint.size == 124


def test_this_release_writes_the_same_bytes() -> None:
    for name, data in files().items():
        if name.endswith(".zip"):
            # How well a zip is packed is the library's; what is in it is ours.
            with BundleReader(FOLDER / name) as stored:
                made = contents(sealed_log(120, 4), *BUNDLES[name.removesuffix(".zip")])
                assert [leaf for chunk in stored.chunks() for leaf in chunk] == list(made.records)
                assert (stored.checkpoint(), stored.previous()) == (made.checkpoint, made.previous)
                assert stored.proofs() == made.proofs
        else:
            assert (FOLDER / name).read_bytes() == data, name


if __name__ == "__main__":
    for name, data in files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
