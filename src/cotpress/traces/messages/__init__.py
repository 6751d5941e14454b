"""Messages, replies and rendered conversations as passages, some of which are reasoning."""
