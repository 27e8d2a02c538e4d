"""Checks of the night and its seal, one a module."""
