"""Logs and bundles put together by somebody who knows the formats: each is refused for a reason.

Two kinds of forger: one without the key, who has honest logs to cut up, and one with the key, who
signs what an honest sealer would not.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from rolecall.errors import LogCorruptError, ProofError, UnreadableError, UsageError
from rolecall.ledger.bundle import BundleReader, write_bundle
from rolecall.ledger.checkpoint import Checkpoint, origin_of, sign_checkpoint
from rolecall.ledger.export import export, find_span
from rolecall.ledger.log import append
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.note import LocalSigner, encode_base64, sign_note
from rolecall.ledger.proofs import ConsistencyProof, Proofs, write_proofs
from rolecall.ledger.record import encode
from rolecall.ledger.sealing import seal
from rolecall.ledger.tree import Tree, leaf_hashes
from rolecall.ledger.verify import verify_log
from rolecall.ledger.verify_bundle import verify_bundle
from tests.proofs.logs import (
    AT,
    SIGNER,
    STRANGER,
    MemoryBundle,
    bundle,
    contents,
    events,
    sealed_log,
)
from tests.records import known

KEYS = [SIGNER.key]
LOG = sealed_log(100, 5)
LEAVES = list(LOG.leaves())
SIZES = sorted(LOG.checkpoints)
ORIGIN = origin_of(SIGNER.key, leaf_hashes(LEAVES[:1])[0].hex()[:16])
SINCE = AT + timedelta(days=3)


def signed(leaves: list[bytes], size: int | None = None, origin: str | None = None) -> bytes:
    """Return a checkpoint that the owner of the key signs over any leaves."""
    tree = Tree(leaf_hashes(leaves))
    log = leaf_hashes(leaves[:1])[0].hex()[:16] if leaves else ""
    origin = origin_of(SIGNER.key, log) if origin is None else origin
    return sign_checkpoint(
        Checkpoint(origin, len(leaves) if size is None else size, tree.root()), SIGNER
    )


def other_log() -> MemoryLog:
    """Return another log that the same key seals."""
    log = MemoryLog()
    append(log, events(500, 21, 0))
    seal(log, SIGNER)
    return log


# -- logs ------------------------------------------------------------------------------------------

Forged = tuple[list[bytes], dict[int, bytes], bytes | None]
LOGS: dict[str, tuple[Callable[[], Forged], str]] = {
    "a checkpoint under another size": (
        lambda: (LEAVES, {SIZES[-1]: LOG.checkpoints[SIZES[-2]]}, None),
        f"says that its size is {SIZES[-2]}",
    ),
    "a checkpoint of another log": (
        lambda: (LEAVES, {**LOG.checkpoints, 22: other_log().checkpoints[22]}, None),
        "checkpoint 22: of test/log/",
    ),
    "only checkpoints of another log": (
        lambda: (LEAVES, {22: other_log().checkpoints[22]}, None),
        "not what was sealed",
    ),
    "a kept checkpoint of another log": (
        lambda: (LEAVES, LOG.checkpoints, other_log().checkpoints[22]),
        "your checkpoint is of test/log/",
    ),
    "a kept checkpoint that says something else": (
        lambda: (LEAVES, LOG.checkpoints, signed([*LEAVES[1:22], LEAVES[0]], None, ORIGIN)),
        "not what was sealed",
    ),
    "a kept checkpoint that is none": (
        lambda: (LEAVES, LOG.checkpoints, b"nonsense"),
        "your checkpoint: not a signed note",
    ),
    "a checkpoint that is not at a seal": (
        lambda: (LEAVES[:10], {10: signed(LEAVES[:10])}, None),
        "not at a seal",
    ),
    "an origin that is not the log's": (
        lambda: (LEAVES, {SIZES[-1]: signed(LEAVES, None, "test/log/0123456789abcdef")}, None),
        "the records of",
    ),
    "an origin without the log's id": (
        lambda: (LEAVES, {SIZES[-1]: signed(LEAVES, None, "test/log")}, None),
        "the records of",
    ),
    "an empty log": (
        lambda: ([], {0: signed([])}, None),
        "the records of None",
    ),
    "a stranger's checkpoint on top": (
        lambda: (LEAVES, {**LOG.checkpoints, 999: sign_note("x\n", STRANGER)}, None),
        "checkpoint 999: signed by witness.example/w1",
    ),
    "a seal that says something else": (lambda: resealed(b'"count":20', b'"count":19'), "seal"),
    "a seal that hides an entity": (lambda: resealed(b'"count":5,', b'"count":4,'), "seal"),
}


def resealed(old: bytes, new: bytes) -> Forged:
    """Return a log whose first seal its signer has changed."""
    assert LEAVES[20].count(old) == 1
    leaves = [*LEAVES[:20], LEAVES[20].replace(old, new)]
    return leaves, {21: signed(leaves)}, None


@pytest.mark.parametrize("name", LOGS)
def test_a_log_that_is_refused(name: str) -> None:
    make, why = LOGS[name]
    leaves, checkpoints, since = make()
    with pytest.raises(ProofError, match=why):
        verify_log([leaves], checkpoints, KEYS, since)


# -- bundles ---------------------------------------------------------------------------------------


def entity() -> MemoryBundle:
    """Return a bundle of one entity from a seal on."""
    return bundle(LOG, "rare", SINCE)


def document(made: MemoryBundle, change: Callable[[dict[str, Any]], object]) -> MemoryBundle:
    """Edit the proofs of a bundle as JSON."""
    parsed = json.loads(made.document)
    change(parsed)
    made.document = json.dumps(parsed, separators=(",", ":")).encode()
    return made


def edit(made: MemoryBundle, **changes: Any) -> MemoryBundle:
    """Change fields of the proofs of a bundle."""
    made.document = write_proofs(replace(made.proofs(), **changes))
    return made


def set_(made: MemoryBundle, **changes: Any) -> MemoryBundle:
    """Change parts of a bundle."""
    for name, value in changes.items():
        setattr(made, name, value)
    return made


ONE = ConsistencyProof(root=encode_base64(bytes(32)), proof=[])
BUNDLES: dict[str, tuple[Callable[[], MemoryBundle], str]] = {
    "another version": (lambda: edit(bundle(LOG), version=2), "version 2"),
    "an unknown field": (lambda: document(bundle(LOG), lambda d: d.update(x=1)), "unknown field"),
    "a missing field": (lambda: document(bundle(LOG), lambda d: d.pop("edge")), "edge"),
    "spaces": (lambda: set_(bundle(LOG), document=bundle(LOG).document + b" "), "one form"),
    "a name twice": (
        lambda: set_(bundle(LOG), document=bundle(LOG).document[:-1] + b',"version":1}'),
        "one form",
    ),
    "no JSON": (lambda: set_(bundle(LOG), document=b"\xff"), r"proofs\.json"),
    "another size": (lambda: edit(bundle(LOG), size=5), "the proofs of 5"),
    "a whole log with proofs": (lambda: edit(bundle(LOG), consistency={"1": ONE}), "consistency"),
    "a whole log with an edge": (lambda: edit(bundle(LOG), edge=[ONE.root]), "needs no proofs"),
    "a whole log cut at a seal": (
        lambda: set_(bundle(LOG), lines=LEAVES[: SIZES[-2]]),
        "records are missing",
    ),
    "a whole log with a tail": (lambda: set_(bundle(LOG), lines=[*LEAVES, LEAVES[0]]), "number 0"),
    "a whole log and one more": (lambda: and_one_more(), "size 106, the checkpoint 105"),
    "no previous checkpoint": (
        lambda: set_(bundle(LOG, None, SINCE), before=None),
        "previous-checkpoint is missing",
    ),
    "another previous checkpoint": (
        lambda: set_(bundle(LOG, None, SINCE), before=LOG.checkpoints[SIZES[0]]),
        "not the one that the proofs start from",
    ),
    "a previous checkpoint for a whole log": (
        lambda: set_(bundle(LOG), before=LOG.checkpoints[SIZES[0]]),
        "not the one that the proofs start from",
    ),
    "a previous checkpoint of a stranger": (
        lambda: set_(bundle(LOG, None, SINCE), before=sign_note("x\n", STRANGER)),
        "previous-checkpoint: signed by",
    ),
    "no proof from the previous checkpoint": (
        lambda: edit(bundle(LOG, None, SINCE), consistency={}),
        "nothing proves that the log continues",
    ),
    "a size that is none": (
        lambda: edit(bundle(LOG, None, SINCE), consistency={"01": ONE}),
        "is not an earlier size",
    ),
    "a size that is later": (
        lambda: edit(bundle(LOG, None, SINCE), consistency={"105": ONE}),
        "is not an earlier size",
    ),
    "the proof of another root": (
        lambda: edit(bundle(LOG, None, SINCE), consistency={"63": ONE}),
        "the proof from 63 to 105 is malformed",
    ),
    "no hash": (
        lambda: edit(bundle(LOG, None, SINCE), edge=["x"]),
        "'x' is not a hash",
    ),
    "an edge that is too short": (lambda: edit(bundle(LOG, None, SINCE), edge=[]), "right edge"),
    "an edge of something else": (
        lambda: edit(
            bundle(LOG, None, SINCE), edge=[ONE.root] * len(bundle(LOG, None, SINCE).proofs().edge)
        ),
        "not that of the previous checkpoint",
    ),
    "a part with proofs of records": (
        lambda: edit(bundle(LOG, None, SINCE), records=entity().proofs().records),
        "needs no proof of each record",
    ),
    "a part with records dropped": (
        lambda: set_(bundle(LOG, None, SINCE), lines=bundle(LOG, None, SINCE).lines[:-1]),
        "not the records between",
    ),
    "an entity with an edge": (lambda: edit(entity(), edge=[ONE.root]), "have no edge"),
    "an entity without its records": (
        lambda: edit(set_(entity(), lines=[]), records=[]),
        "not the seals",
    ),
    "an entity with a record of another": (lambda: with_another(), "not a record of rare"),
    "an entity with a record from before": (lambda: with_earlier(), "not a record of rare"),
    "an entity renamed": (
        lambda: document(bundle(LOG, "rare"), lambda d: d["entity"].update(id="north")),
        "not a record of north",
    ),
    "an entity with one record less": (lambda: without_one(), "not all records of rare"),
    "an entity with no tally before": (
        lambda: document(entity(), lambda d: d["entity"].update(before=None)),
        "a bundle with a start",
    ),
    "an entity with a tally before the log": (
        lambda: document(
            bundle(LOG, "rare"), lambda d: d["entity"].update(before=d["entity"]["after"])
        ),
        "a bundle with a start",
    ),
    "an entity of other segments": (
        lambda: document(bundle(LOG, "rare"), lambda d: d["entity"].update(segments=[2])),
        "not in order",
    ),
    "an entity of empty segments": (
        lambda: document(bundle(LOG, "rare"), lambda d: d["entity"]["segments"].append(0)),
        "a segment without records",
    ),
    "an entity said to be absent": (lambda: said_to_be_absent(), "does not show that rare"),
    "a proof too many": (
        lambda: edit(entity(), records=[*entity().proofs().records, entity().proofs().records[0]]),
        "a record is missing",
    ),
    "a proof too few": (
        lambda: edit(entity(), records=entity().proofs().records[:-1]),
        "has no proof of its own",
    ),
    "records in another order": (
        lambda: edit(
            set_(entity(), lines=entity().lines[::-1]), records=entity().proofs().records[::-1]
        ),
        "has no proof of its own",
    ),
    "parts of two logs": (
        lambda: set_(entity(), note=other_log().checkpoints[22]),
        "the proofs of",
    ),
}


def and_one_more() -> MemoryBundle:
    """Return a whole log with a well-formed record after its checkpoint."""
    log = sealed_log(100, 5)
    append(log, events(900, 1, 9))
    return set_(bundle(LOG), lines=list(log.leaves()))


def with_another() -> MemoryBundle:
    """Return a bundle with a true record of another entity."""
    made = entity()
    tree = Tree(leaf_hashes(LEAVES))
    at = next(n for n, leaf in enumerate(LEAVES) if n >= 63 and b'"north"' in leaf)
    return _insert(made, at, tree)


def with_earlier() -> MemoryBundle:
    """Return a bundle with a true record of the entity from before the bundle's start."""
    at = next(n for n, leaf in enumerate(LEAVES) if b'"rare"' in leaf)
    return _insert(entity(), at, Tree(leaf_hashes(LEAVES)))


