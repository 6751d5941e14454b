"""The embedded signal source: an n-gram model that adapts to a trace while reading it. No download, seconds."""

from cotpress.ngram.sample import Sample
from cotpress.ngram.source import MAX_CHARS, NGram

__all__ = ["MAX_CHARS", "NGram", "Sample"]
