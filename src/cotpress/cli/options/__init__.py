"""Options that verbs share, as dataclasses that the parser flattens, and the names that they take."""
