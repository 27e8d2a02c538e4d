"""Traces of the functions, loaded when an invocation is traced.

The X-Ray SDK takes as long to load as all of Rolecall, as it makes a client of its own. Lambda says
with each invocation whether it is sampled; most are not, and a cold start does not wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_lambda_powertools import Tracer

__all__ = ["Handler", "traced"]

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def traced(handler: Handler) -> Handler:
    """Trace a handler's invocations that are sampled; its answers stay out of the traces."""

    @wraps(handler)
    def invoked(event: dict[str, Any], context: Any) -> dict[str, Any]:
        if "Sampled=1" not in os.environ.get("_X_AMZN_TRACE_ID", ""):
            return handler(event, context)
        captured = _tracer().capture_lambda_handler(handler, capture_response=False)
        answer: dict[str, Any] = captured(event, context)
        return answer

    return invoked


@cache
def _tracer() -> Tracer:
    from aws_lambda_powertools import Tracer

    return Tracer()
