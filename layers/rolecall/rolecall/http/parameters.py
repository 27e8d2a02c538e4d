"""The parameters of routes: what may stand in a path, a query or a header, described once."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import AwareDatetime

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

IdPath = Annotated[str, Path(min_length=1, max_length=200, description="An id of the registry")]
HrefPath = Annotated[str, Path(max_length=100, description="The end of a finding's href")]
EntityQuery = Annotated[
    str | None, Query(description="Of this entity alone", min_length=1, max_length=200)
]
RunQuery = Annotated[
    str | None, Query(description="Of this run alone", min_length=1, max_length=100)
]
SinceQuery = Annotated[
    AwareDatetime | None, Query(description="From this instant on, with its time zone")
]
CursorQuery = Annotated[
    str | None, Query(description="Where the last page ended", max_length=1_000)
]
LimitQuery = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]
DryRunQuery = Annotated[bool, Query(description="Change nothing, and say what would be done")]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag of the record that you saw")
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="`*` for a record that is new")
]
