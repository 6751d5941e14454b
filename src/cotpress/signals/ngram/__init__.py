"""The embedded signal source: an n-gram model that adapts to a trace while reading it. No download, seconds."""

from cotpress.signals.ngram.corpus_sample import CorpusSample
from cotpress.signals.ngram.ngram_model import MAX_SAMPLE_CHARS, NGram

__all__ = ["MAX_SAMPLE_CHARS", "CorpusSample", "NGram"]
