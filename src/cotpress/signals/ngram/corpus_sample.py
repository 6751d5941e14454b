"""A bounded sample of a corpus that doesn't depend on the order of its rows."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable

from cotpress.types import Trace


def compute_digest(trace: Trace) -> int:
    """64 bits over what the model reads of a trace: its question and its reasoning."""
    parts = (part.encode("utf-8", "surrogatepass") for part in (trace.question, trace.reasoning))
    question, reasoning = (hashlib.blake2b(part, digest_size=8).digest() for part in parts)
    return int.from_bytes(hashlib.blake2b(question + reasoning, digest_size=8).digest(), "big")


class CorpusSample:
    """The traces of the smallest digests, each once, until they hold `limit` characters of reasoning."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._heap: list[tuple[int, str]] = []
        self._digests: set[int] = set()
        self._size = 0

    def add(self, traces: Iterable[Trace]) -> None:
        """Offer traces, in one pass and in memory bounded by the limit."""
        for trace in traces:
            self._offer(compute_digest(trace), trace.reasoning)

    def merge(self, sampled: Iterable[tuple[int, str]]) -> None:
        """Offer what a sample of other rows, with the same limit, holds: the sample of all rows comes of it."""
        for number, reasoning in sampled:
            self._offer(number, reasoning)

    @property
    def digest_limit(self) -> int:
        """The digest above which nothing is taken any more; 2**64 while there is room."""
        return -self._heap[0][0] if self._size >= self._limit else 1 << 64

    def _offer(self, number: int, reasoning: str) -> None:
        if number > self.digest_limit or not reasoning or number in self._digests:
            return
        heapq.heappush(self._heap, (-number, reasoning))
        self._digests.add(number)
        self._size += len(reasoning)
        while self._size - len(self._heap[0][1]) >= self._limit:
            dropped, other = heapq.heappop(self._heap)
            self._digests.discard(-dropped)
            self._size -= len(other)

    def list_by_digest(self) -> list[tuple[int, str]]:
        """(digest, reasoning) of each trace, by digest."""
        return sorted((-number, reasoning) for number, reasoning in self._heap)
