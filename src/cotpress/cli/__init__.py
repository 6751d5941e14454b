"""The command line: one file a verb, each one parses, calls and prints."""

from cotpress.cli.app import main

__all__ = ["main"]
