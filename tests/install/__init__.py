"""Rolecall installed as people install it, from the network; run by ``make test-install``."""
