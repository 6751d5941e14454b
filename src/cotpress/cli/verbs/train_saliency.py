"""`cotpress train-saliency`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from cotpress.number_formatting import count_noun, format_duration

if TYPE_CHECKING:
    from cotpress.models import ModelSpec
    from cotpress.training.saliency import SaliencyRecipe, SaliencyTrainingStatus

TRAINING_GROUP = Group("Training", sort_key=1)
DATA_GROUP = Group("Pairs", sort_key=2)
_LINE_INTERVAL_SECONDS = 10.0  # seconds between lines of progress
_FIGURE_NAMES = ("accuracy", "majority", "precision", "recall", "f1", "auc", "kept", "predicted")
_MAX_VARIATION_RATE = 0.1  # a mean variation rate above this comes from texts that are no deletions


@Parameter(name="*")
@dataclass(frozen=True)
class SaliencyOutputOptions:
    """Where the classifier goes and what is said about it."""

    output: Annotated[Path, Parameter(name=["--output", "-o"])]
    "Folder to write; it gets its model when the training is done."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace a model that is there."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print training.json on standard output."
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False
    "No progress."


@Parameter(name="*", group=TRAINING_GROUP)
@dataclass(frozen=True)
class SaliencyTrainingOptions:
    """How long, how fast and where."""

    epochs: int = 10
    "How often each window is seen."
    batch_size: int = 10
    "Windows a step."
    learning_rate: float = 1e-5
    "The highest; about 1e-3 suits small encoders from scratch."
    warmup: float = 0.06
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


@Parameter(name="*", group=DATA_GROUP)
@dataclass(frozen=True)
class SaliencyDataOptions:
    """Which pairs are trained on."""

    held_out: float = 0.1
    "Share of the originals kept for measuring."
    drop_variation: float = 0.05
    "Share of the pairs rejected, the worst by variation rate."
    drop_gap: float = 0.10
    "Share of the others rejected, the worst by alignment gap."


def train_saliency(
    *inputs: Annotated[Path, Parameter(required=True)],
    encoder: str,
    to: SaliencyOutputOptions,
    training: SaliencyTrainingOptions = SaliencyTrainingOptions(),
    data: SaliencyDataOptions = SaliencyDataOptions(),
) -> None:
    """Train a token classifier (keep, drop) the LLMLingua-2 way; use it with compress --criterion saliency.

    Parameters
    ----------
    inputs
        Output folders of rewrite (best at level preserve) or compress.
    encoder
        A BERT, RoBERTa or XLM-R model: hub id or folder.
    """
    from cotpress.cli.display.console_output import print_json
    from cotpress.training.saliency import train_saliency as train

    watch = (lambda _: None) if to.quiet else SaliencyTrainingLines()
    report = train(inputs, _build_encoder(encoder, training), to.output, _build_recipe(training, data), to.force, watch)
    if to.json:
        print_json(report)
    else:
        _print_training(report, to.output)


def _build_recipe(training: SaliencyTrainingOptions, data: SaliencyDataOptions) -> SaliencyRecipe:
    from dataclasses import asdict

    from cotpress.training.saliency import SaliencyRecipe

    of_encoder = ("context", "revision", "device", "dtype")
    values = {name: value for name, value in asdict(training).items() if name not in of_encoder}
    return SaliencyRecipe(**values, **asdict(data))


def _build_encoder(name: str, training: SaliencyTrainingOptions) -> ModelSpec:
    from cotpress.models import InferenceLimits, make_model_spec

    return make_model_spec(
        name,
        revision=training.revision,
        device=training.device,
        dtype=training.dtype,
        limits=InferenceLimits(training.context),
    )


class SaliencyTrainingLines:
    """A line on standard error every ten seconds, and after the last step."""

    def __init__(self) -> None:
        self._spoke = time.monotonic()

    def __call__(self, step: SaliencyTrainingStatus) -> None:
        if step.steps_done < step.total_steps and time.monotonic() - self._spoke < _LINE_INTERVAL_SECONDS:
            return
        self._spoke = time.monotonic()
        left = step.seconds / step.steps_done * (step.total_steps - step.steps_done)
        print(
            f"step {step.steps_done}/{step.total_steps}, epoch {step.epoch}, loss {step.loss:.3f}, "
            f"{step.tokens / max(step.seconds, 1e-9):,.0f} tokens/s, {format_duration(left)} left",
            file=sys.stderr,
            flush=True,
        )


def _print_training(report: Mapping[str, Any], output: Path) -> None:
    print(f"{report['used']:,} of {count_noun(report['rows'], 'pair')} used, {report['rejected']} rejected")
    if report["rejected"]:
        print("rejected: " + ", ".join(f"{count} {what}" for what, count in report["rejected_reasons"].items()))
    varied = report["variation_rate"].get("mean", 0.0)
    if varied > _MAX_VARIATION_RATE:
        print(f"hint: {varied:.0%} of the shortened words are not in the originals; train on deletions (preserve)")
    taught, held_out = report["training"], report["held_out"]
    seen = f"{count_noun(taught['tokens'], 'token')} of {count_noun(taught['pairs'], 'pair')}"
    print(
        f"{count_noun(report['steps'], 'step')} over {seen} "
        f"({taught['kept']:.3f} kept), {report['tokens_per_second']:,} tokens/s"
    )
    if held_out["pairs"]:
        print(f"held out, {count_noun(held_out['tokens'], 'token')} of {count_noun(held_out['pairs'], 'pair')}:")
        print("  " + ", ".join(f"{name} {held_out[name]:.3f}" for name in _FIGURE_NAMES if held_out[name] is not None))
    print(f"written to {output} in {report['seconds']:.1f} s")
