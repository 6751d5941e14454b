"""Loading an encoder to train: its tokenizer, and its weights under a head with the labels drop and keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, require
from cotpress.models import Limits, Wanted, first_line, quiet
from cotpress.saliency_training.recipe import SaliencyRecipe
from cotpress.signals import KNOWN, Classifier, as_classifier

LABELS = {0: "drop", 1: "keep"}
_HEAD = "classifier."


def wanted(encoder: str | Path, recipe: SaliencyRecipe) -> Wanted:
    """The encoder as it is to be loaded; nothing is loaded yet."""
    return Wanted(
        encoder, recipe.revision, recipe.device, recipe.dtype, Limits(recipe.context), trust_remote_code=False
    )


def load_encoder(encoder: Wanted, from_scratch: bool, seed: int) -> tuple[Any, Classifier]:
    """A tokenizer, and a classifier in float32 on its device with a fresh head; random all through if `from_scratch`.

    Raises:
        ModelError: it cannot be found or loaded, is no encoder, or has no fast tokenizer or no special tokens.
        MissingExtra: torch or transformers is not installed.
    """
    _check_kind(encoder)
    tokenizer = _tokenizer(encoder)
    torch = require("torch", "lm")
    torch.manual_seed(seed)  # the head, and all else from scratch
    model, name = (_random if from_scratch else _pretrained)(encoder), encoder.origin.name
    if len(tokenizer) > model.config.vocab_size:
        raise ModelError(
            f"The tokenizer of {name} has {len(tokenizer)} tokens; the encoder knows {model.config.vocab_size}.",
            "Give a folder whose config.json and tokenizer belong together.",
        )
    model.to(encoder.place.device).eval()
    return tokenizer, as_classifier(model, tokenizer, name, encoder.limits)


def _check_kind(encoder: Wanted) -> None:
    name = encoder.origin.name
    try:
        config = json.loads(encoder.origin.read("config.json") or "{}")
    except ValueError as error:
        raise ModelError(f"The config.json of {name} is no JSON.", "Give another encoder.") from error
    kind = "gguf" if encoder.origin.gguf else config.get("model_type") if isinstance(config, dict) else None
    if kind not in KNOWN:
        raise ModelError(
            f"{name} is a '{kind}' model, no encoder that can be trained.",
            f"Saliency needs a model that reads both ways, of one of the kinds {', '.join(KNOWN)}, such as "
            "FacebookAI/xlm-roberta-large.",
        )


def _tokenizer(encoder: Wanted) -> Any:
    """A fast tokenizer that knows words: where its files are missing, the library makes up one that knows none."""
    tokenizer = encoder.load_tokenizer()
    if len(tokenizer) <= len(tokenizer.all_special_ids):
        raise ModelError(
            f"The tokenizer of {encoder.origin.name} knows no words: its files are missing or empty.",
            "Give an encoder with a tokenizer.json.",
        )
    return tokenizer


def _pretrained(encoder: Wanted) -> Any:
    library, torch, name = require("transformers", "lm"), require("torch", "lm"), encoder.origin.name
    encoder.origin.download()
    try:
        with quiet():
            model, report = library.AutoModelForTokenClassification.from_pretrained(
                encoder.origin.location,
                dtype=torch.float32,
                output_loading_info=True,
                ignore_mismatched_sizes=True,  # a head with other labels is replaced
                **_labels(),
                **encoder.origin.arguments,
            )
    except Exception as error:  # OSError, ValueError, SafetensorError ...
        raise ModelError(
            f"The encoder {name} cannot be loaded: {first_line(error)}",
            "Check its files; to begin with random weights, add --from-scratch.",
        ) from error
    missing = sorted(key for key in report["missing_keys"] if not key.startswith(_HEAD))
    if missing:
        raise ModelError(
            f"The encoder {name} lacks weights ({len(missing)}, such as '{missing[0]}').",
            "Give another encoder; to begin with random weights, add --from-scratch.",
        )
    return model


def _random(encoder: Wanted) -> Any:
    library, name = require("transformers", "lm"), encoder.origin.name
    try:
        with quiet():
            config = library.AutoConfig.from_pretrained(
                encoder.origin.location, **_labels(), **encoder.origin.arguments
            )
            return library.AutoModelForTokenClassification.from_config(config).float()
    except Exception as error:
        raise ModelError(
            f"No encoder can be made from the config.json of {name}: {first_line(error)}", "Mend it, or give another."
        ) from error


def _labels() -> dict[str, Any]:
    return {"num_labels": len(LABELS), "id2label": LABELS, "label2id": {name: label for label, name in LABELS.items()}}
