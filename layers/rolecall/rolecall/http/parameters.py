"""The parameters of routes: what may stand in a path, a query or a header, described once."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import AfterValidator, AwareDatetime

from rolecall.keys.path_ids import id_in_path

__all__ = [
    "CursorQuery",
    "DryRunQuery",
    "EntityQuery",
    "HrefPath",
    "IdPath",
    "IfMatch",
    "IfNoneMatch",
    "LimitQuery",
    "RunQuery",
    "SinceQuery",
]

_LONGEST_ID = 1_000
"""What a registry can store of one."""


def _id_of(part: str) -> str:
    """Return the id that a part of a path is.

    :raises ValueError: it is none, or too long.
    """
    id_ = id_in_path(part)
    if not 0 < len(id_) <= _LONGEST_ID:
        raise ValueError(f"an id has 1 to {_LONGEST_ID} signs")
    return id_


IdPath = Annotated[
    str,
    # A gateway takes an address of 64 KiB at most, of which a letter may take twelve signs, and two
    # ids may stand in it.
    Path(min_length=1, max_length=2_000, description="An id; what is not plain as ~ and base64url"),
    AfterValidator(_id_of),
]
HrefPath = Annotated[str, Path(max_length=100, description="The end of a finding's href")]
EntityQuery = Annotated[
    str | None, Query(description="Of this entity alone", min_length=1, max_length=_LONGEST_ID)
]
RunQuery = Annotated[
    str | None, Query(description="Of this run alone", min_length=1, max_length=100)
]
SinceQuery = Annotated[
    AwareDatetime | None, Query(description="From this instant on, with its time zone")
]
CursorQuery = Annotated[
    str | None, Query(description="Where the last page ended", max_length=4_000)
]
LimitQuery = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]
DryRunQuery = Annotated[bool, Query(description="Change nothing, and say what would be done")]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag of the record that you saw")
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="`*` for a record that is new")
]
