"""The verbs of the command line: a file each, which parses, calls and prints."""
