"""Actions: the fewest things to do that end what fails."""
