"""What every step of a study works with: the study, the store, and what a process loads only once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from cotpress.errors import InputError
from cotpress.evaluation.benchmarks import BenchmarkItem, load_benchmark
from cotpress.evaluation.grading import Grader
from cotpress.models import ModelLoader, ModelSpec
from cotpress.pipeline import SIGNAL_SOURCES, SignalSourceConfig, make_source
from cotpress.pipeline.source_kinds import find_source_of
from cotpress.storage import compute_content_key
from cotpress.study.artifacts import Artifact, ArtifactStore
from cotpress.study.config import KEEP_PROBABILITY, NGRAM, WORLD, Condition, Study
from cotpress.text import segment
from cotpress.token_counting import TokenCounter, TokenizerCounter
from cotpress.traces import FieldNames, TraceReader, read
from cotpress.types import Rejected, SignalSource, Trace
from cotpress.world import ReasoningRole, WorldTrace, assign_unit_roles, assign_unit_tellings, sample

COUNTS_FILE = "counts.json"
COUNTS_VERSION = 1  # raised when a unit is counted differently
CachedValue = TypeVar("CachedValue")
DEFAULT_GENERATED_TRACES = 256  # traces of a generated condition without a limit


@dataclass(frozen=True, slots=True)
class ConditionData:
    """A condition's traces; `generated` is what they were generated as, nothing for those that were read."""

    traces: tuple[Trace, ...]
    rejected: tuple[Rejected, ...]
    generated: tuple[WorldTrace, ...]
    key: str

    def describe_truth(self) -> list[dict[str, Any]]:
        """Of each trace, the columns of the table of traces that tell the truth; none where that is unknown.

        Every trace is cut to units for it.
        """
        if not self.generated:
            return [{} for _ in self.traces]
        return [_describe_truth(drawn) for drawn in self.generated]


def _describe_truth(drawn: WorldTrace) -> dict[str, Any]:
    facts = list(dict.fromkeys(telling.fact for telling in drawn.tellings))
    return {
        "unit_essential": [role is ReasoningRole.ESSENTIAL for role in assign_unit_roles(drawn)],
        "unit_telling": assign_unit_tellings(drawn),
        "telling_fact": [facts.index(telling.fact) for telling in drawn.tellings],
    }


