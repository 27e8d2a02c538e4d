"""Checks of who signs in, one a module."""
