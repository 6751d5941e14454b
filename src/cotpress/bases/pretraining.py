"""Training a base student from random weights: plain next-token prediction of verbose traces, on fixed courses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cotpress.bases.corpus import Example, Phase, batches
from cotpress.bases.families import FAMILIES
from cotpress.errors import require, unknown_name

PEAK, SETTLING, LAST, WARM_UP = 1.5e-3, 5e-4, 1e-5, 30  # learning rates, and steps until the first
MASKED = -100  # where a label is not looked at


@dataclass(frozen=True, slots=True)
class Course:
    """A diet with a learning rate and an optimizer of its own."""

    phases: tuple[Phase, ...]
    peak: float

    @property
    def tokens(self) -> int:
        """Of all its phases."""
        return sum(phase.tokens for phase in self.phases)


# What keeps both habits: a reminder of how short traces go, which long ones alone drive out.
BOTH = {("math", "short"): 0.2, ("general", "short"): 0.04, ("math", "long"): 0.45, ("general", "long"): 0.31}

# First the skills, on short traces, then on long ones as well, which teach them five times as slowly; then the verbose
# habits alone; at last both, twice, for the few chains that still went wrong.
COURSES = (
    Course(
        (
            Phase(1_800_000, {("math", "short"): 0.68, ("general", "short"): 0.32}),
            Phase(
                4_000_000,
                {
                    ("math", "short"): 0.28,
                    ("general", "short"): 0.12,
                    ("math", "long"): 0.36,
                    ("general", "long"): 0.24,
                },
            ),
        ),
        PEAK,
    ),
    Course((Phase(1_800_000, {("math", "long"): 0.6, ("general", "long"): 0.4}),), SETTLING),
    Course((Phase(2_400_000, BOTH),), SETTLING),
    Course((Phase(3_000_000, BOTH),), SETTLING),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a course is: steps done, tokens seen of all, the loss of the last step in nats a token."""

    number: int
    tokens: int
    of: int
    loss: float


def pretrain(
    family: str,
    tokenizer: Any,
    courses: tuple[Course, ...] = COURSES,
    seed: int = 0,
    watch: Callable[[Step], None] = lambda _: None,
) -> Any:
    """A causal LM of one of `FAMILIES`, trained from scratch in float32 on the CPU, or a GPU where there is one.

    Raises:
        OptionError: there is no such family.
        MissingExtra: torch or transformers is not installed.
    """
    if family not in FAMILIES:
        raise unknown_name("family", family, FAMILIES)
    torch = require("torch", "lm")
    torch.manual_seed(seed)
    model = FAMILIES[family](len(tokenizer), tokenizer.eos_token_id, tokenizer.pad_token_id)
    model.to("cuda" if torch.cuda.is_available() else "cpu").train()
    for number, course in enumerate(courses):
        train_on(model, tokenizer, course, seed + 100 * number, watch)
    return model.eval()


def train_on(model: Any, tokenizer: Any, course: Course, seed: int, watch: Callable[[Step], None]) -> None:
    """One course of training, in place."""
    torch = require("torch", "lm")
    optimizer = torch.optim.AdamW(model.parameters(), lr=course.peak, weight_decay=0.01, betas=(0.9, 0.98))
    tokens = 0
    for number, batch in enumerate(batches(tokenizer, course.phases, seed), 1):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(number, tokens / course.tokens, course.peak)
        loss = model(**collate(batch, tokenizer.pad_token_id, model.device)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        tokens += sum(len(prompt) + len(completion) for prompt, completion in batch)
        watch(Step(number, tokens, course.tokens, float(loss.detach())))


def learning_rate(step: int, done: float, peak: float = PEAK) -> float:
    """Linear warm-up, `peak` until half of the course is done, then a cosine to LAST; `done` is a share, 0..1."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, max(0.0, 2 * done - 1))))
    return min(1.0, step / WARM_UP) * (LAST + (peak - LAST) * cosine)


def collate(batch: list[Example], pad: int, device: Any) -> dict[str, Any]:
    """Ids, mask and labels, each [examples, longest], padded on the right; prompts get no loss."""
    torch = require("torch", "lm")
    longest = max(len(prompt) + len(completion) for prompt, completion in batch)
    ids = torch.full((len(batch), longest), pad)
    labels = torch.full((len(batch), longest), MASKED)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for row, (prompt, completion) in enumerate(batch):
        end = len(prompt) + len(completion)
        ids[row, :end] = torch.tensor(prompt + completion)
        labels[row, len(prompt) : end] = torch.tensor(completion)
        mask[row, :end] = 1
    return {"input_ids": ids.to(device), "attention_mask": mask.to(device), "labels": labels.to(device)}
