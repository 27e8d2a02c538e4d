"""What a release leaves behind, for later ones to be held against (tests/vectors/release-*)."""
