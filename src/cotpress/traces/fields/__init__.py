"""Which field of a row holds what."""
