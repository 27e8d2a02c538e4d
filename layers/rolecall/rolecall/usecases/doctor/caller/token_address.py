"""A setting by which the vault refuses its callers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.caller_state import CallerState
from rolecall.usecases.doctor.check import Complaint, doctor_check

__all__ = ["token_address"]


def _asked(state: CallerState) -> Mapping[str, Answer[str]]:
    return only(state.sts)


@doctor_check(
    title="Proofs of who calls are signed for the regional address of STS",
    why=(
        "The vault asks its own region's STS who calls, and takes a proof for no other; a "
        "setting of this machine may have them signed for the global address, or one of FIPS "
        "or IPv6."
    ),
    remedy=(
        "Take sts_regional_endpoints, use_fips_endpoint and use_dualstack_endpoint out of "
        "your AWS configuration, and their variables out of the environment."
    ),
    asks=(),
    subjects=_asked,
    on_emulator=False,
)
def token_address(_: str, found: str, state: CallerState) -> Iterator[Complaint]:
    """Look for which address of STS a proof would be signed."""
    host = urlsplit(found).hostname or ""
    if not host.startswith(f"sts.{state.region}."):
        yield Complaint("warning", f"Proofs are signed for {host}: rolecall vault will be refused.")
