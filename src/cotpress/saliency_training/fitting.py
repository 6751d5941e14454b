"""The training loop: cross entropy over labelled tokens, AdamW, a rate that rises and falls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cotpress.errors import ModelError, require
from cotpress.saliency_training.examples import Example, batches
from cotpress.saliency_training.figures import measured
from cotpress.saliency_training.labels import UNLABELLED
from cotpress.saliency_training.recipe import SaliencyRecipe
from cotpress.signals import Classifier
from cotpress.wording import counted

_POINTS = 200  # of the loss curve, about
_DECAY, _CLIP = 0.01, 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """Where training is: steps done of all, the epoch (from 1), tokens and seconds so far, the loss of this step."""

    number: int
    of: int
    epoch: int
    tokens: int
    seconds: float
    loss: float


Watch = Callable[[Step], None]


@dataclass(slots=True)
class Course:
    """How a training went. `curve` has about 200 points, each a mean since the one before; losses in nats a token."""

    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0
    curve: list[dict[str, float]] = field(default_factory=list)
    epochs: list[dict[str, Any]] = field(default_factory=list)


def fit(
    classifier: Classifier,
    examples: Sequence[Example],
    held_out: Sequence[Example],
    recipe: SaliencyRecipe,
    dtype: str,
    watch: Watch,
) -> Course:
    """Train in place. After each epoch the held-out windows are measured; their figures choose nothing.

    Raises:
        ModelError: the loss is no number any more, or the device has not enough memory.
    """
    model, course = classifier.model.train(), Course()
    optimizer = require("torch", "lm").optim.AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=_DECAY)
    of = recipe.epochs * -(-len(examples) // recipe.batch)
    since: list[float] = []
    for epoch in range(1, recipe.epochs + 1):
        losses = []
        for step in _epoch(classifier, optimizer, batches(examples, recipe.batch, recipe.seed + epoch), dtype):
            for group in optimizer.param_groups:  # the rate of the next step
                group["lr"] = rate(course.steps + 1, of, recipe)
            course.steps, course.tokens = course.steps + 1, course.tokens + step.tokens
            course.seconds += step.seconds
            losses.append(step.loss)
            since.append(step.loss)
            if course.steps % max(1, of // _POINTS) == 0:
                course.curve.append({"step": course.steps, "loss": round(float(np.mean(since)), 4)})
                since.clear()
            watch(Step(course.steps, of, epoch, course.tokens, course.seconds, step.loss))
        figures = {"held_out": measured(classifier, held_out)} if held_out else {}
        course.epochs.append({"epoch": epoch, "loss": round(float(np.mean(losses)), 4), **figures})
        model.train()
    model.eval()
    return course


def rate(step: int, of: int, recipe: SaliencyRecipe) -> float:
    """The learning rate of a step, counted from 0: up in a line over the warm-up, then down in a line to 0."""
    warm = round(recipe.warm_up * of)
    risen = (step + 1) / warm if step < warm else (of - step) / max(1, of - warm)
    return recipe.learning_rate * risen


@dataclass(frozen=True, slots=True)
class _Done:
    loss: float
    tokens: int
    seconds: float


def _epoch(classifier: Classifier, optimizer: Any, planned: Sequence[Sequence[Example]], dtype: str) -> Iterator[_Done]:
    torch = require("torch", "lm")
    for batch in planned:
        began = time.perf_counter()
        try:
            loss = _loss(classifier, batch, dtype)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(classifier.model.parameters(), _CLIP)
            optimizer.step()
            optimizer.zero_grad()
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelError(
                f"There is not enough memory on {classifier.model.device} for {counted(len(batch), 'window')} of "
                f"{counted(max(len(one.ids) for one in batch), 'token')}.",
                "Give a smaller --batch or --context.",
            ) from error
        value = float(loss.detach())
        if not np.isfinite(value):
            raise ModelError("The loss is no number any more.", "Give a lower --learning-rate.")
        yield _Done(value, sum(len(one.ids) for one in batch), time.perf_counter() - began)


def _loss(classifier: Classifier, batch: Sequence[Example], dtype: str) -> Any:
    """Mean cross entropy of the labelled tokens of a batch; 0 where none is labelled."""
    torch, device = require("torch", "lm"), classifier.model.device
    ids, real = classifier.padded([one.ids.tolist() for one in batch])
    labels = torch.full(ids.shape, UNLABELLED)
    for row, one in enumerate(batch):
        labels[row, 1 : len(one.labels) + 1] = torch.from_numpy(one.labels.astype(np.int64))
    with torch.autocast(device.type, getattr(torch, dtype), enabled=dtype != "float32"):
        logits = classifier.model(input_ids=ids.to(device), attention_mask=real.to(device)).logits
    total = torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1), labels.to(device).flatten(), ignore_index=UNLABELLED, reduction="sum"
    )
    return total / max(1, int((labels != UNLABELLED).sum()))
