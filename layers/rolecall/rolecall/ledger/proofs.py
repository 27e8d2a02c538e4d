"""The proofs of a bundle, ``proofs.json``: what each line of it means, and nothing unused.

Whoever verifies a bundle uses every value here, so that no byte of it can be changed unseen. Hashes
are standard base64 of 32 bytes, canonical. Three kinds of bundle share the format:

- the whole log (``entity`` null, ``start`` 0): the records rebuild the tree, nothing is to prove;
- the log from a seal on (``entity`` null, ``start`` the size at that seal): ``edge`` is the right
  edge of the tree at ``start``, and the records continue it;
- one entity (``entity`` set): ``records`` proves each line, ``entity`` that none is left out.

``consistency`` has, for each earlier checkpoint that the log published, its root and the proof that
the tree continues it: whoever kept one of them can hold it against the bundle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from rolecall.errors import OverLimitError, ProofError
from rolecall.ledger.entities import EntityTallies, Tally
from rolecall.ledger.note import decode_base64, encode_base64
from rolecall.ledger.tree import Tree, leaf_hash, verify_inclusion
from rolecall.limits import check_json

__all__ = [
    "Bundle",
    "ConsistencyProof",
    "EntityProof",
    "EntityProofs",
    "Proofs",
    "RecordProof",
    "TallyProof",
    "decode_hashes",
    "encode_hashes",
    "prove_entity",
    "read_proofs",
    "verify_entity",
    "write_proofs",
]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the document; a name that it does not know is an error."""


class ConsistencyProof(_Part, frozen=True, kw_only=True):
    """That the tree continues an earlier one, of the size under which this stands."""

    root: str
    proof: list[str]


class RecordProof(_Part, frozen=True, kw_only=True):
    """That a line of the records is the leaf at an index."""

    index: int
    proof: list[str]


class TallyProof(_Part, frozen=True, kw_only=True):
    """That a tally stands at a position under the root of a seal; ``rolling`` is in hex."""

    entity: str
    count: int
    rolling: str
    position: int
    proof: list[str]


class EntityProof(_Part, frozen=True, kw_only=True):
    """What an entity has at a seal: its tally, or the two between which it would stand."""

    tally: TallyProof | None
    left: TallyProof | None
    right: TallyProof | None


class EntityProofs(_Part, frozen=True, kw_only=True):
    """What the entity has where the bundle ends, and where it starts (null at the beginning).

    ``segments`` are the numbers of its records in each segment that has any, in order.
    """

    id: str
    segments: list[int]
    before: EntityProof | None
    after: EntityProof


class Proofs(_Part, frozen=True, kw_only=True):
    """The document."""

    version: int
    size: int
    start: int
    entity: EntityProofs | None
    edge: list[str]
    consistency: dict[str, ConsistencyProof]
    records: list[RecordProof]


_MOST_BYTES = 1 << 27
_MOST_VALUES = 4_000_000
_decoder = msgspec.json.Decoder(Proofs, strict=True)


def write_proofs(proofs: Proofs) -> bytes:
    """Return the document as compact JSON."""
    return msgspec.json.encode(proofs)


def read_proofs(data: bytes) -> Proofs:
    """Read the document.

    :raises ProofError: it is not one, or not in the form that :func:`write_proofs` gives.
    """
    try:
        check_json(data, size=_MOST_BYTES, values=_MOST_VALUES)
        proofs = _decoder.decode(data)
    except OverLimitError as error:
        raise ProofError(f"proofs.json: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProofError(f"proofs.json: {error}") from error
    if proofs.version != 1:
        raise ProofError(f"proofs.json: version {proofs.version} is not known here")
    if write_proofs(proofs) != data:
        raise ProofError("proofs.json: not in its one form (compact, each name once, in order)")
    return proofs


class Bundle(Protocol):
    """What a bundle holds (:class:`rolecall.ledger.bundle.BundleReader`)."""

    def chunks(self) -> Iterator[Sequence[bytes]]:
        """Yield the leaves in order, some at a time."""
        ...

    def checkpoint(self) -> bytes:
        """Return the checkpoint."""
        ...

    def previous(self) -> bytes | None:
        """Return the checkpoint where the bundle starts."""
        ...

    def proofs(self) -> Proofs:
        """Return the proofs."""
        ...


def encode_hashes(hashes: Sequence[bytes]) -> list[str]:
    """Return hashes as they stand in the document."""
    return [encode_base64(hash_) for hash_ in hashes]


def decode_hashes(texts: Sequence[str]) -> list[bytes]:
    """Return hashes from the document.

    :raises ProofError: one is not canonical base64 of 32 bytes.
    """
    hashes = []
    for text in texts:
        hash_ = decode_base64(text)
        if hash_ is None or len(hash_) != 32:
            raise ProofError(f"proofs.json: {text!r} is not a hash")
        hashes.append(hash_)
    return hashes


def prove_entity(tallies: Sequence[Tally], entity: str) -> EntityProof:
    """Prove what an entity has.

    :param tallies: all of them, in the order of the tree.
    """
    tree = Tree(leaf_hash(tally.leaf()) for tally in tallies)
    place = next((at for at, t in enumerate(tallies) if t.entity >= entity), len(tallies))

    def proven(at: int) -> TallyProof | None:
        if not 0 <= at < len(tallies):
            return None
        tally = tallies[at]
        return TallyProof(
            entity=tally.entity,
            count=tally.count,
            rolling=tally.rolling,
            position=at,
            proof=encode_hashes(tree.inclusion_proof(at)),
        )

    if place < len(tallies) and tallies[place].entity == entity:
        return EntityProof(tally=proven(place), left=None, right=None)
    return EntityProof(tally=None, left=proven(place - 1), right=proven(place))


def verify_entity(proof: EntityProof, entity: str, count: int, root: bytes) -> Tally:
    """Return what an entity has at a seal.

    :param count: how many entities the seal says have records.
    :param root: of their tallies, from the seal.
    :raises ProofError: the proof does not show it.
    """
    for given in (proof.tally, proof.left, proof.right):
        if given is not None:
            leaf = Tally(given.entity, given.count, given.rolling).leaf()
            path = decode_hashes(given.proof)
            verify_inclusion(leaf_hash(leaf), given.position, count, path, root)
    tally, left, right = proof.tally, proof.left, proof.right
    if tally is not None:
        if tally.entity != entity or left is not None or right is not None:
            raise ProofError(f"the proof is not of what {entity} has")
        return Tally(entity, tally.count, tally.rolling)
    # Absence: nothing can stand between two neighbours, nor before the first or after the last.
    after = 0 if left is None else left.position + 1
    before = count if right is None else right.position
    if after != before or (left and left.entity >= entity) or (right and right.entity <= entity):
        raise ProofError(f"the proof does not show that {entity} has no records")
    return EntityTallies().get(entity)
