"""LLMLingua-2 exactly as the `llmlingua` package (0.2.2) computes it, defects included; `Saliency` is the right way."""

from cotpress.llmlingua.compressor import LLMLinguaCompressor
from cotpress.llmlingua.llmlingua2 import LLMLingua2, ScoredChunk

__all__ = ["LLMLingua2", "LLMLinguaCompressor", "ScoredChunk"]
