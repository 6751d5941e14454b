"""Everything that a run over many shards is asked to do, and the content keys that follow from it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cotpress._version import __version__
from cotpress.pipeline import ClientConfig, CompressionSpec, RewriteSpec
from cotpress.scale.shards import InputShard
from cotpress.scale.storage import StorageFolder
from cotpress.storage import compute_content_key
from cotpress.traces import FieldNames

WORK_FOLDER = ".work"  # below the output: marks, and what one pass leaves for the next


def list_search_path() -> tuple[str, ...]:
    """Where Python finds modules in this process, as absolute paths."""
    return tuple(dict.fromkeys(os.path.abspath(path) for path in sys.path))


def extend_search_path(paths: Iterable[str]) -> None:
    """Let this process find modules where the one that planned the run finds them; last, so that they hide none."""
    sys.path += [path for path in paths if path not in sys.path]


@dataclass(frozen=True, slots=True)
class ShardedInput:
    """The shards, and how they are read; `limit` is how many rows of all of them are read at most, None: all."""

    shards: tuple[InputShard, ...]
    fields: FieldNames = FieldNames()  # noqa: RUF009 (frozen)
    join: Path | None = None
    limit: int | None = None

    def compute_read_key(self, shard: InputShard) -> str:
        """The key of a shard's rows, before other shards' ids are known."""
        return self._compute_key(shard.identity)

    def compute_file_key(self, shard: InputShard) -> str:
        """The key of all rows of a shard's file."""
        return self._compute_key(shard.file_identity)

    def _compute_key(self, identity: tuple[str | int, ...]) -> str:
        state = [] if self.join is None else [str(self.join), self.join.stat().st_size, self.join.stat().st_mtime_ns]
        return compute_content_key("rows", __version__, identity, asdict(self.fields), state)


@dataclass(frozen=True, slots=True)
class ScalePlan:
    """One run: what is done to which shards, and where it is written.

    `store` is a folder of each worker's machine for signals and replies. `client_config` is for rewriting alone.
    `search_path` is where workers find modules of the user's, such as that of a criterion `module:function`.
    """

    spec: CompressionSpec | RewriteSpec
    inputs: ShardedInput
    output: StorageFolder
    store: Path
    client_config: ClientConfig | None = None
    started_at: float = field(default_factory=time.time)
    search_path: tuple[str, ...] = field(default_factory=list_search_path)

    @property
    def needs_ngram(self) -> bool:
        """Whether an n-gram model is fitted on the whole corpus."""
        return isinstance(self.spec, CompressionSpec) and "ngram" in self.spec.kinds

    @property
    def needs_histogram(self) -> bool:
        """Whether one threshold for the whole corpus is looked for."""
        return isinstance(self.spec, CompressionSpec) and self.spec.budget.corpus

    @property
    def key(self) -> str:
        """Changes with the settings, with any shard, and with the version."""
        return compute_content_key(
            "run", self.spec.to_key(), [self.inputs.compute_read_key(shard) for shard in self.inputs.shards]
        )

    @property
    def run_folder(self) -> str:
        """The folder below the output of what holds for all shards of this run together."""
        return f"{WORK_FOLDER}/run-{self.key[:16]}"

    def get_shard_store(self, shard: InputShard) -> Path:
        """Where a worker keeps the signals and replies of a shard's file, however that is cut: apart from those of
        others, so that no index grows with the corpus."""
        return self.store / "shards" / self.inputs.compute_file_key(shard)

    def with_spend_share(self, share: float) -> ScalePlan:
        """The plan for a share of the rows: limits on what may be spent are shared out likewise."""
        if self.client_config is None:
            return self
        spend_limit = self.client_config.spend_limit
        cost = spend_limit.max_cost and spend_limit.max_cost * share
        tokens = spend_limit.max_tokens and max(1, int(spend_limit.max_tokens * share))
        spend_limit = replace(spend_limit, max_cost=cost, max_tokens=tokens)
        return replace(self, client_config=replace(self.client_config, spend_limit=spend_limit))


@dataclass(frozen=True, slots=True)
class CorpusState:
    """What the passes so far have found out of the whole corpus.

    `repeat_hashes` maps a shard's number to a hash of the ids that shards before it have too; `row_counts` are how
    many each shard has; `fit_key` is the content key of the sample that the n-gram model is fitted on; `threshold` is
    the bin and the share, a fraction, of the survey.
    """

    repeat_hashes: dict[str, str] = field(default_factory=dict)
    fit_key: str = ""
    threshold: tuple[int, int, int] | None = None
    row_counts: tuple[int, ...] = ()

    def get_row_share(self, shard: InputShard) -> float:
        """Its share of all rows."""
        return self.row_counts[shard.number] / max(1, sum(self.row_counts))

    def compute_rows_key(self, plan: ScalePlan, shard: InputShard) -> str:
        """The key of a shard's rows as they are read among the others."""
        repeated = "".join(self.repeat_hashes.get(str(number), "") for number in shard.sibling_numbers)
        return compute_content_key("rows", plan.inputs.compute_read_key(shard), repeated)

    def compute_histogram_key(self, plan: ScalePlan, shard: InputShard) -> str:
        """The key of a shard's importance, which is there before any threshold."""
        return replace(self, threshold=None).compute_outcome_key(plan, shard)

    def compute_outcome_key(self, plan: ScalePlan, shard: InputShard) -> str:
        """The key of all that is made of a shard."""
        results: list[Any] = [self.fit_key, self.threshold]
        return compute_content_key("outcomes", self.compute_rows_key(plan, shard), plan.spec.to_key(), results)


def load_corpus_state(plan: ScalePlan) -> CorpusState:
    """What earlier passes of this run left.

    Raises:
        OutputError: it cannot be read.
    """
    results: dict[str, Any] = {}
    for name in plan.output.list_names(plan.run_folder):
        if name.startswith("known-"):
            results |= plan.output.read_json(f"{plan.run_folder}/{name}")
    threshold = results.get("threshold")
    threshold = tuple(threshold) if threshold else None
    return CorpusState(results.get("repeated", {}), results.get("fit", ""), threshold, tuple(results.get("rows", ())))


def save_corpus_state(plan: ScalePlan, name: str, results: dict[str, Any]) -> None:
    """Keep what a pass has found out. Raises OutputError."""
    plan.output.write_json(f"{plan.run_folder}/known-{name}.json", results)
