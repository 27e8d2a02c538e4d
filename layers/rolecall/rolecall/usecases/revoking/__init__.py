"""Taking access away: decided here, carried out here, and held back when it is too much."""
