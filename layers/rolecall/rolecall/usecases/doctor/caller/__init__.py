"""Checks of whoever asks, one a module."""
