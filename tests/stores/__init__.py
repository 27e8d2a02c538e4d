"""Stores of the decisions in memory, held to those of DynamoDB by one contract."""
