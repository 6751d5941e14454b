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
from cotpress.errors import InputError, import_optional
from cotpress.models import ModelSpec
from cotpress.training.saliency.classifier_folder import open_staging_folder, save_classifier
from cotpress.training.saliency.encoder import load_encoder, make_encoder_loader
from cotpress.training.saliency.labelled_windows import LabelledWindow, make_windows, split_pairs
from cotpress.training.saliency.pair_quality import (
    filter_pairs,
    get_alignment_gap,
    get_variation_rate,
    summarize_distribution,
)
from cotpress.training.saliency.pairs import LabelledPair, read_pairs
from cotpress.training.saliency.recipe import SaliencyRecipe
from cotpress.training.saliency.training_loop import SaliencyTrainingHistory, StatusCallback, fit
from cotpress.types import Rejected

SaliencyTrainingResult = dict[str, Any]
_DEFAULT_RECIPE = SaliencyRecipe()


def train_saliency(
    inputs: Sequence[str | Path],
    encoder: ModelSpec | str | Path,
    output: str | Path,
    recipe: SaliencyRecipe = _DEFAULT_RECIPE,
    force: bool = False,
    watch: StatusCallback = lambda _: None,
) -> SaliencyTrainingResult:
    """Train a token classifier that tells what to keep, in the way of LLMLingua-2 (arXiv 2403.12968, section 4).

    Rows in = pairs used + rejected: `rejected.jsonl` says why.

    Args:
        inputs: output folders of rewrite or compress.
        encoder: a hub id or a folder with a BERT, RoBERTa or XLM-R model, or a ModelSpec. Its context caps the tokens
            of a window, the special ones counted. Its device and dtype are those of the multiplications; the weights
            are trained and stored in float32.
        output: becomes a model folder for `Saliency`, with `training.json` (which is returned) and `rejected.jsonl`.
        recipe: how the classifier is trained.
        force: whether a model that is there is replaced.
        watch: hears of every optimizer step.

    Raises:
        InputError: an input is no finished output, or no pair is left to learn from.
        ModelError: the encoder cannot be found, loaded or trained.
        OutputError: the output holds a model, cannot be written, or the disk is full.
        MissingExtraError: torch or transformers is not installed.

    >>> from cotpress import Trace, compress, write
    >>> traces = [Trace(str(number), "?", f"Well, okay. {number}+1={number + 1}. So we add.") for number in range(4)]
    >>> _ = write(compress(traces, keep=0.6), "out")
    >>> recipe = SaliencyRecipe(epochs=1, batch_size=4, held_out=0.0, drop_variation=0.0, drop_gap=0.0)
    >>> train_saliency(["out"], "world-saliency", "classifier", recipe)["used"]
    4
    """
    place, asked = Path(output), make_encoder_loader(encoder)
    with open_staging_folder(place, force) as folder:
        gathered = _select_pairs([Path(path) for path in inputs], recipe)
        tokenizer, classifier = load_encoder(asked, recipe.from_scratch, recipe.seed)
        taught, kept_back = split_pairs(gathered.pairs, recipe.held_out, recipe.seed)
        examples, unseen = (make_windows(pairs, tokenizer, classifier) for pairs in (taught, kept_back))
        _check_labels(examples)
        dtype = asked.placement.dtype if asked.spec.dtype else "float32"
        history = fit(classifier, examples, unseen, recipe, dtype, watch)
        report = {
            "cotpress": __version__,
            "inputs": [str(path) for path in inputs],
            "encoder": {**asked.identity, "dtype": dtype, "device": asked.placement.device},
            "parameters": sum(weights.numel() for weights in classifier.model.parameters()),
            "recipe": _describe_recipe(recipe, asked.spec),
            **gathered.summarize(),
            "training": {"pairs": len(taught), **_count_labels(examples)},
            **_summarize_history(history),
            "held_out": {"pairs": len(kept_back), "windows": len(unseen), **history.epochs[-1].get("held_out", {})},
            "versions": _collect_versions(),
        }
        save_classifier(folder, place, classifier.model, tokenizer, gathered.rejected, report)
    return report


