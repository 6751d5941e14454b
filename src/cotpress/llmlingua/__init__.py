"""LLMLingua-2 exactly as the `llmlingua` package (0.2.2) computes it, defects included; `Saliency` is the right way."""

from cotpress.llmlingua.compressor import PackagePruner
from cotpress.llmlingua.package import Chunk, LLMLingua2

__all__ = ["Chunk", "LLMLingua2", "PackagePruner"]
