"""What a caller may read: theirs, page by page, and nothing that tells of the rest."""
