"""Asks AWS what the doctor looks at. Nothing here writes."""