def _insert(made: MemoryBundle, at: int, tree: Tree) -> MemoryBundle:
    proofs = list(made.proofs().records)
    place = sum(proof.index < at for proof in proofs)
    path = [encode_base64(hash_) for hash_ in tree.inclusion_proof(at)]
    proofs.insert(place, replace(proofs[0], index=at, proof=path))
    made.lines.insert(place, LEAVES[at])
    return edit(made, records=proofs)


def without_one() -> MemoryBundle:
    """Return a bundle from which a record, its proof and its segment were taken."""
    made = bundle(LOG, "rare")
    made.lines.pop(0)
    parsed = made.proofs()
    assert parsed.entity is not None
    smaller = replace(parsed.entity, segments=parsed.entity.segments[1:])
    return edit(made, records=parsed.records[1:], entity=smaller)


def said_to_be_absent() -> MemoryBundle:
    """Return a bundle that shows two true neighbours that are not adjacent."""
    made, absent = bundle(LOG, "rare"), bundle(LOG, "nobody").proofs().entity
    parsed = made.proofs()
    assert parsed.entity is not None
    assert absent is not None
    made.lines = made.lines[-1:]
    claimed = replace(parsed.entity, segments=[], after=absent.after)
    return edit(made, records=parsed.records[-1:], entity=claimed)


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_that_is_refused(name: str) -> None:
    make, why = BUNDLES[name]
    with pytest.raises(ProofError, match=why):
        verify_bundle(make(), KEYS)


