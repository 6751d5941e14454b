"""Loading an encoder to train: its tokenizer, and its weights under a head with the labels drop and keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, OptionError, import_optional
from cotpress.models import ModelLoader, ModelSpec, make_model_spec, silence_libraries, summarize_error
from cotpress.signals import CLASSIFIER_MODEL_TYPES, TokenClassifier, build_classifier

LABEL_NAMES = {0: "drop", 1: "keep"}
_HEAD_PREFIX = "classifier."


def make_encoder_loader(encoder: ModelSpec | str | Path) -> ModelLoader:
    """What finds and loads the encoder; nothing is loaded yet.

    Raises:
        OptionError: a dtype that cannot be trained in, or an encoder with code of its own.
    """
    spec = make_model_spec(encoder)
    if spec.dtype not in ("", "float32", "bfloat16"):
        raise OptionError(f"'{spec.dtype}' is no dtype to train in.", "Give float32 or bfloat16.")
    if spec.trust_remote_code:
        raise OptionError("An encoder with code of its own cannot be trained.", "Leave trust_remote_code out.")
    return ModelLoader(spec)


def load_encoder(encoder: ModelLoader, from_scratch: bool, seed: int) -> tuple[Any, TokenClassifier]:
    """A tokenizer, and a classifier in float32 on its device with a fresh head; random all through if `from_scratch`.

    Raises:
        ModelError: it cannot be found or loaded, is no encoder, or has no fast tokenizer or no special tokens.
        MissingExtraError: torch or transformers is not installed.
    """
    _check_kind(encoder)
    tokenizer = _load_tokenizer(encoder)
    torch = import_optional("torch", "lm")
    torch.manual_seed(seed)  # the head, and all else from scratch
    model, name = (_make_random if from_scratch else _load_pretrained)(encoder), encoder.resolved.name
    if len(tokenizer) > model.config.vocab_size:
        raise ModelError(
            f"The tokenizer of {name} has {len(tokenizer)} tokens; the encoder knows {model.config.vocab_size}.",
            "Give a folder whose config.json and tokenizer belong together.",
        )
    model.to(encoder.placement.device).eval()
    return tokenizer, build_classifier(model, tokenizer, name, encoder.spec.limits)


def _check_kind(encoder: ModelLoader) -> None:
    name = encoder.resolved.name
    try:
        config = json.loads(encoder.resolved.read("config.json") or "{}")
    except ValueError as error:
        raise ModelError(f"The config.json of {name} is no JSON.", "Give another encoder.") from error
    kind = "gguf" if encoder.resolved.gguf else config.get("model_type") if isinstance(config, dict) else None
    if kind not in CLASSIFIER_MODEL_TYPES:
        raise ModelError(
            f"{name} is a '{kind}' model, no encoder that can be trained.",
            f"Saliency needs a model that reads both ways, of one of the kinds {', '.join(CLASSIFIER_MODEL_TYPES)}, "
            "such as FacebookAI/xlm-roberta-large.",
        )


def _load_tokenizer(encoder: ModelLoader) -> Any:
    """A fast tokenizer that knows words: where its files are missing, the library makes up one that knows none."""
    tokenizer = encoder.load_tokenizer()
    if len(tokenizer) <= len(tokenizer.all_special_ids):
        raise ModelError(
            f"The tokenizer of {encoder.resolved.name} knows no words: its files are missing or empty.",
            "Give an encoder with a tokenizer.json.",
        )
    return tokenizer


def _load_pretrained(encoder: ModelLoader) -> Any:
    library, torch, name = import_optional("transformers", "lm"), import_optional("torch", "lm"), encoder.resolved.name
    encoder.resolved.download()
    try:
        with silence_libraries():
            model, report = library.AutoModelForTokenClassification.from_pretrained(
                encoder.resolved.location,
                dtype=torch.float32,
                output_loading_info=True,
                ignore_mismatched_sizes=True,  # a head with other labels is replaced
                **_make_label_config(),
                **encoder.resolved.arguments,
            )
    except Exception as error:  # OSError, ValueError, SafetensorError ...
        raise ModelError(
            f"The encoder {name} cannot be loaded: {summarize_error(error)}",
            "Check its files; to begin with random weights, add --from-scratch.",
        ) from error
    missing = sorted(key for key in report["missing_keys"] if not key.startswith(_HEAD_PREFIX))
    if missing:
        raise ModelError(
            f"The encoder {name} lacks weights ({len(missing)}, such as '{missing[0]}').",
            "Give another encoder; to begin with random weights, add --from-scratch.",
        )
    return model


def _make_random(encoder: ModelLoader) -> Any:
    library, name = import_optional("transformers", "lm"), encoder.resolved.name
    try:
        with silence_libraries():
            config = library.AutoConfig.from_pretrained(
                encoder.resolved.location, **_make_label_config(), **encoder.resolved.arguments
            )
            return library.AutoModelForTokenClassification.from_config(config).float()
    except Exception as error:
        raise ModelError(
            f"No encoder can be made from the config.json of {name}: {summarize_error(error)}",
            "Mend it, or give another.",
        ) from error


def _make_label_config() -> dict[str, Any]:
    return {
        "num_labels": len(LABEL_NAMES),
        "id2label": LABEL_NAMES,
        "label2id": {name: label for label, name in LABEL_NAMES.items()},
    }
