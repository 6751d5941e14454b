"""One call for each embedded model, from nothing to its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cotpress.bases.corpus import DIFFICULTIES, FIRST_SEED
from cotpress.bases.families import encoder
from cotpress.bases.pretraining import COURSES, Course, Step, pretrain
from cotpress.bases.storing import store
from cotpress.bases.tokenizer import train_tokenizer
from cotpress.errors import require
from cotpress.world import DOMAINS, REGIMES, sample

EACH = 300  # traces of each domain, regime and difficulty that the tokenizer is trained on


def make_tokenizer() -> Any:
    """The tokenizer that all embedded models share."""
    drawn = (
        one.trace
        for domain in DOMAINS
        for regime in REGIMES
        for difficulty in DIFFICULTIES
        for one in sample(domain, regime, EACH, FIRST_SEED - 1, difficulty)
    )
    return train_tokenizer(f"{trace.question}\n{trace.reasoning}\n{trace.answer}" for trace in drawn)


def make_student(
    family: str,
    folder: Path,
    courses: tuple[Course, ...] = COURSES,
    seed: int = 0,
    watch: Callable[[Step], None] = lambda _: None,
) -> int:
    """Train a base student and store it; the bytes it takes.

    Raises:
        OptionError: there is no such family.
        MissingExtra: torch or transformers is not installed.
        OutputError: the folder cannot be written.
    """
    tokenizer = make_tokenizer()
    return store(pretrain(family, tokenizer, courses, seed, watch), tokenizer, folder)


def make_encoder(folder: Path, seed: int = 0) -> int:
    """Store a saliency encoder with random weights, to be trained by `cotpress train-saliency`; its bytes."""
    require("torch", "lm").manual_seed(seed)
    tokenizer = make_tokenizer()
    return store(encoder(len(tokenizer), tokenizer.pad_token_id), tokenizer, folder)