def test_the_bundles_that_were_cut_up_are_valid() -> None:
    for made in (bundle(LOG), bundle(LOG, None, SINCE), bundle(LOG, "rare"), entity()):
        verify_bundle(made, KEYS, LOG.checkpoints[SIZES[1]])


@pytest.mark.parametrize("since", [None, SINCE])
def test_a_kept_checkpoint_that_a_bundle_does_not_continue(since: Any) -> None:
    for made in (bundle(LOG, None, since), bundle(LOG, "rare", since)):
        forged = signed([*LEAVES[1 : SIZES[1]], LEAVES[0]], None, ORIGIN)
        with pytest.raises(ProofError, match="not what was sealed"):
            verify_bundle(made, KEYS, forged)


def test_a_kept_checkpoint_of_which_a_bundle_says_nothing() -> None:
    made = bundle(LOG, "rare")
    kept = {size: proof for size, proof in made.proofs().consistency.items() if size != "42"}
    with pytest.raises(ProofError, match="your checkpoint: nothing proves"):
        verify_bundle(edit(made, consistency=kept), KEYS, LOG.checkpoints[42])


def test_a_seal_that_says_nothing_of_entities() -> None:
    """The owner of the key signs a seal without tallies: no list can be complete under it."""
    event = replace(known(LEAVES[20]).event(), payload={"entities": {"count": "x"}})
    leaves = [*LEAVES[:20], encode(event, seq=1, shard=None, prev=None)]
    honest = sealed_log(20, 1)
    made = bundle(honest, "nobody")
    tree = Tree(leaf_hashes(leaves))
    path = [encode_base64(hash_) for hash_ in tree.inclusion_proof(20)]
    forged = edit(made, records=[replace(made.proofs().records[0], index=20, proof=path)])
    forged.lines, forged.note = leaves[20:], signed(leaves)
    with pytest.raises(ProofError, match="does not say what entities have"):
        verify_bundle(forged, KEYS)


