"""One call for each embedded model, from nothing to its folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from cotpress.errors import import_optional
from cotpress.storage import build_write_error
from cotpress.training.tiny_models.families import make_bert_classifier
from cotpress.training.tiny_models.pretraining import (
    PRETRAINING_PHASES,
    PretrainingPhase,
    PretrainingStatus,
    create_base_model,
    pretrain,
)
from cotpress.training.tiny_models.pretraining_data import FIRST_SEED, DataMixture, draw_texts
from cotpress.training.tiny_models.tokenizer import train_tokenizer
from cotpress.world import REGIMES, WORLD_DOMAINS

TOKENS_READ_FILE = "tokens_read.json"  # how often a base student read each token of its tokenizer; absent ones never
TOKENIZER_TRACES = 300  # traces of each domain and regime that the tokenizer is trained on
TOKENIZER_REWRITTEN_SHARE = 0.3  # of them that are pruned or rewritten


def make_tokenizer() -> Any:
    """The tokenizer that all embedded models share.

    >>> len(make_tokenizer())
    640
    """
    return deepcopy(_train_shared_tokenizer())


@cache
def _train_shared_tokenizer() -> Any:
    """Trained once in a process: that takes seconds, and the texts are always the same."""
    shares = {(domain, regime): 1.0 for domain in WORLD_DOMAINS for regime in REGIMES}
    mixture = DataMixture(0, shares, TOKENIZER_REWRITTEN_SHARE)
    texts = draw_texts(mixture, FIRST_SEED - 1, TOKENIZER_TRACES)
    return train_tokenizer(f"{drawn.trace.question}\n{text}\n{drawn.trace.answer}" for drawn, text in texts)


def make_base_student(
    family: str,
    folder: Path,
    courses: tuple[PretrainingPhase, ...] = PRETRAINING_PHASES,
    seed: int = 0,
    watch: Callable[[PretrainingStatus], None] = lambda _: None,
    start: Path | None = None,
) -> int:
    """Train a base student and store it; the bytes it takes.

    Args:
        family: a name of FAMILIES.
        folder: where it is stored.
        courses: what it reads, course after course; none: the weights stay random.
        seed: of its weights and of the problems that it reads.
        watch: is told of every step.
        start: the folder of an earlier base student of that family, whose weights are trained on.

    Raises:
        OptionError: there is no such family.
        MissingExtraError: torch or transformers is not installed.
        OutputError: the folder cannot be written.

    >>> make_base_student("world-llama", Path("base"), courses=()) < 3_000_000
    True
    """
    tokenizer, read = make_tokenizer(), Counter[int]()
    model = pretrain(create_base_model(family, tokenizer, seed, start), tokenizer, courses, seed, watch, read)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TOKENS_READ_FILE).write_text(json.dumps({str(token): read[token] for token in sorted(read)}) + "\n")
    except OSError as error:
        raise build_write_error(folder, error) from error
    return store_model(model, tokenizer, folder)


def make_saliency_encoder(folder: Path, seed: int = 0) -> int:
    """Store a saliency encoder with random weights, to be trained by `cotpress train-saliency`; its bytes.

    >>> make_saliency_encoder(Path("encoder")) < 3_000_000
    True
    """
    import_optional("torch", "lm").manual_seed(seed)
    tokenizer = make_tokenizer()
    return store_model(make_bert_classifier(len(tokenizer), tokenizer.pad_token_id), tokenizer, folder)


def store_model(model: Any, tokenizer: Any, folder: Path) -> int:
    """Write weights (safetensors, float16), configuration and tokenizer; the bytes of all files together.

    The configuration says float32, so that no loader computes in half precision: the models are too small to gain
    by it, and their numbers would differ from machine to machine.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.

    >>> tokenizer = train_tokenizer(["2+3=5"])
    >>> _ = store_model(make_bert_classifier(len(tokenizer), tokenizer.pad_token_id), tokenizer, Path("tiny"))
    >>> json.loads(Path("tiny/config.json").read_text())["dtype"]
    'float32'
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        model.cpu().half().save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        path = folder / "config.json"
        config = json.loads(path.read_text())
        path.write_text(json.dumps({**config, "dtype": "float32"}, indent=2) + "\n")
    except OSError as error:
        raise build_write_error(folder, error) from error
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())


def store_classifier(trained: Path, folder: Path) -> int:
    """Store a trained token classifier anew, small; the bytes it takes.

    >>> from cotpress.models import embedded_folder
    >>> _ = store_classifier(embedded_folder() / "world-saliency", Path("copy"))
    >>> Path("copy/model.safetensors").is_file()
    True
    """
    library = import_optional("transformers", "lm")
    model = library.AutoModelForTokenClassification.from_pretrained(trained)
    return store_model(model, library.AutoTokenizer.from_pretrained(trained), folder)
