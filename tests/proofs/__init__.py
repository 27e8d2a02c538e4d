"""Logs and bundles as an attacker would leave them, and what verification says of them."""
