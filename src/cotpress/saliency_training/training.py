"""A whole training: pairs in, a classifier's folder out."""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cotpress._version import __version__
from cotpress.errors import InputError, require
from cotpress.saliency_training.encoder import load_encoder, wanted
from cotpress.saliency_training.examples import Example, examples_of, split
from cotpress.saliency_training.fitting import Course, Watch, fit
from cotpress.saliency_training.pairs import Pair, read_pairs
from cotpress.saliency_training.quality import control, distribution, gap, variation
from cotpress.saliency_training.recipe import SaliencyRecipe
from cotpress.saliency_training.saving import save, workshop
from cotpress.types import Rejected

Report = dict[str, Any]
_DEFAULT = SaliencyRecipe()


def train_saliency(
    inputs: Sequence[str | Path],
    encoder: str | Path,
    output: str | Path,
    recipe: SaliencyRecipe = _DEFAULT,
    force: bool = False,
    watch: Watch = lambda _: None,
) -> Report:
    """Train a token classifier that tells what to keep, in the way of LLMLingua-2 (arXiv 2403.12968, section 4).

    `inputs` are output folders of rewrite or compress; `encoder` is a hub id or a folder with a BERT, RoBERTa or
    XLM-R model. `output` becomes a model folder for `Saliency`, with `training.json` (returned) and
    `rejected.jsonl`: rows in = pairs used + rejected. `force` replaces a model that is there; `watch` is told of
    every step.

    Raises:
        InputError: an input is no finished output, or no pair is left to learn from.
        ModelError: the encoder cannot be found, loaded or trained.
        OutputError: the output holds a model, cannot be written, or the disk is full.
        MissingExtra: torch or transformers is not installed.
    """
    place, asked = Path(output), wanted(encoder, recipe)
    with workshop(place, force) as folder:
        gathered = _gather([Path(one) for one in inputs], recipe)
        tokenizer, classifier = load_encoder(asked, recipe.from_scratch, recipe.seed)
        taught, kept_back = split(gathered.pairs, recipe.held_out, recipe.seed)
        examples, unseen = (examples_of(pairs, tokenizer, classifier) for pairs in (taught, kept_back))
        _check_labels(examples)
        dtype = asked.place.dtype if recipe.dtype else "float32"
        course = fit(classifier, examples, unseen, recipe, dtype, watch)
        report = {
            "cotpress": __version__,
            "inputs": [str(one) for one in inputs],
            "encoder": {**asked.identity, "dtype": dtype, "device": asked.place.device},
            "parameters": sum(weights.numel() for weights in classifier.model.parameters()),
            "recipe": asdict(recipe),
            **gathered.figures(),
            "training": {"pairs": len(taught), **_counts(examples)},
            **_went(course),
            "held_out": {"pairs": len(kept_back), "windows": len(unseen), **course.epochs[-1].get("held_out", {})},
            "versions": _versions(),
        }
        save(folder, place, classifier.model, tokenizer, gathered.rejected, report)
    return report


@dataclass(frozen=True, slots=True)
class _Gathered:
    """All rows: pairs that are trusted, all that could be labelled, and what was rejected; the seconds it took."""

    pairs: list[Pair]
    labelled: list[Pair]
    rejected: list[Rejected]
    seconds: float

    def figures(self) -> Report:
        reasons = Counter(one.reason for one in self.rejected)
        return {
            "rows": len(self.pairs) + len(self.rejected),
            "used": len(self.pairs),
            "rejected": len(self.rejected),
            "rejected_reasons": dict(sorted(reasons.items())),
            "variation_rate": distribution([variation(pair) for pair in self.labelled]),
            "alignment_gap": distribution([gap(pair) for pair in self.labelled]),
            "labelling_seconds": round(self.seconds, 2),
        }


def _gather(folders: Sequence[Path], recipe: SaliencyRecipe) -> _Gathered:
    began = time.perf_counter()
    labelled: list[Pair] = []
    unusable: list[Rejected] = []
    for row in read_pairs(folders):
        if isinstance(row, Pair):
            labelled.append(row)
        else:
            unusable.append(row)
    pairs, distrusted = control(labelled, recipe.drop_variation, recipe.drop_gap)
    rejected = [*unusable, *distrusted]
    if not pairs:
        reasons = ", ".join(f"{count} {what}" for what, count in Counter(one.reason for one in rejected).items())
        raise InputError(
            f"There is no usable pair of original and compressed reasoning ({reasons or 'no rows at all'}).",
            "Give outputs in which traces were shortened, such as those of rewrite --level preserve.",
        )
    return _Gathered(pairs, labelled, rejected, time.perf_counter() - began)


def _check_labels(examples: Sequence[Example]) -> None:
    seen = {label for one in examples for label in np.unique(one.labels).tolist()}
    if not {0, 1} <= seen:
        what = "drops" if 1 in seen else "keeps"
        raise InputError(
            f"There is nothing to learn: no training pair {what} a token.",
            "Give outputs in which traces were shortened, such as those of rewrite --level preserve.",
        )


def _counts(examples: Sequence[Example]) -> Report:
    """Windows, labelled tokens, and the share of these that is to be kept."""
    kept = sum(int((one.labels == 1).sum()) for one in examples)
    tokens = kept + sum(int((one.labels == 0).sum()) for one in examples)
    return {"windows": len(examples), "tokens": tokens, "kept": round(kept / tokens, 4)}


def _went(course: Course) -> Report:
    return {
        "steps": course.steps,
        "tokens_seen": course.tokens,
        "seconds": round(course.seconds, 2),
        "tokens_per_second": round(course.tokens / max(course.seconds, 1e-9)),
        "loss_curve": course.curve,
        "epochs": course.epochs,
    }


def _versions() -> dict[str, str]:
    named = {name: str(require(name, "lm").__version__) for name in ("torch", "transformers", "numpy")}
    return {"python": platform.python_version(), **named}
