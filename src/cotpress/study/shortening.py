"""The steps that shorten: signals once a model, pruning, rewriting, and the baselines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cotpress.chat import Allowance, parse_prices
from cotpress.pipeline import Asking, Endpoint, RewriteJob, Silent, estimate, make_scorer, open_writer, rewrite
from cotpress.rewriting import Writer
from cotpress.study.artifacts import Step
from cotpress.study.config import Rewriting
from cotpress.study.desk import Desk
from cotpress.study.plan import BASELINE, LEVEL, Compression
from cotpress.study.pruning import cut_step, prune
from cotpress.study.texts import Row, read_texts, text_row, write_texts
from cotpress.types import Compressed

BATCH = 64
VERSION = 2  # raised when a step's outcome changes for the same input


def shortened(desk: Desk, way: Compression) -> list[Row]:
    """The condition's traces shortened this way, one row a trace; made where they are not in the store."""
    keep = None if way.kind == BASELINE else way.keep
    return read_texts(texts_folder(desk, way), keep)


def texts_step(desk: Desk, way: Compression) -> Step:
    """The step that shortens."""
    traces = desk.material(way.condition).key
    if way.kind == BASELINE:
        native = desk.material(way.condition, native=True).key if way.method == "native-short" else None
        return Step.of("baseline", VERSION, traces, way.method, native, desk.counted_with)
    if way.kind == LEVEL:
        job = _job(desk.study.rewriting, way)
        return Step.of("rewriting", VERSION, traces, job.described(), desk.counted_with)
    return cut_step(desk, way)


def texts_folder(desk: Desk, way: Compression) -> Path:
    """The folder of that step, made where it is not in the store."""
    step = texts_step(desk, way)
    if way.kind == BASELINE:
        return desk.artifacts.make(step, lambda folder: write_texts(folder, _baseline(desk, way)))
    if way.kind == LEVEL:
        return desk.artifacts.make(step, lambda folder: write_texts(folder, _rewritten(desk, way)))
    return prune(desk, way)


def score(desk: Desk, condition: str, needs: str) -> None:
    """Have the signals of a condition in the store, so that no method scores them again."""
    source, material = desk.source(condition, needs), desk.material(condition)
    if source is None:
        return
    step = Step.of("signals", VERSION, material.key, dict(source.identity))

    def build(folder: Path) -> None:
        score_part(desk, condition, needs, 0, 1)
        (folder / "traces").write_text(str(len(material.traces)))

    desk.artifacts.make(step, build)


def score_part(desk: Desk, condition: str, needs: str, part: int, parts: int) -> int:
    """Have every `parts`-th trace of a condition, from number `part` on, scored and stored; how many those are.

    Several processes may do parts of the same condition at once.
    """
    source = desk.source(condition, needs)
    traces = desk.material(condition).traces[part::parts]
    scorer = make_scorer(source, desk.shelf)
    for at in range(0, len(traces), BATCH):
        scorer(traces[at : at + BATCH])
    return len(traces)


def _baseline(desk: Desk, way: Compression) -> list[Row]:
    traces, counts = desk.material(way.condition).traces, desk.counts(way.condition)
    if way.method == "native-short":
        return _native(desk, way, sum(counts) / len(counts))
    whole = way.method == "uncompressed"
    pairs = zip(traces, counts, strict=True)
    return [
        text_row(Compressed(one, one.reasoning if whole else "", None, n, n if whole else 0, None), one.id, None)
        for one, n in pairs
    ]


def _native(desk: Desk, way: Compression, mean: float) -> list[Row]:
    """Traces of the second source, set against the mean length of the first one's: they need not be the same ones."""
    traces = desk.material(way.condition, native=True).traces
    pairs = zip(traces, desk.counts(way.condition, native=True), strict=True)
    return [text_row(Compressed(one, one.reasoning, None, round(mean), n, None), one.id, None) for one, n in pairs]


def _rewritten(desk: Desk, way: Compression) -> list[Row]:
    traces, config = desk.material(way.condition).traces, desk.study.rewriting
    job = _job(config, way)
    outcomes = rewrite(traces, way.method, keep=way.keep, writer=_writer(job, desk), counter=desk.counter)
    return [text_row(outcome, trace.id, way.keep) for trace, outcome in zip(traces, outcomes, strict=True)]


def _writer(job: RewriteJob, desk: Desk) -> Writer:
    return open_writer(job, asking(desk.study.rewriting), desk.artifacts.root, Silent())


def asking(config: Rewriting | None) -> Asking:
    """How the rewriter is asked: whose key, at what price, up to which cost."""
    chosen = config or Rewriting()
    prices = parse_prices(chosen.price) if chosen.price else None
    return Asking(allowance=Allowance(prices, chosen.max_cost), key_env=chosen.key_env)


def rewrite_estimate(desk: Desk, way: Compression) -> dict[str, Any]:
    """Calls, tokens and cost of a rewriting that is not in the store; see `cotpress.pipeline.estimate`."""
    job, traces = _job(desk.study.rewriting, way), desk.material(way.condition).traces
    return estimate(traces, job, asking(desk.study.rewriting), desk.artifacts.root, Silent())


def _job(config: Rewriting | None, way: Compression) -> RewriteJob:
    chosen = config or Rewriting()
    keep = () if way.keep is None else (str(way.keep),)
    return RewriteJob(way.method, Endpoint(chosen.rewriter, chosen.model, chosen.base_url), keep)
