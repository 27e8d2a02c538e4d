"""What a stack tells of itself: its outputs, and the variables by which its functions know them."""

from __future__ import annotations

__all__ = ["RELEASE", "SETTINGS"]

SETTINGS = {
    "RegistryTable": "REGISTRY_TABLE",
    "FindingsTable": "FINDINGS_TABLE",
    "AuditLogTable": "AUDIT_LOG_TABLE",
    "WorkBucket": "WORK_BUCKET",
    "ReportBucket": "REPORT_BUCKET",
    "VaultTable": "VAULT_TABLE",
    "DeskTable": "DESK_TABLE",
    "AnswersTable": "ANSWERS_TABLE",
    "StateMachineArn": "STATE_MACHINE",
    "SigningKeyArn": "SIGNING_KEY",
    "VaultKeyArn": "VAULT_KEY",
    "FingerprintKeyArn": "FINGERPRINT_KEY",
    "Organisation": "ORGANISATION",
    "StackName": "STACK_NAME",
    "CredentialFunctionArn": "CREDENTIAL_FUNCTION",
    "KeptVersions": "KEPT_VERSIONS",
    "LogName": "LOG_NAME",
    "LedgerShards": "LEDGER_SHARDS",
    "CheckpointRetentionDays": "CHECKPOINT_RETENTION_DAYS",
    "ReportRetentionDays": "REPORT_RETENTION_DAYS",
}
"""Outputs of the stack, and the environment variables by which its functions know the same."""

RELEASE = "Release"
"""The output that names the release; the first one had none."""
