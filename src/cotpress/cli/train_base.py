"""`cotpress world train-base`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.wording import duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from cotpress.bases import Step

_TRACES = 400  # generated traces of each domain and regime that the saliency classifier learns from
_SEED = 20_000_000  # where they are drawn from, so that no study meets them
_EVERY = 20.0  # seconds between two lines of progress


def train_base(
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    only: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    seed: int = 0,
) -> None:
    """Train the embedded models anew: the base students on verbose traces, then the saliency classifier.

    Parameters
    ----------
    output
        Folder that gets one folder a model; by default the place where they are looked for.
    only
        Names of the models to train: world-llama, world-qwen2, world-saliency; all by default.
    seed
        Seed of weights, traces and their order.
    """
    from cotpress.bases import make_student
    from cotpress.errors import unknown_name
    from cotpress.models import EMBEDDED, SALIENCY, embedded_folder

    folder = output or embedded_folder()
    for name in only or EMBEDDED:
        if name not in EMBEDDED:
            raise unknown_name("embedded model", name, EMBEDDED)
    for name in only or EMBEDDED:
        began = time.monotonic()
        if name == SALIENCY:
            size = _saliency(folder / name, seed)
        else:
            size = make_student(name, folder / name, seed=seed, watch=_watch(name))
        print(f"{name}: {size / 1e6:.2f} MB written to {folder / name} in {time.monotonic() - began:.0f} s")


def _watch(name: str) -> Callable[[Step], None]:
    """Lines of progress on standard error."""
    began = spoke = time.monotonic()

    def tell(step: Step) -> None:
        nonlocal spoke
        now = time.monotonic()
        if now - spoke > _EVERY:
            spoke, rate = now, step.tokens / (now - began)
            left = max(0, step.of - step.tokens) / rate
            line = f"{name}: step {step.number}, {step.tokens:,} of {step.of:,} tokens, loss {step.loss:.3f}"
            print(f"{line}, {rate:,.0f} tokens/s, {duration(left)} left", file=sys.stderr, flush=True)

    return tell


def _saliency(folder: Path, seed: int) -> int:
    """Rules at level preserve on generated traces, then a tiny encoder trained on what they keep."""
    from tempfile import TemporaryDirectory

    from cotpress.bases import make_encoder, shrink
    from cotpress.cli.options import ReadOptions
    from cotpress.cli.world import write_sample
    from cotpress.pipeline import Asking, Place, RewriteJob, Silent, run_rewrite
    from cotpress.saliency_training import SaliencyRecipe, train_saliency
    from cotpress.world import DOMAINS, REGIMES

    with TemporaryDirectory() as made:
        place = Path(made)
        outputs = []
        for domain in DOMAINS:
            for regime in REGIMES:
                name = f"{domain}-{regime}"
                write_sample(place / f"{name}.jsonl", domain, regime, _TRACES, _SEED + seed)
                reading = ReadOptions().reading([str(place / f"{name}.jsonl")])
                to = Place(place / name, place / "store")
                run_rewrite(reading, RewriteJob(level="preserve"), Asking(), to, Silent())
                outputs.append(place / name)
        make_encoder(place / "encoder", seed)
        recipe = SaliencyRecipe(epochs=3, batch=32, learning_rate=2e-3, seed=seed)
        train_saliency(outputs, str(place / "encoder"), place / "trained", recipe)
        return shrink(place / "trained", folder)
