"""Checks of what the policy asks of people and of itself: training, acknowledgement, review."""
