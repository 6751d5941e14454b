"""Everything that a run over many shards is asked to do, and the content keys that follow from it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cotpress._version import __version__
from cotpress.pipeline import Asking, Job, RewriteJob
from cotpress.scale.folder import Folder
from cotpress.scale.shards import Shard
from cotpress.store import content_key
from cotpress.traces import Fields

WORK = ".work"  # below the output: marks, and what one pass leaves for the next


@dataclass(frozen=True, slots=True)
class Inputs:
    """The shards, and how they are read."""

    shards: tuple[Shard, ...]
    fields: Fields = Fields()  # noqa: RUF009 (frozen)
    join: Path | None = None

    def read_key(self, shard: Shard) -> str:
        """The key of a shard's rows, before other shards' ids are known."""
        return self._key(shard.identity)

    def file_key(self, shard: Shard) -> str:
        """The key of all rows of a shard's file."""
        return self._key(shard.file)

    def _key(self, identity: tuple[str | int, ...]) -> str:
        state = [] if self.join is None else [str(self.join), self.join.stat().st_size, self.join.stat().st_mtime_ns]
        return content_key("rows", __version__, identity, asdict(self.fields), state)


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: what is done to which shards, and where it is written.

    `store` is a folder of each worker's machine for signals and replies. `asking` is for rewriting alone.
    """

    job: Job | RewriteJob
    inputs: Inputs
    output: Folder
    store: Path
    asking: Asking | None = None
    began: float = field(default_factory=time.time)

    @property
    def fits(self) -> bool:
        """Whether an n-gram model is fitted on the whole corpus."""
        return self.job.source == "ngram" if isinstance(self.job, Job) else self.job.steering.fallback == "prune"

    @property
    def surveys(self) -> bool:
        """Whether one threshold for the whole corpus is looked for."""
        return isinstance(self.job, Job) and self.job.amount.corpus

    @property
    def key(self) -> str:
        """Changes with the settings, with any shard, and with the version."""
        return content_key("run", self.job.described(), [self.inputs.read_key(shard) for shard in self.inputs.shards])

    @property
    def here(self) -> str:
        """The folder below the output of what holds for all shards of this run together."""
        return f"{WORK}/run-{self.key[:16]}"

    def shard_store(self, shard: Shard) -> Path:
        """Where a worker keeps the signals and replies of a shard's file, however that is cut: apart from those of
        others, so that no index grows with the corpus."""
        return self.store / "shards" / self.inputs.file_key(shard)

    def sharing(self, share: float) -> Plan:
        """The plan for a share of the rows: limits on what may be spent are shared out likewise."""
        if self.asking is None:
            return self
        allowance = self.asking.allowance
        cost = allowance.max_cost and allowance.max_cost * share
        tokens = allowance.max_tokens and max(1, int(allowance.max_tokens * share))
        allowance = replace(allowance, max_cost=cost, max_tokens=tokens)
        return replace(self, asking=replace(self.asking, allowance=allowance))


@dataclass(frozen=True, slots=True)
class Known:
    """What the passes so far have found out of the whole corpus.

    `repeated` maps a shard's number to a hash of the ids that shards before it have too; `rows` are how many each
    shard has; `fit` is the content key of the sample that the n-gram model is fitted on; `threshold` is the bin and the
    share, a fraction, of the survey.
    """

    repeated: dict[str, str] = field(default_factory=dict)
    fit: str = ""
    threshold: tuple[int, int, int] | None = None
    rows: tuple[int, ...] = ()

    def share(self, shard: Shard) -> float:
        """Its share of all rows."""
        return self.rows[shard.number] / max(1, sum(self.rows))

    def rows_key(self, plan: Plan, shard: Shard) -> str:
        """The key of a shard's rows as they are read among the others."""
        repeated = "".join(self.repeated.get(str(number), "") for number in shard.siblings)
        return content_key("rows", plan.inputs.read_key(shard), repeated)

    def survey_key(self, plan: Plan, shard: Shard) -> str:
        """The key of a shard's importance, which is there before any threshold."""
        return replace(self, threshold=None).outcome_key(plan, shard)

    def outcome_key(self, plan: Plan, shard: Shard) -> str:
        """The key of all that is made of a shard."""
        found: list[Any] = [self.fit, self.threshold]
        return content_key("outcomes", self.rows_key(plan, shard), plan.job.described(), found)


def load_known(plan: Plan) -> Known:
    """What earlier passes of this run left.

    Raises:
        OutputError: it cannot be read.
    """
    found: dict[str, Any] = {}
    for name in plan.output.names(plan.here):
        if name.startswith("known-"):
            found |= plan.output.read_json(f"{plan.here}/{name}")
    threshold = found.get("threshold")
    threshold = tuple(threshold) if threshold else None
    return Known(found.get("repeated", {}), found.get("fit", ""), threshold, tuple(found.get("rows", ())))


def save_known(plan: Plan, name: str, found: dict[str, Any]) -> None:
    """Keep what a pass has found out. Raises OutputError."""
    plan.output.write_json(f"{plan.here}/known-{name}.json", found)
