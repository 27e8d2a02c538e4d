"""Secrets of logins: who is admitted, what they do with one, and what serves the requests."""
