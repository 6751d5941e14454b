"""`cotpress world train-base`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.number_formatting import format_duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from cotpress.training.tiny_models import PretrainingStatus

_TRACES_PER_REGIME = 400  # generated traces of each domain and regime that the saliency classifier learns from
_FIRST_SEED = 20_000_000  # where they are drawn from, so that no study meets them
_LINE_INTERVAL_SECONDS = 20.0  # seconds between two lines of progress


def train_base(
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    only: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    start: Annotated[Path | None, Parameter(name="--from")] = None,
    seed: int = 0,
) -> None:
    """Train the embedded models anew: the base students on verbose traces, then the saliency classifier.

    Parameters
    ----------
    output
        Folder that gets one folder a model; by default the place where they are looked for.
    only
        Names of the models to train: world-llama, world-qwen2, world-saliency; all by default.
    start
        Folder of an earlier run of this command: the base students go on from the weights there.
    seed
        Seed of weights, traces and their order.
    """
    from cotpress.errors import build_unknown_name_error
    from cotpress.models import EMBEDDED_CLASSIFIER, EMBEDDED_MODELS, embedded_folder
    from cotpress.training.tiny_models import make_base_student

    folder = output or embedded_folder()
    for name in only or EMBEDDED_MODELS:
        if name not in EMBEDDED_MODELS:
            raise build_unknown_name_error("embedded model", name, EMBEDDED_MODELS)
    for name in only or EMBEDDED_MODELS:
        began = time.monotonic()
        if name == EMBEDDED_CLASSIFIER:
            size = _train_saliency_model(folder / name, seed)
        else:
            watch = _create_progress_printer(name)
            size = make_base_student(
                name, folder / name, seed=seed, watch=watch, start=None if start is None else start / name
            )
        print(f"{name}: {size / 1e6:.2f} MB written to {folder / name} in {time.monotonic() - began:.0f} s")


def _create_progress_printer(name: str) -> Callable[[PretrainingStatus], None]:
    """Lines of progress on standard error."""
    began = spoke = time.monotonic()

    def tell(step: PretrainingStatus) -> None:
        nonlocal spoke
        now = time.monotonic()
        if now - spoke > _LINE_INTERVAL_SECONDS:
            spoke, rate = now, step.tokens / (now - began)
            left = max(0, step.total_tokens - step.tokens) / rate
            line = (
                f"{name}: step {step.steps_done}, {step.tokens:,} of {step.total_tokens:,} tokens, loss {step.loss:.3f}"
            )
            print(f"{line}, {rate:,.0f} tokens/s, {format_duration(left)} left", file=sys.stderr, flush=True)

    return tell


def _train_saliency_model(folder: Path, seed: int) -> int:
    """Rules at level preserve on generated traces, then a tiny encoder trained on what they keep."""
    from tempfile import TemporaryDirectory

    from cotpress.cli.options.read_options import ReadOptions
    from cotpress.cli.verbs.world import write_sample
    from cotpress.pipeline import ClientConfig, RewriteSpec, RunPaths, run_rewriting
    from cotpress.progress import Silent
    from cotpress.training.saliency import SaliencyRecipe, train_saliency
    from cotpress.training.tiny_models import make_saliency_encoder, store_classifier
    from cotpress.world import REGIMES, WORLD_DOMAINS

    with TemporaryDirectory() as folder_name:
        place = Path(folder_name)
        outputs = []
        for domain in WORLD_DOMAINS:
            for regime in REGIMES:
                name = f"{domain}-{regime}"
                write_sample(place / f"{name}.jsonl", domain, regime, _TRACES_PER_REGIME, _FIRST_SEED + seed)
                reading = ReadOptions().open_inputs([str(place / f"{name}.jsonl")])
                to = RunPaths(place / name, place / "store")
                run_rewriting(reading, RewriteSpec(level="preserve"), ClientConfig(), to, Silent())
                outputs.append(place / name)
        make_saliency_encoder(place / "encoder", seed)
        recipe = SaliencyRecipe(epochs=3, batch_size=32, learning_rate=2e-3, seed=seed)
        train_saliency(outputs, str(place / "encoder"), place / "trained", recipe)
        return store_classifier(place / "trained", folder)
