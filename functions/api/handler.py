"""The API: heads revoke, officers read."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import Any

from rolecall.garbage import uncollected

with uncollected():
    from aws_lambda_powertools import Metrics
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
    from aws_lambda_powertools.metrics import MetricUnit

    from rolecall.aws.function_log import function_logger
    from rolecall.aws.stack import Stack
    from rolecall.aws.tracing import traced
    from rolecall.http.api import Api
    from rolecall.http.description import describe
    from rolecall.http.idempotency import served_once
    from rolecall.http.plain_paths import plain_paths
    from rolecall.http.problems import add_problems
    from rolecall.http.routes import make_router
    from rolecall.usecases.identity.offices import Offices
    from rolecall.usecases.identity.permissions import Caller
    from rolecall.usecases.identity.seen_offices import note_offices
    from rolecall.usecases.identity.sign_in import sign_in

    logger = function_logger()
    metrics = Metrics()
    metrics.set_default_dimensions(stack=os.environ["STACK_NAME"])
    stack = Stack.of_environment(os.environ, lambda: datetime.now(UTC))
    OFFICES = Offices(
        claim=os.environ["GROUPS_CLAIM"],
        compliance=os.environ["COMPLIANCE_GROUP"],
        registrar=os.environ["REGISTRAR_GROUP"],
    )
    NOT_FOUND_SECONDS = int(os.environ["NOT_FOUND_MILLISECONDS"]) / 1_000
    app = APIGatewayHttpResolver(enable_validation=True)


def now() -> datetime:
    """Return this instant, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def caller() -> Caller:
    """Return who calls, from the claims that the gateway verified."""
    if "caller" not in app.context:
        event = app.current_event.raw_event
        claims = event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
        header = event.get("headers", {}).get("authorization")
        # Without the variable an ID token it must be.
        kind = os.environ.get("TOKEN_USE", "id") or None
        known = sign_in(
            stack.registry, stack.sign_ins, claims, now(), OFFICES, header=header, kind=kind
        )
        note_offices(stack.sign_ins, known, known.today)
        app.context["caller"] = known
    found: Caller = app.context["caller"]
    return found


with uncollected():
    api = Api(stack, caller, now)
    app.include_router(make_router(api))
    app.use(middlewares=[plain_paths, served_once(api)])
    describe(app)
    add_problems(app)


@logger.inject_lambda_context(log_event=False, clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve a request."""
    started = time.monotonic()
    # Nobody is who called before.
    app.clear_context()  # type: ignore[no-untyped-call]
    found: dict[str, Any] = app.resolve(event, context)
    took = round(1_000 * (time.monotonic() - started))
    logger.debug("served", extra={"status": found["statusCode"], "milliseconds": took})
    metrics.add_metric("ApiRequests", MetricUnit.Count, 1)
    metrics.add_metric("ApiFailures", MetricUnit.Count, found["statusCode"] >= 500)
    if found["statusCode"] == 404:
        # What is not there and what is not theirs are not told apart by how long it took.
        time.sleep(max(0.0, NOT_FOUND_SECONDS - (time.monotonic() - started)))
    return found