class StudyContext:
    """Loaded on first use, kept for the life of a process."""

    def __init__(self, study: Study, artifacts: ArtifactStore) -> None:
        self.study, self.artifacts = study, artifacts
        self._cache: dict[tuple[str, ...], Any] = {}

    def load_condition(self, condition: str, native: bool = False) -> ConditionData:
        """The traces of a condition, or those of its second, natively short source.

        Raises:
            InputError: they cannot be read, or there are none.
        """
        source = self.study.conditions[condition]
        load = _generate_condition if source.traces == WORLD else _read_condition
        return self.get_or_compute(("material", condition, "native" if native else ""), lambda: load(source, native))

    def get_signal_source(self, condition: str, signal: str) -> SignalSource:
        """What gives a signal of a condition's traces. A source without a model may be fitted on these traces."""
        config = self._choose_source(signal)
        fitted_on = "" if self.is_model_based(signal) else condition

        def make() -> SignalSource:
            return make_source(config, self.load_condition(condition).traces)

        return self.get_or_compute(("source", config.source, config.model.name, fitted_on), make)

    def get_signal_sources(self, condition: str, needs: Iterable[str]) -> list[SignalSource]:
        """What gives a criterion the signals that it needs, each source once."""
        sources = (self.get_signal_source(condition, signal) for signal in sorted(needs))
        return list({id(source): source for source in sources}.values())

    def is_model_based(self, signal: str) -> bool:
        """Whether a language model or a classifier gives that signal, and not a count of n-grams."""
        return SIGNAL_SOURCES.get_entry(self._choose_source(signal).source).needs_model

    def _choose_source(self, signal: str) -> SignalSourceConfig:
        for choice in self.study.sources:
            if signal in choice.provides:
                return SignalSourceConfig(choice.source, ModelSpec(choice.model))
        if signal == KEEP_PROBABILITY:
            return SignalSourceConfig("saliency", ModelSpec(self.study.saliency))
        if self.study.scorer == NGRAM:
            return SignalSourceConfig(NGRAM)
        return SignalSourceConfig(find_source_of(signal) or "lm", ModelSpec(self.study.scorer))

    @property
    def signal_folder(self) -> Path:
        """Where signals of traces are kept: of n-grams, too, as reading is quicker than scoring again."""
        return self.artifacts.root / "signals-of-traces"

    def get_or_compute(self, name: tuple[str, ...], compute: Callable[[], CachedValue]) -> CachedValue:
        """What `find` gives, found the first time that it is asked for by this name."""
        if name not in self._cache:
            self._cache[name] = compute()
        value: CachedValue = self._cache[name]
        return value

    def load_problems(self, condition: str) -> Mapping[str, list[BenchmarkItem]]:
        """The problems of each benchmark that the students of a condition are asked.

        Raises:
            InputError, OptionError: a benchmark cannot be loaded.
        """
        files = self.study.conditions[condition].benchmarks

        def load() -> dict[str, list[BenchmarkItem]]:
            return {name: load_benchmark(name, file, limit=self.study.problems) for name, file in files.items()}

        return self.get_or_compute(("items", condition), load)

    def compute_problems_key(self, condition: str) -> str:
        """A content key of those problems."""

        def compute() -> str:
            return compute_content_key(
                {name: [asdict(item) for item in items] for name, items in self.load_problems(condition).items()}
            )

        return self.get_or_compute(("items key", condition), compute)

    def get_token_counts(self, condition: str, native: bool = False) -> list[int]:
        """The reasoning tokens of each trace of a condition, or of its second source; read where they are stored."""

        def compute() -> list[int]:
            folder = self.artifacts.find(self._get_counts_artifact(condition, native))
            return (
                self._count_tokens(condition, native)
                if folder is None
                else json.loads((folder / COUNTS_FILE).read_text())
            )

        return self.get_or_compute(("counts", condition, "native" if native else ""), compute)

    def store_token_counts(self, condition: str) -> None:
        """Have the counts of a condition in the store: a rerun with nothing to do would mostly count."""

        def build(folder: Path) -> None:
            (folder / COUNTS_FILE).write_text(json.dumps(self.get_token_counts(condition)))

        self.artifacts.make(self._get_counts_artifact(condition, native=False), build)

    def _get_counts_artifact(self, condition: str, native: bool) -> Artifact:
        return Artifact.from_inputs(
            "counts", COUNTS_VERSION, self.load_condition(condition, native).key, self.counter_key
        )

    def _count_tokens(self, condition: str, native: bool) -> list[int]:
        texts = [trace.reasoning for trace in self.load_condition(condition, native).traces]
        return self.counter.count(texts) if self.counter else [len(segment(text).kinds) for text in texts]

    @cached_property
    def counter(self) -> TokenCounter | None:
        """What counts tokens: the tokenizer of the model that the study names, None for units."""
        scorer = "" if self.study.scorer == NGRAM else self.study.scorer
        model = self.study.tokenizer or next(iter(self.study.students), "") or scorer
        if not model:
            return None
        return TokenizerCounter(model, ModelLoader(ModelSpec(model, device="cpu")).load_backend_tokenizer())

    @cached_property
    def counter_key(self) -> Any:
        """What identifies the counter in keys."""
        return (
            compute_content_key(self.counter.backend.to_str()) if isinstance(self.counter, TokenizerCounter) else None
        )

    @cached_property
    def grader(self) -> Grader:
        """One pool of grading processes for all evaluations."""
        return Grader(workers=1)

    def close(self) -> None:
        """Let go of the grading processes."""
        if "grader" in self.__dict__:
            self.grader.close()


def _read_condition(condition: Condition, native: bool) -> ConditionData:
    named = condition.native_short if native else condition.traces
    sources = [named] if isinstance(named, str) else list(named)
    traces, rejected = [], []
    for row in _open_sources(sources, {} if native else condition.fields):
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            traces.append(replace(row, domain=condition.domain, regime=condition.regime))
        if len(traces) == condition.limit:
            break
    if not traces:
        why = f": {rejected[0].detail}" if rejected else "."
        raise InputError(f"There is no trace in {', '.join(sources)}{why}", "Look at it with: cotpress inspect FILE")
    return ConditionData(tuple(traces), tuple(rejected), (), _compute_traces_key(traces))


def _open_sources(sources: list[str], fields: Mapping[Any, Any]) -> TraceReader:
    """The rows of the sources; a fault of their fields says how a study names them."""
    try:
        return read(sources, FieldNames(**fields))
    except InputError as error:
        where = "In a study the condition names them, such as fields: {reasoning: FIELD}." if "--" in str(error) else ""
        raise InputError(error.message, f"{error.hint} {where}".strip()) from error


def _generate_condition(condition: Condition, native: bool) -> ConditionData:
    regime = "short" if native else condition.regime
    drawn = sample(condition.domain, regime, condition.limit or DEFAULT_GENERATED_TRACES, condition.seed)
    traces = [generated.trace for generated in drawn]
    return ConditionData(tuple(traces), (), tuple(drawn), _compute_traces_key(traces))


def _compute_traces_key(traces: Iterable[Trace]) -> str:
    """A hash of hashes: a key over all traces at once would hold them in memory twice."""
    return compute_content_key([compute_content_key(trace.to_dict()) for trace in traces])
