"""What every step is made with: the study, the store, and what one process loads only once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from cotpress.benchmarks import Item, load_benchmark
from cotpress.errors import InputError
from cotpress.grading import Grader
from cotpress.models import Limits, Wanted
from cotpress.ngram import NGram
from cotpress.segment import segment
from cotpress.signals import LM, Saliency
from cotpress.store import content_key
from cotpress.study.artifacts import Artifacts, Step
from cotpress.study.config import WORLD, Condition, Study
from cotpress.tokens import FastTokenizer, TokenCounter
from cotpress.traces import read
from cotpress.types import Rejected, SignalSource, Trace
from cotpress.world import Role, WorldTrace, sample, unit_roles

NGRAM = "ngram"
COUNTS = "counts.json"
VERSION = 1  # raised when a unit is counted differently
Found = TypeVar("Found")
GENERATED = 256  # traces of a generated condition without a limit


@dataclass(frozen=True, slots=True)
class Material:
    """A condition's traces; `drawn` is what they were generated as, nothing for those that were read."""

    traces: tuple[Trace, ...]
    rejected: tuple[Rejected, ...]
    drawn: tuple[WorldTrace, ...]
    key: str

    def essential(self) -> list[list[bool] | None]:
        """Of each trace, which units are essential; None where nobody knows. Cuts every trace to units."""
        if not self.drawn:
            return [None] * len(self.traces)
        return [[role is Role.ESSENTIAL for role in unit_roles(one)] for one in self.drawn]


class Desk:
    """Loaded on first use, kept for the life of a process."""

    def __init__(self, study: Study, artifacts: Artifacts) -> None:
        self.study, self.artifacts = study, artifacts
        self._once: dict[tuple[str, ...], Any] = {}

    def material(self, condition: str, native: bool = False) -> Material:
        """The traces of a condition, or those of its second, natively short source.

        Raises:
            InputError: they cannot be read, or there are none.
        """
        given = self.study.conditions[condition]
        found = _generated if given.traces == WORLD else _read
        return self.once(("material", condition, "native" if native else ""), lambda: found(given, native))

    def source(self, condition: str, needs: str) -> SignalSource | None:
        """What gives a criterion the signal that it needs: None for none."""
        if not needs:
            return None
        model = self._scorer(needs)
        if model == NGRAM:
            return self.once((NGRAM, condition), lambda: NGram.fit(self.material(condition).traces))
        made: type[LM | Saliency] = Saliency if needs == "keep_probability" else LM
        return self.once(("model", needs, model), lambda: made(model))

    def is_modelled(self, needs: str) -> bool:
        """Whether a language model or a classifier gives that signal, and not a count of n-grams."""
        return self._scorer(needs) != NGRAM

    def _scorer(self, needs: str) -> str:
        return self.study.saliency if needs == "keep_probability" else self.study.scorer

    @property
    def shelf(self) -> Path:
        """Where signals of traces are kept: of n-grams, too, as reading is quicker than scoring again."""
        return self.artifacts.root / "signals-of-traces"

    def once(self, name: tuple[str, ...], find: Callable[[], Found]) -> Found:
        """What `find` gives, found the first time that it is asked for by this name."""
        if name not in self._once:
            self._once[name] = find()
        found: Found = self._once[name]
        return found

    def items(self, condition: str) -> Mapping[str, list[Item]]:
        """The problems of each benchmark that the students of a condition are asked.

        Raises:
            InputError, OptionError: a benchmark cannot be loaded.
        """
        files = self.study.conditions[condition].benchmarks

        def load() -> dict[str, list[Item]]:
            return {name: load_benchmark(name, file, limit=self.study.problems) for name, file in files.items()}

        return self.once(("items", condition), load)

    def items_key(self, condition: str) -> str:
        """A content key of those problems."""

        def find() -> str:
            return content_key({name: [asdict(one) for one in part] for name, part in self.items(condition).items()})

        return self.once(("items key", condition), find)

    def counts(self, condition: str, native: bool = False) -> list[int]:
        """The reasoning tokens of each trace of a condition, or of its second source; read where they are stored."""

        def find() -> list[int]:
            folder = self.artifacts.find(self._counts_step(condition, native))
            return self._counted(condition, native) if folder is None else json.loads((folder / COUNTS).read_text())

        return self.once(("counts", condition, "native" if native else ""), find)

    def store_counts(self, condition: str) -> None:
        """Have the counts of a condition in the store: a rerun with nothing to do would mostly count."""

        def build(folder: Path) -> None:
            (folder / COUNTS).write_text(json.dumps(self.counts(condition)))

        self.artifacts.make(self._counts_step(condition, native=False), build)

    def _counts_step(self, condition: str, native: bool) -> Step:
        return Step.of("counts", VERSION, self.material(condition, native).key, self.counted_with)

    def _counted(self, condition: str, native: bool) -> list[int]:
        texts = [trace.reasoning for trace in self.material(condition, native).traces]
        return self.counter.count(texts) if self.counter else [len(segment(text).kinds) for text in texts]

    @cached_property
    def counter(self) -> TokenCounter | None:
        """What counts tokens: the tokenizer of the model that the study names, None for units."""
        scorer = "" if self.study.scorer == NGRAM else self.study.scorer
        model = self.study.tokenizer or next(iter(self.study.students), "") or scorer
        if not model:
            return None
        wanted = Wanted(model, None, "cpu", None, Limits(), trust_remote_code=False)
        return FastTokenizer(model, wanted.load_counting())

    @cached_property
    def counted_with(self) -> Any:
        """What identifies the counter in keys."""
        return content_key(self.counter.backend.to_str()) if isinstance(self.counter, FastTokenizer) else None

    @cached_property
    def grader(self) -> Grader:
        """One pool of grading processes for all evaluations."""
        return Grader(workers=1)

    def close(self) -> None:
        """Let go of the grading processes."""
        if "grader" in self.__dict__:
            self.grader.close()


def _read(condition: Condition, native: bool) -> Material:
    given = condition.native_short if native else condition.traces
    sources = [given] if isinstance(given, str) else list(given)
    traces, rejected = [], []
    for row in read(sources):
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            traces.append(replace(row, domain=condition.domain, regime=condition.regime))
        if len(traces) == condition.limit:
            break
    if not traces:
        why = f": {rejected[0].detail}" if rejected else "."
        raise InputError(f"There is no trace in {', '.join(sources)}{why}", "Look at it with: cotpress inspect FILE")
    return Material(tuple(traces), tuple(rejected), (), _key(traces))


def _generated(condition: Condition, native: bool) -> Material:
    regime = "short" if native else condition.regime
    drawn = sample(condition.domain, regime, condition.limit or GENERATED, condition.seed)
    traces = [one.trace for one in drawn]
    return Material(tuple(traces), (), tuple(drawn), _key(traces))


def _key(traces: Iterable[Trace]) -> str:
    """A hash of hashes: a key over all traces at once would hold them in memory twice."""
    return content_key([content_key(asdict(trace)) for trace in traces])
