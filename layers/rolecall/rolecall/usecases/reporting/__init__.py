"""Reports of a run: made from an audit, a night or a log, and held against the records."""
