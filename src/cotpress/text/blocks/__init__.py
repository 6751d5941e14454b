"""Units that live and die together where single units are deleted."""