# -- zips ------------------------------------------------------------------------------------------


def zipped(
    path: Path, members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    """Write a zip."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(name, data)
    return path


def members() -> dict[str, bytes]:
    """Return the members of an honest bundle."""
    file = io.BytesIO()
    write_bundle(file, contents(LOG, "rare"))
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


ZIPS: dict[str, tuple[Callable[[dict[str, bytes]], list[tuple[str, bytes]]], str]] = {
    "a member too many": (lambda m: [*m.items(), ("more", b"")], "has more too"),
    "a path out": (lambda m: [*m.items(), ("../x", b"")], r"has \.\./x too"),
    "a member twice": (lambda m: [*m.items(), ("checkpoint", b"x")], "repeats"),
    "no proofs": (lambda m: [i for i in m.items() if i[0] != "proofs.json"], r"lacks proofs\.json"),
    "nothing": (lambda _: [], "lacks checkpoint"),
    "an endless checkpoint": (
        lambda m: [*{**m, "checkpoint": bytes(2 << 20)}.items()],
        "checkpoint: larger than",
    ),
    "an endless line": (
        lambda m: [*{**m, "records.jsonl": bytes(2 << 20)}.items()],
        "longer than a record",
    ),
    "an unfinished line": (
        lambda m: [*{**m, "records.jsonl": m["records.jsonl"][:-1]}.items()],
        "not finished",
    ),
}


@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_that_is_refused(name: str, tmp_path: Path) -> None:
    make, why = ZIPS[name]
    path = zipped(tmp_path / "proof.zip", make(members()))
    with pytest.raises(ProofError, match=why), BundleReader(path) as reader:
        verify_bundle(reader, KEYS)


def test_zips_that_are_packed_otherwise(tmp_path: Path) -> None:
    stored = zipped(tmp_path / "stored.zip", [*members().items()], zipfile.ZIP_STORED)
    with BundleReader(stored) as reader:
        assert verify_bundle(reader, KEYS).entity == "rare"
    other = zipped(tmp_path / "other.zip", [*members().items()], zipfile.ZIP_LZMA)
    with pytest.raises(ProofError, match="packed otherwise"):
        BundleReader(other)


def test_reports_may_be_in_a_bundle(tmp_path: Path) -> None:
    path = zipped(tmp_path / "proof.zip", [*members().items(), ("reports/findings.json", b"{}")])
    with BundleReader(path) as reader:
        assert reader.reports == ["findings.json"]
        verify_bundle(reader, KEYS)


@pytest.mark.parametrize("data", [b"", b"PK", b"nonsense" * 99, b"PK\5\6" + bytes(18)[:10]])
def test_what_is_no_zip(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "proof.zip"
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match="not a proof bundle"):
        BundleReader(path)


# -- exports ---------------------------------------------------------------------------------------


def test_a_span_needs_a_checkpoint() -> None:
    log = sealed_log(100, 5)
    latest = log.checkpoints.pop(105)
    assert find_span(log).end == 84
    log.checkpoints.clear()
    with pytest.raises(UsageError, match="nothing in the log was sealed"):
        find_span(log)
    log.checkpoints[105] = latest
    span = find_span(log)
    log.checkpoints.clear()
    with pytest.raises(LogCorruptError, match="is gone"):
        export(log, span, b"")
    with pytest.raises(LogCorruptError, match="shorter"):
        export(MemoryLog(), span, b"", "rare")


def test_a_clock_set_back_keeps_what_was_asked_for() -> None:
    log = MemoryLog()
    for night, day in enumerate((0, 5, 2, 9)):
        append(log, events(night * 3, 3, day))
        seal(log, SIGNER)
    assert find_span(log, AT + timedelta(days=3)) == find_span(log, AT + timedelta(days=5))
    assert find_span(log, AT + timedelta(days=3)).start == 4
    assert find_span(log, None, AT + timedelta(days=4)).end == 4
    assert find_span(log, None, AT + timedelta(days=5)).end == 12
    late = find_span(log, AT + timedelta(days=9), AT + timedelta(days=1))
    assert (late.start, late.end) == (4, 4)


def test_two_keys_in_one_bundle() -> None:
    log = sealed_log(20, 1)
    after = LocalSigner(SIGNER.key.name, bytes(range(9, 41)))
    append(log, events(20, 20, 4))
    seal(log, after)
    made = bundle(log, None, AT + timedelta(days=4))
    assert verify_bundle(made, [SIGNER.key, after.key]).start == 21
    for keys in ([after.key], [SIGNER.key]):
        with pytest.raises(ProofError, match="not by a key that was given"):
            verify_bundle(made, keys)


def test_proofs_are_read_as_they_are_written() -> None:
    proofs = entity().proofs()
    assert msgspec.json.decode(write_proofs(proofs), type=Proofs) == proofs
