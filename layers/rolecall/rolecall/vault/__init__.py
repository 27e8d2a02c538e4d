"""The vault: secrets in an envelope that opens at one place only, and what is known about them."""
