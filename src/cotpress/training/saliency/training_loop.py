"""The training loop: cross entropy over labelled tokens, AdamW, a rate that rises and falls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cotpress.errors import ModelError, import_optional
from cotpress.number_formatting import count_noun
from cotpress.signals import TokenClassifier
from cotpress.training.saliency.classifier_metrics import evaluate_classifier
from cotpress.training.saliency.labelled_windows import LabelledWindow, make_batches
from cotpress.training.saliency.labels import IGNORED_LABEL
from cotpress.training.saliency.recipe import SaliencyRecipe

_CURVE_POINTS = 200  # of the loss curve, about
_WEIGHT_DECAY, _MAX_GRAD_NORM = 0.01, 1.0


@dataclass(frozen=True, slots=True)
class SaliencyTrainingStatus:
    """Where training is: steps done of all, the epoch (from 1), tokens and seconds so far, the loss of this step."""

    steps_done: int
    total_steps: int
    epoch: int
    tokens: int
    seconds: float
    loss: float


StatusCallback = Callable[[SaliencyTrainingStatus], None]


@dataclass(slots=True)
class SaliencyTrainingHistory:
    """How a training went. `loss_curve` has about 200 points, each a mean since the one before; losses in nats a
    token."""

    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss_curve: list[dict[str, float]] = field(default_factory=list)
    epochs: list[dict[str, Any]] = field(default_factory=list)


def fit(
    classifier: TokenClassifier,
    examples: Sequence[LabelledWindow],
    held_out: Sequence[LabelledWindow],
    recipe: SaliencyRecipe,
    dtype: str,
    watch: StatusCallback,
) -> SaliencyTrainingHistory:
    """Train in place. After each epoch the held-out windows are measured; their figures choose nothing.

    Raises:
        ModelError: the loss is no number any more, or the device has not enough memory.
    """
    model, history = classifier.model.train(), SaliencyTrainingHistory()
    optimizer = import_optional("torch", "lm").optim.AdamW(
        model.parameters(), lr=recipe.learning_rate, weight_decay=_WEIGHT_DECAY
    )
    total_steps = recipe.epochs * -(-len(examples) // recipe.batch_size)
    losses: list[float] = []  # of all steps
    for epoch in range(1, recipe.epochs + 1):
        batches, begin = make_batches(examples, recipe.batch_size, recipe.seed + epoch), len(losses)
        for step in _run_epoch(classifier, optimizer, batches, dtype):
            for group in optimizer.param_groups:  # the rate of the next step
                group["lr"] = compute_learning_rate(history.steps + 1, total_steps, recipe)
            losses.append(step.loss)
            _record_step(history, step, losses, max(1, total_steps // _CURVE_POINTS))
            seconds = history.seconds
            watch(SaliencyTrainingStatus(history.steps, total_steps, epoch, history.tokens, seconds, step.loss))
        figures = {"held_out": evaluate_classifier(classifier, held_out)} if held_out else {}
        history.epochs.append({"epoch": epoch, "loss": round(float(np.mean(losses[begin:])), 4), **figures})
        model.train()
    model.eval()
    return history


def _record_step(history: SaliencyTrainingHistory, step: _BatchResult, losses: Sequence[float], every: int) -> None:
    """Count a step; every so many steps, a point of the curve is the mean of their losses."""
    history.steps, history.tokens = history.steps + 1, history.tokens + step.tokens
    history.seconds += step.seconds
    if history.steps % every == 0:
        history.loss_curve.append({"step": history.steps, "loss": round(float(np.mean(losses[-every:])), 4)})


def compute_learning_rate(step: int, total_steps: int, recipe: SaliencyRecipe) -> float:
    """The learning rate of a step, counted from 0: up in a line over the warm-up, then down in a line to 0."""
    warm = round(recipe.warmup * total_steps)
    share = (step + 1) / warm if step < warm else (total_steps - step) / max(1, total_steps - warm)
    return recipe.learning_rate * share


@dataclass(frozen=True, slots=True)
class _BatchResult:
    loss: float
    tokens: int
    seconds: float


def _run_epoch(
    classifier: TokenClassifier, optimizer: Any, planned: Sequence[Sequence[LabelledWindow]], dtype: str
) -> Iterator[_BatchResult]:
    torch = import_optional("torch", "lm")
    for batch in planned:
        began = time.perf_counter()
        try:
            loss = _compute_loss(classifier, batch, dtype)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(classifier.model.parameters(), _MAX_GRAD_NORM)
            optimizer.step()
            optimizer.zero_grad()
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelError(
                f"There is not enough memory on {classifier.model.device} for {count_noun(len(batch), 'window')} of "
                f"{count_noun(max(len(one.ids) for one in batch), 'token')}.",
                "Give a smaller --batch-size or --context.",
            ) from error
        value = float(loss.detach())
        if not np.isfinite(value):
            raise ModelError("The loss is no number any more.", "Give a lower --learning-rate.")
        yield _BatchResult(value, sum(len(window.ids) for window in batch), time.perf_counter() - began)


def _compute_loss(classifier: TokenClassifier, batch: Sequence[LabelledWindow], dtype: str) -> Any:
    """Mean cross entropy of the labelled tokens of a batch; 0 where none is labelled."""
    torch, device = import_optional("torch", "lm"), classifier.model.device
    ids, real = classifier.pad_spans([window.ids.tolist() for window in batch])
    labels = torch.full(ids.shape, IGNORED_LABEL)
    for row, window in enumerate(batch):
        labels[row, 1 : len(window.labels) + 1] = torch.from_numpy(window.labels.astype(np.int64))
    with torch.autocast(device.type, getattr(torch, dtype), enabled=dtype != "float32"):
        logits = classifier.model(input_ids=ids.to(device), attention_mask=real.to(device)).logits
    total = torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1), labels.to(device).flatten(), ignore_index=IGNORED_LABEL, reduction="sum"
    )
    return total / max(1, int((labels != IGNORED_LABEL).sum()))
