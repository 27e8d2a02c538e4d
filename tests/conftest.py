"""Settings for every test: hypothesis repeats the same examples, unless it is asked to look deeper.

``ROLECALL_DEPTH=20 pytest tests/unit`` tries twenty times as many examples, chosen at random.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.registries import DEPTH

settings.register_profile(
    "rolecall",
    deadline=None,
    derandomize=DEPTH == 1,
    database=None,
    print_blob=False,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("rolecall")
