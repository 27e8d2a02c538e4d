"""What Rolecall can be asked to do: each use case connects the core with readers, log, reports."""
