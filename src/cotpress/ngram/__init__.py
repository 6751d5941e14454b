"""The embedded signal source: an n-gram model that adapts to a trace while reading it. No download, seconds."""

from cotpress.ngram.source import NGram

__all__ = ["NGram"]