@dataclass(frozen=True, slots=True)
class _PairSelection:
    """All rows: pairs that are trusted, all that could be labelled, and what was rejected; the seconds it took."""

    pairs: list[LabelledPair]
    labelled: list[LabelledPair]
    rejected: list[Rejected]
    seconds: float

    def summarize(self) -> SaliencyTrainingResult:
        reasons = Counter(row.reason for row in self.rejected)
        return {
            "rows": len(self.pairs) + len(self.rejected),
            "used": len(self.pairs),
            "rejected": len(self.rejected),
            "rejected_reasons": dict(sorted(reasons.items())),
            "variation_rate": summarize_distribution([get_variation_rate(pair) for pair in self.labelled]),
            "alignment_gap": summarize_distribution([get_alignment_gap(pair) for pair in self.labelled]),
            "labelling_seconds": round(self.seconds, 2),
        }


def _select_pairs(folders: Sequence[Path], recipe: SaliencyRecipe) -> _PairSelection:
    began = time.perf_counter()
    labelled: list[LabelledPair] = []
    unusable: list[Rejected] = []
    for row in read_pairs(folders):
        if isinstance(row, LabelledPair):
            labelled.append(row)
        else:
            unusable.append(row)
    pairs, distrusted = filter_pairs(labelled, recipe.drop_variation, recipe.drop_gap)
    rejected = [*unusable, *distrusted]
    if not pairs:
        reasons = ", ".join(f"{count} {what}" for what, count in Counter(row.reason for row in rejected).items())
        raise InputError(
            f"There is no usable pair of original and compressed reasoning ({reasons or 'no rows at all'}).",
            "Give outputs in which traces were shortened, such as those of rewrite --level preserve.",
        )
    return _PairSelection(pairs, labelled, rejected, time.perf_counter() - began)


def _check_labels(examples: Sequence[LabelledWindow]) -> None:
    seen = {label for window in examples for label in np.unique(window.labels).tolist()}
    if not {0, 1} <= seen:
        what = "drops" if 1 in seen else "keeps"
        raise InputError(
            f"There is nothing to learn: no training pair {what} a token.",
            "Give outputs in which traces were shortened, such as those of rewrite --level preserve.",
        )


def _count_labels(examples: Sequence[LabelledWindow]) -> SaliencyTrainingResult:
    """Windows, labelled tokens, and the share of these that is to be kept."""
    kept = sum(int((window.labels == 1).sum()) for window in examples)
    tokens = kept + sum(int((window.labels == 0).sum()) for window in examples)
    return {"windows": len(examples), "tokens": tokens, "kept": round(kept / tokens, 4)}


def _summarize_history(history: SaliencyTrainingHistory) -> SaliencyTrainingResult:
    return {
        "steps": history.steps,
        "tokens_seen": history.tokens,
        "seconds": round(history.seconds, 2),
        "tokens_per_second": round(history.tokens / max(history.seconds, 1e-9)),
        "loss_curve": history.loss_curve,
        "epochs": history.epochs,
    }


def _describe_recipe(recipe: SaliencyRecipe, encoder: ModelSpec) -> dict[str, Any]:
    """The recipe as training.json has it, with what of the encoder's specification shapes the training."""
    values = asdict(recipe)
    from_scratch = values.pop("from_scratch")
    return {
        **values,
        "context": encoder.limits.context,
        "revision": encoder.revision or None,
        "from_scratch": from_scratch,
        "device": encoder.device or None,
        "dtype": encoder.dtype or None,
    }


def _collect_versions() -> dict[str, str]:
    named = {name: str(import_optional(name, "lm").__version__) for name in ("torch", "transformers", "numpy")}
    return {"python": platform.python_version(), **named}
