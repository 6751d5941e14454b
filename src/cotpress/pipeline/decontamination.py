"""Traces whose question is a benchmark's: found by runs of words that both have, as published training sets do it.

GPT-3 (arXiv 2005.14165, appendix C) takes runs of 8 to 13 words, s1 (arXiv 2501.19393) 8; here it is 10. Case,
punctuation and white space do not count, so that what is equal letter for letter is found as well. A question that is
shorter must be equal as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Protocol

from cotpress.pipeline.stream import TraceCheck, select_trace_checks
from cotpress.storage import compute_content_key
from cotpress.types import Rejected, Trace

RUN_WORDS: Final = 10  # words in a row that two questions must share
_CJK = "぀-ヿ㐀-鿿가-힯"
_WORDS = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")  # scripts without spaces give a word a character


def split_lookup_words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation.

    >>> split_lookup_words("What is 17 + 25?"), split_lookup_words("求和。")
    (['what', 'is', '17', '25'], ['求', '和'])
    """
    return _WORDS.findall(text.casefold())


def generate_runs(words: Sequence[str]) -> Iterator[str]:
    """Every run of `RUN_WORDS` words, or all of fewer.

    >>> list(generate_runs(["a", "b"]))
    ['a b']
    """
    for start in range(max(1, len(words) - RUN_WORDS + 1)):
        yield " ".join(words[start : start + RUN_WORDS])


class BenchmarkIndex:
    """The questions of some benchmarks by their runs of words.

    Args:
        names: benchmarks, as "gsm8k" or "mine=FILE".

    Raises:
        OptionError: there is no such benchmark.
        InputError: it cannot be read.

    >>> index = BenchmarkIndex(("world_math",))
    >>> index.find("Name a prime.") is None
    True
    """

    def __init__(self, names: Sequence[str]) -> None:
        from cotpress.evaluation.benchmarks import load_benchmark  # which no other run needs

        self._whole: dict[str, tuple[str, str]] = {}
        self._runs: dict[str, tuple[str, str]] = {}
        for given in names:
            name, _, path = given.partition("=")
            for item in load_benchmark(name, path or None, instruct=False):
                words = split_lookup_words(item.prompt)
                self._whole.setdefault(" ".join(words), (name, item.id))
                if len(words) >= RUN_WORDS:
                    for run in generate_runs(words):
                        self._runs.setdefault(run, (name, item.id))
        self.key = compute_content_key(sorted(self._whole), sorted(self._runs))

    def find(self, question: str) -> tuple[str, str, str] | None:
        """(benchmark, problem, shared words) of a question that a benchmark has, too; None for none."""
        words = split_lookup_words(question)
        whole = self._whole.get(" ".join(words)) if words else None
        if whole is not None:
            return (*whole, " ".join(words)[:200])
        if len(words) < RUN_WORDS:
            return None
        return next(((*self._runs[run], run) for run in generate_runs(words) if run in self._runs), None)


@lru_cache(maxsize=4)
def open_index(names: tuple[str, ...]) -> BenchmarkIndex:
    """The index of some benchmarks, made once. Raises as `BenchmarkIndex`."""
    return BenchmarkIndex(names)


def compute_index_key(names: tuple[str, ...]) -> str:
    """What changes when the problems do, "" where no benchmark is named. Raises as `BenchmarkIndex`."""
    return open_index(names).key if names else ""


def make_contamination_check(names: tuple[str, ...]) -> TraceCheck:
    """A check that rejects a trace whose question one of the benchmarks has. Raises as `BenchmarkIndex`.

    Args:
        names: benchmarks, as "gsm8k" or "mine=FILE".
    """
    index = open_index(names)

    def reject_contaminated(trace: Trace) -> Rejected | None:
        found = index.find(trace.question)
        if found is None:
            return None
        benchmark, problem, words = found
        detail = f"Its question has words of problem '{problem}' of {benchmark}: '{words}'."
        return Rejected("contaminated", detail, id=trace.id)

    return reject_contaminated


class ScreeningSpec(Protocol):
    """A job, as far as it says which traces are not compressed."""

    @property
    def drop_wrong(self) -> bool:
        """Whether traces with a wrong answer are rejected."""

    @property
    def decontaminate(self) -> tuple[str, ...]:
        """Benchmarks whose questions are rejected."""


def select_spec_checks(spec: ScreeningSpec) -> list[TraceCheck]:
    """What a trace must pass before a job compresses it. Raises as `BenchmarkIndex`.

    >>> from cotpress.pipeline.compression_spec import CompressionSpec
    >>> [check.__name__ for check in select_spec_checks(CompressionSpec(decontaminate=("world_math",)))]
    ['reject_unusable', 'reject_contaminated']
    """
    named = [make_contamination_check(spec.decontaminate)] if spec.decontaminate else []
    return [*select_trace_checks(spec.drop_wrong), *named]
