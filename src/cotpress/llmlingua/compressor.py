"""The package's LLMLingua-2 as a compressor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cotpress.errors import LLMLinguaPackageError
from cotpress.llmlingua.llmlingua2 import LLMLingua2
from cotpress.text import segment
from cotpress.token_counting import TokenCounter
from cotpress.types import Compressed, Rejected, Trace


@dataclass(frozen=True, eq=False)
class LLMLinguaCompressor:
    """Shortens reasoning as the package does. Its texts are new ones: white space and, for BERT, signs move.

    `ratio_of` gives a trace its rate, 0.01..1. Nothing is protected, and what is realized is whatever comes of
    the package's percentiles: `counter` (units by default) counts it.
    """

    model: LLMLingua2
    ratio_of: Callable[[Trace], float]
    counter: TokenCounter | None = None

    def compress(self, traces: Sequence[Trace]) -> Iterator[Compressed | Rejected]:
        """One outcome a trace, in the order given; "llmlingua-fails" where the package would stop with an error."""
        for trace in traces:
            ratio = self.ratio_of(trace)
            try:
                text = self.model.compress_text(trace.reasoning, ratio).text
            except LLMLinguaPackageError as error:
                yield Rejected("llmlingua-fails", str(error), id=trace.id)
                continue
            yield Compressed(trace, text, None, *self._count_tokens(trace.reasoning, text), ratio)

    def _count_tokens(self, original: str, text: str) -> tuple[int, int]:
        if self.counter is not None:
            before, after = self.counter.count([original, text])
            return before, after
        return len(segment(original).kinds), len(segment(text).kinds)
