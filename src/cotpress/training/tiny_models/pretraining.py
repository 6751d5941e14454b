"""Training a base student from random weights: plain next-token prediction of verbose traces, on fixed courses."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotpress.errors import build_unknown_name_error, import_optional
from cotpress.training.tiny_models.families import FAMILIES
from cotpress.training.tiny_models.pretraining_data import DataMixture, PretrainingExample, make_pretraining_batches

PEAK_LEARNING_RATE, LATER_PEAK_LEARNING_RATE, FINAL_LEARNING_RATE, WARM_UP_STEPS = (
    1.5e-3,
    5e-4,
    1e-5,
    30,
)  # learning rates, and steps until the first
IGNORED_LABEL = -100  # where a label is not looked at


@dataclass(frozen=True, slots=True)
class PretrainingPhase:
    """A diet with a learning rate and an optimizer of its own."""

    mixtures: tuple[DataMixture, ...]
    peak_learning_rate: float

    @property
    def tokens(self) -> int:
        """Of all its phases."""
        return sum(phase.tokens for phase in self.mixtures)


LONG_PEAK_LEARNING_RATE = 1e-3
REWRITTEN_SHARE, LATER_REWRITTEN_SHARE = 0.15, 0.08  # of the traces, once the skills are there
# What keeps both habits: a reminder of how short traces go, which long ones alone drive out.
MIXED_SHARES = {("math", "short"): 0.16, ("general", "short"): 0.14, ("math", "long"): 0.38, ("general", "long"): 0.32}

# Mostly long traces, whose values stand for several steps before they are used: they take the most reading.
LONG_SHARES = {("math", "short"): 0.07, ("general", "short"): 0.08, ("math", "long"): 0.5, ("general", "long"): 0.35}

# First the skills, on short traces, then on long ones as well, which teach them five times as slowly; then the verbose
# habits above all; at last long traces until students follow them.
PRETRAINING_PHASES = (
    PretrainingPhase(
        (
            DataMixture(1_400_000, {("math", "short"): 0.45, ("general", "short"): 0.55}),
            DataMixture(
                1_400_000,
                {
                    ("math", "short"): 0.25,
                    ("general", "short"): 0.25,
                    ("math", "long"): 0.26,
                    ("general", "long"): 0.24,
                },
                REWRITTEN_SHARE,
            ),
        ),
        PEAK_LEARNING_RATE,
    ),
    PretrainingPhase((DataMixture(1_800_000, MIXED_SHARES, REWRITTEN_SHARE),), LATER_PEAK_LEARNING_RATE),
    PretrainingPhase((DataMixture(5_000_000, LONG_SHARES, LATER_REWRITTEN_SHARE),), LONG_PEAK_LEARNING_RATE),
    PretrainingPhase((DataMixture(3_000_000, LONG_SHARES, LATER_REWRITTEN_SHARE),), LONG_PEAK_LEARNING_RATE),
)


@dataclass(frozen=True, slots=True)
class PretrainingStatus:
    """Where a course is: steps done, tokens seen of all, the loss of the last step in nats a token."""

    steps_done: int
    tokens: int
    total_tokens: int
    loss: float


def create_base_model(family: str, tokenizer: Any, seed: int = 0, start: Path | None = None) -> Any:
    """A causal LM of one of `FAMILIES` that has read nothing, or the weights of an earlier one.

    Args:
        family: a name of FAMILIES.
        tokenizer: of the model; its vocabulary, end and padding are the model's.
        seed: of its weights.
        start: the folder of an earlier base student of the same family, whose weights are taken.

    Raises:
        OptionError: there is no such family.
        MissingExtraError: torch or transformers is not installed.

    >>> from cotpress.training.tiny_models.tokenizer import train_tokenizer
    >>> create_base_model("world-llama", train_tokenizer(["2+3=5"])).num_parameters() < 1_000_000
    True
    """
    if family not in FAMILIES:
        raise build_unknown_name_error("family", family, FAMILIES)
    import_optional("torch", "lm").manual_seed(seed)
    model = FAMILIES[family](len(tokenizer), tokenizer.eos_token_id, tokenizer.pad_token_id)
    if start is not None:
        copy_weights(model, tokenizer, start)
    return model


def pretrain(
    model: Any,
    tokenizer: Any,
    courses: tuple[PretrainingPhase, ...] = PRETRAINING_PHASES,
    seed: int = 0,
    watch: Callable[[PretrainingStatus], None] = lambda _: None,
    read: Counter[int] | None = None,
) -> Any:
    """The same model, trained in float32 on the CPU, or a GPU where there is one.

    Args:
        model: as `create_base_model` gives it.
        tokenizer: of the model.
        courses: what it reads, course after course, each with an optimizer of its own; none: nothing is learned.
        seed: of the problems that it reads.
        watch: is told of every step.
        read: gets the number of times that each token is read.

    Raises:
        MissingExtraError: torch is not installed.

    >>> from cotpress.training.tiny_models.tokenizer import train_tokenizer
    >>> tokenizer = train_tokenizer(["2+3=5"])
    >>> pretrain(create_base_model("world-llama", tokenizer), tokenizer, courses=()).training
    False
    """
    torch = import_optional("torch", "lm")
    model.to("cuda" if torch.cuda.is_available() else "cpu").train()
    for number, course in enumerate(courses):
        batches = make_pretraining_batches(tokenizer, course.mixtures, seed + 100 * number)
        train_phase(model, tokenizer, course, count_tokens(batches, Counter() if read is None else read), watch)
    return model.eval()


def copy_weights(model: Any, tokenizer: Any, start: Path) -> None:
    """The weights of an earlier model into `model`, in place.

    Its tokenizer may have been another one: a token that both have keeps its embedding, any other gets the mean of
    those that the earlier tokenizer cuts it into.
    """
    library, torch = import_optional("transformers", "lm"), import_optional("torch", "lm")
    earlier = library.PreTrainedTokenizerFast.from_pretrained(start)
    weights = library.AutoModelForCausalLM.from_pretrained(start, dtype=torch.float32).state_dict()
    known = earlier.get_vocab()
    rows = [
        [known[token]] if token in known else earlier(tokenizer.decode([number]))["input_ids"] or [0]
        for token, number in sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    ]
    for name, values in weights.items():
        if "embed_tokens" in name or "lm_head" in name:
            weights[name] = torch.stack([values[numbers].mean(dim=0) for numbers in rows])
    model.load_state_dict(weights)


def count_tokens(batches: Iterable[list[PretrainingExample]], read: Counter[int]) -> Iterator[list[PretrainingExample]]:
    """The batches as they are, with their tokens counted in `read`."""
    for batch in batches:
        for prompt, completion in batch:
            read.update(prompt)
            read.update(completion)
        yield batch


def train_phase(
    model: Any,
    tokenizer: Any,
    course: PretrainingPhase,
    batches: Iterable[list[PretrainingExample]],
    watch: Callable[[PretrainingStatus], None],
) -> None:
    """One course of training, in place."""
    torch = import_optional("torch", "lm")
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=course.peak_learning_rate, weight_decay=0.01, betas=(0.9, 0.98)
    )
    tokens = 0
    for number, batch in enumerate(batches, 1):
        for group in optimizer.param_groups:
            group["lr"] = compute_pretraining_rate(number, tokens / course.tokens, course.peak_learning_rate)
        loss = model(**collate(batch, tokenizer.pad_token_id, model.device)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        tokens += sum(len(prompt) + len(completion) for prompt, completion in batch)
        watch(PretrainingStatus(number, tokens, course.tokens, float(loss.detach())))


def compute_pretraining_rate(step: int, done: float, peak: float = PEAK_LEARNING_RATE) -> float:
    """Linear warm-up, `peak_learning_rate` until half of the course is done, then a cosine to LAST; `done` is a
    share, 0..1."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, max(0.0, 2 * done - 1))))
    return min(1.0, step / WARM_UP_STEPS) * (FINAL_LEARNING_RATE + (peak - FINAL_LEARNING_RATE) * cosine)


def collate(batch: list[PretrainingExample], pad: int, device: Any) -> dict[str, Any]:
    """Ids, mask and labels, each [examples, longest], padded on the right; prompts get no loss."""
    torch = import_optional("torch", "lm")
    longest = max(len(prompt) + len(completion) for prompt, completion in batch)
    ids = torch.full((len(batch), longest), pad)
    labels = torch.full((len(batch), longest), IGNORED_LABEL)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for row, (prompt, completion) in enumerate(batch):
        end = len(prompt) + len(completion)
        ids[row, :end] = torch.tensor(prompt + completion)
        labels[row, len(prompt) : end] = torch.tensor(completion)
        mask[row, :end] = 1
    return {"input_ids": ids.to(device), "attention_mask": mask.to(device), "labels": labels.to(device)}
