"""Serve one request about a secret. Nothing of a request or an answer is ever logged."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rolecall.garbage import uncollected

with uncollected():
    import msgspec
    from aws_lambda_powertools import Metrics
    from aws_lambda_powertools.metrics import MetricUnit

    from rolecall.aws.caller import caller_of
    from rolecall.aws.function_log import function_logger
    from rolecall.aws.stack import Stack
    from rolecall.aws.tracing import traced
    from rolecall.errors import DeniedError, UsageError
    from rolecall.usecases.vault.messages import Failure, Reply, Rewrapping, parse_request
    from rolecall.usecases.vault.service import serve

    logger = function_logger()
    metrics = Metrics()
    metrics.set_default_dimensions(stack=os.environ["STACK_NAME"])
    stack = Stack.of_environment(os.environ, lambda: datetime.now(UTC))


def rewrap(at: datetime, via: str) -> Rewrapping:
    """Rewrap some more secrets."""
    return stack.vault.rewrap(stack.wrapper, at, via)


@logger.inject_lambda_context(log_event=False, clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve a request of whoever may invoke this function, and can prove who that is."""
    try:
        reply = served(event)
    except Exception as error:  # noqa: BLE001 - its message may hold what must not be logged.
        trace, places = error.__traceback__, []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
            trace = trace.tb_next
        logger.error("failed", extra={"kind": type(error).__name__, "places": places[-8:]})
        reply = Reply(failure=Failure("failed", "the vault failed; its log says where"))
    kind = None if reply.failure is None else reply.failure.kind
    metrics.add_metric("VaultRequests", MetricUnit.Count, 1)
    metrics.add_metric("VaultDenied", MetricUnit.Count, kind == "denied")
    metrics.add_metric("VaultUnreadable", MetricUnit.Count, kind == "unreadable")
    metrics.add_metric("VaultFailures", MetricUnit.Count, kind == "failed")
    answer: dict[str, Any] = msgspec.to_builtins(reply)
    return answer


def served(event: dict[str, Any]) -> Reply:
    """Serve a request."""
    try:
        request = parse_request(event)
    except UsageError as error:
        return Reply(failure=Failure("input", str(error)))
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        via = caller_of(request.proof, os.environ["STACK_NAME"], request.id, now)
    except DeniedError as error:
        return Reply(failure=Failure("denied", str(error)))
    logger.debug("begun", extra={"action": request.action, "request": request.id})
    reply = serve(stack.credentials, request, now, via, rewrap)
    outcome = "served" if reply.failure is None else reply.failure.kind
    logger.info(outcome, extra={"action": request.action, "request": request.id})
    return reply
