"""Rewriting: a compressor that writes new text at one of the restructuring levels."""
