"""The audit log: append-only records, in exact bytes that are encoded once and never again."""
