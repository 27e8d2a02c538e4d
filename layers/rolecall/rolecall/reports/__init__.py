"""Findings to bytes: one report model, one small file per format."""
