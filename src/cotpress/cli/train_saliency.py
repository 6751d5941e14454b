"""`cotpress train-saliency`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from cotpress.wording import counted, duration

if TYPE_CHECKING:
    from cotpress.saliency_training import SaliencyRecipe, Step

TRAINING = Group("Training", sort_key=1)
DATA = Group("Pairs", sort_key=2)
_EVERY = 10.0  # seconds between lines of progress
_FIGURES = ("accuracy", "majority", "precision", "recall", "f1", "auc", "kept", "predicted")
_DOUBTFUL = 0.1  # a mean variation rate above this comes from texts that are no deletions


@Parameter(name="*")
@dataclass(frozen=True)
class ModelOptions:
    """Where the classifier goes and what is said about it."""

    output: Annotated[Path, Parameter(name=["--output", "-o"])]
    "Folder to write; it gets its model when the training is done."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace a model that is there."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print training.json on standard output."
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False
    "No progress."


@Parameter(name="*", group=TRAINING)
@dataclass(frozen=True)
class TrainingOptions:
    """How long, how fast and where."""

    epochs: int = 10
    "How often each window is seen."
    batch: int = 10
    "Windows a step."
    learning_rate: float = 1e-5
    "The highest; about 1e-3 suits small encoders from scratch."
    warm_up: float = 0.06
    "Share of the steps in which it rises; then it falls to 0."
    seed: int = 0
    "Of the weights, the order and the split."
    context: int | None = None
    "Most tokens of a window; none: the encoder's own."
    revision: str | None = None
    "The encoder's revision on the hub."
    from_scratch: Annotated[bool, Parameter(negative=())] = False
    "Take the encoder's shape alone, with random weights."
    device: str | None = None
    "cpu, cuda, ...; none: a GPU where there is one."
    dtype: str | None = None
    "bfloat16 to multiply in it on a GPU; the weights stay float32."


@Parameter(name="*", group=DATA)
@dataclass(frozen=True)
class DataOptions:
    """Which pairs are trained on."""

    held_out: float = 0.1
    "Share of the originals kept for measuring."
    drop_variation: float = 0.05
    "Share of the pairs rejected, the worst by variation rate."
    drop_gap: float = 0.10
    "Share of the others rejected, the worst by alignment gap."


def train_saliency(
    inputs: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    encoder: str,
    to: ModelOptions,
    training: TrainingOptions = TrainingOptions(),
    data: DataOptions = DataOptions(),
) -> None:
    """Train a token classifier (keep, drop) the LLMLingua-2 way; use it with compress --criterion saliency.

    Parameters
    ----------
    inputs
        Output folders of rewrite (best at level preserve) or compress.
    encoder
        A BERT, RoBERTa or XLM-R model: hub id or folder.
    """
    from cotpress.cli.show import print_json
    from cotpress.saliency_training import train_saliency as train

    watch = (lambda _: None) if to.quiet else Lines()
    report = train(inputs, encoder, to.output, _recipe(training, data), to.force, watch)
    if to.json:
        print_json(report)
    else:
        _print(report, to.output)


def _recipe(training: TrainingOptions, data: DataOptions) -> SaliencyRecipe:
    from dataclasses import asdict

    from cotpress.saliency_training import SaliencyRecipe

    return SaliencyRecipe(**asdict(training), **asdict(data))


class Lines:
    """A line on standard error every ten seconds, and after the last step."""

    def __init__(self) -> None:
        self._spoke = time.monotonic()

    def __call__(self, step: Step) -> None:
        if step.number < step.of and time.monotonic() - self._spoke < _EVERY:
            return
        self._spoke = time.monotonic()
        left = step.seconds / step.number * (step.of - step.number)
        print(
            f"step {step.number}/{step.of}, epoch {step.epoch}, loss {step.loss:.3f}, "
            f"{step.tokens / max(step.seconds, 1e-9):,.0f} tokens/s, {duration(left)} left",
            file=sys.stderr,
            flush=True,
        )


def _print(report: Mapping[str, Any], output: Path) -> None:
    print(f"{report['used']:,} of {counted(report['rows'], 'pair')} used, {report['rejected']} rejected")
    if report["rejected"]:
        print("rejected: " + ", ".join(f"{count} {what}" for what, count in report["rejected_reasons"].items()))
    varied = report["variation_rate"].get("mean", 0.0)
    if varied > _DOUBTFUL:
        print(f"hint: {varied:.0%} of the shortened words are not in the originals; train on deletions (preserve)")
    taught, held_out = report["training"], report["held_out"]
    seen = f"{counted(taught['tokens'], 'token')} of {counted(taught['pairs'], 'pair')}"
    print(
        f"{counted(report['steps'], 'step')} over {seen} "
        f"({taught['kept']:.3f} kept), {report['tokens_per_second']:,} tokens/s"
    )
    if held_out["pairs"]:
        print(f"held out, {counted(held_out['tokens'], 'token')} of {counted(held_out['pairs'], 'pair')}:")
        print("  " + ", ".join(f"{name} {held_out[name]:.3f}" for name in _FIGURES if held_out[name] is not None))
    print(f"written to {output} in {report['seconds']:.1f} s")
