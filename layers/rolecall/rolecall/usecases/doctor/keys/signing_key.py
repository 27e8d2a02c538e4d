"""Checkpoints that another key signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.errors import ProofError, UnknownSignerError
from rolecall.ledger.checkpoint import open_checkpoint
from rolecall.ledger.note import VerifierKey
from rolecall.usecases.doctor.answers import Answer, both, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import SealFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["signing_key"]


def _asked(state: StackState) -> Mapping[str, Answer[tuple[SealFacts | None, VerifierKey]]]:
    return only(both(state.seal, state.signing_key))


@doctor_check(
    title="The key that signs is the one that signed last",
    why="Verifiers hold a key; one that nobody told them of proves nothing to them.",
    remedy=(
        "Was it meant (docs/runbooks.md, key rotation)? Then run a night and give the new "
        "verifier key to whoever verifies. Else deploy with SigningKeyArn as it was."
    ),
    asks=("kms:GetPublicKey", "dynamodb:GetItem", "s3:GetObject", "s3:ListBucket"),
    subjects=_asked,
)
def signing_key(
    _: str, found: tuple[SealFacts | None, VerifierKey], __: StackState
) -> Iterator[Complaint]:
    """Hold the last checkpoint against the key that signs."""
    seal, key = found
    if seal is None or not seal.note:
        return
    try:
        open_checkpoint(seal.note, [key])
    except UnknownSignerError:
        yield Complaint(
            "warning", "The last checkpoint is signed by another key than the one that signs now."
        )
    except ProofError as error:
        yield Complaint(
            "critical",
            f"The last checkpoint does not verify: {error}.",
            "docs/runbooks.md, The log was rolled back: keep what there is, it is evidence.",
        )
