"""Checks of grants: who holds which role, and whether they still may."""
