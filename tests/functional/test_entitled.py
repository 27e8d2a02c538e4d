"""Access that is over, or to go, reads nothing through the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.api import bring, call, registry, who
from tests.cloud import Cloud, begins

NOW = datetime.now(UTC)
PATHS = [
    *("/v1/accounts/page-mid", "/v1/accounts/page-mid/grants", "/v1/accounts/page-mid/logins"),
    "/v1/accounts/page-mid/grants/boss-mid",
]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"expires_on": NOW.date() + timedelta(9)}, 200),
        ({"expires_on": NOW.date() - timedelta(1)}, 404),
        ({"revoke_requested_at": NOW}, 404),
        ({"revoked_on": NOW.date()}, 404),
    ],
    ids=["for now", "over", "to go", "gone"],
)
@begins(None)
def test_access_reads_as_long_as_it_entitles(
    sky: Cloud, facts: dict[str, Any], status: int
) -> None:
    known = registry()
    grants = tuple(
        replace(one, **facts)
        if (one.account_id, one.person_id) == ("page-mid", "boss-mid")
        else one
        for one in known.grants
    )
    bring(sky, replace(known, grants=grants))
    api = sky.function("api")
    boss = who("boss-mid")
    assert {call(api, "GET", path, boss).status for path in PATHS} == {status}
    listed = call(api, "GET", "/v1/accounts", boss).body["items"]
    assert [one["id"] for one in listed] == (["page-mid"] if status == 200 else [])
