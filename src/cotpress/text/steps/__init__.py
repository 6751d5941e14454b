"""Where steps begin, and which of them need others."""
