"""Answers that are kept for a day, so that a request that is sent again is done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from rolecall.errors import ConflictError, FormatError, StorageError

__all__ = ["DynamoIdempotency"]

_SECONDS = 86_400


class DynamoIdempotency:
    """Answers by key, in a table of their own that forgets by itself."""

    def __init__(self, client: Any, table: str) -> None:
        """Use a table.

        :param client: of DynamoDB, not one that :class:`rolecall.aws.table.Table` uses.
        """
        self._store = DynamoDBPersistenceLayer(table_name=table, key_attr="pk", boto3_client=client)

    def run(
        self, key: str, request: str, work: Callable[[], dict[str, Any]], context: Any
    ) -> dict[str, Any]:
        """Return what a work gave the first time; what it raises is not kept.

        :param key: names the request.
        :param request: what must be the same when the key is.
        :param context: of the invocation, which says how long it may take.
        :raises ConflictError: the request is another one, or is being served at this moment.
        :raises StorageError: the table could not be reached.
        """
        config = IdempotencyConfig(
            event_key_jmespath="key",
            payload_validation_jmespath="request",
            raise_on_no_idempotency_key=True,
            expires_after_seconds=_SECONDS,
            hash_function="sha256",
            lambda_context=context,
        )

        @idempotent_function(  # type: ignore[untyped-decorator]
            data_keyword_argument="asked",
            persistence_store=self._store,
            config=config,
            key_prefix="api",
        )
        def serve(asked: dict[str, str]) -> dict[str, Any]:
            del asked
            return work()

        try:
            found: dict[str, Any] = serve(asked={"key": key, "request": request})
        except IdempotencyValidationError as error:
            raise ConflictError(
                "idempotency-mismatch",
                "this Idempotency-Key was sent with another request; take a new one",
            ) from error
        except IdempotencyAlreadyInProgressError as error:
            raise ConflictError(
                "idempotency-in-progress", "this request is being served; ask again in a moment"
            ) from error
        except IdempotencyPersistenceLayerError as error:
            raise _reason(error) from error
        return found


def _reason(error: IdempotencyPersistenceLayerError) -> FormatError | StorageError:
    """Return why an answer could not be kept."""
    cause = error.__cause__
    return cause if isinstance(cause, FormatError) else StorageError("keeping the answer")
