"""LoRA adapters: a folder with adapter_config.json and no model of its own, laid over the base that it names."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, require
from cotpress.models.origin import Origin, find_origin, fingerprint, tokenizer_files
from cotpress.models.quiet import first_line, quiet

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def is_adapter(model: str | Path) -> bool:
    """Whether this is the folder of an adapter."""
    folder = Path(model).expanduser()
    return bool(str(model)) and (folder / CONFIG).is_file() and not (folder / "config.json").is_file()


def find_adapted(model: str | Path) -> Origin:
    """The base's origin with the adapter laid over it: its identity is that of both.

    Raises:
        ModelError: the folder is not a whole LoRA adapter, or its base is not to be found or not the one that it was
            trained on.
    """
    folder = Path(model).expanduser()
    config = _config(folder)
    named = str(config.get("base_model_name_or_path") or "")
    if not named:
        raise ModelError(f"The adapter {folder} names no base model.", f"Set base_model_name_or_path in its {CONFIG}.")
    _refuse_unsafe(folder)
    try:
        base = find_origin(named, config.get("revision") or None)
    except ModelError as error:
        raise ModelError(
            f"The adapter {folder} is for the base model '{named}', which is not to be found: {error.message}",
            f"Put it there, or correct base_model_name_or_path in {folder / CONFIG}.",
        ) from error
    _refuse_other_weights(folder, base)
    words = tokenizer_files(folder)
    own = (folder / "tokenizer.json").is_file()
    return replace(
        base,
        name=folder.resolve().name,
        revision=_both(base.revision, fingerprint([folder / CONFIG, folder / WEIGHTS])),
        tokenizer=fingerprint(words) if own else base.tokenizer,
        adapter=str(folder),
        words=str(folder) if own else None,
    )


def _refuse_other_weights(folder: Path, base: Origin) -> None:
    """An adapter of ours says which weights it was trained on; over others of the same shape it means nothing."""
    try:
        told = json.loads((folder / "training.json").read_text(encoding="utf-8"))["student"]["revision"]
    except (OSError, ValueError, KeyError, TypeError):  # not one of ours
        return
    if told != base.revision:
        raise ModelError(
            f"The adapter {folder} was trained on other weights than those of its base '{base.name}' now.",
            "Train it again, or restore the base as it was.",
        )


def _both(base: str, adapter: str) -> str:
    return hashlib.blake2b(f"{base}/{adapter}".encode(), digest_size=16).hexdigest()


def adapted(model: Any, folder: str) -> Any:
    """The base with its adapter merged into the weights, which costs nothing at inference.

    Raises:
        MissingExtra: peft is not installed.
        ModelError: the adapter does not fit this base, or its weights are damaged.
    """
    peft, library = require("peft", "evaluate"), require("safetensors", "lm")
    path = Path(folder) / WEIGHTS
    try:
        with library.safe_open(str(path), framework="pt") as file:
            stored = set(file.keys())
    except Exception as error:  # SafetensorError, OSError
        raise ModelError(
            f"The weights {path} cannot be read: {first_line(error)}", "Train again, or copy the file anew."
        ) from error
    try:
        with quiet():
            laid = peft.PeftModel.from_pretrained(model, folder, is_trainable=False)
            # Embeddings that go along unchanged are told by asking the hub for the base; they have their place anyway.
            expected = set(peft.get_peft_model_state_dict(laid, save_embedding_layers=False))
            odd = sorted((expected - stored) | (stored - expected - set(laid.state_dict())))
            merged = None if odd else laid.merge_and_unload(safe_merge=True)
    except Exception as error:  # sizes that differ, modules that are not there, weights that are not finite
        raise _unfit(folder, first_line(error)) from error
    if odd:
        raise _unfit(folder, f"{len(odd)} weights are missing or have no place, such as '{odd[0]}'.")
    return merged


def adapter_rank(folder: str) -> int:
    """The largest rank of an adapter's updates."""
    config = _config(Path(folder))
    return max([int(config.get("r") or 0), *map(int, dict(config.get("rank_pattern") or {}).values())])


def _config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / CONFIG} cannot be read: {first_line(error)}", "Restore it.") from error
    kind = config.get("peft_type") if isinstance(config, dict) else None
    if kind != "LORA":
        raise ModelError(f"The adapter {folder} is of the kind {kind!r}.", "Only LoRA adapters are loaded.")
    return dict(config)


def _refuse_unsafe(folder: Path) -> None:
    if (folder / WEIGHTS).is_file():
        return
    if list(folder.glob("adapter_model*.bin")):
        raise ModelError(
            f"The adapter {folder} has its weights in a .bin file only, which may run code when it is opened.",
            f"Save them as {WEIGHTS} where you trust the file: save_pretrained(folder) does that.",
        )
    raise ModelError(f"The adapter {folder} has no weights: there is no {WEIGHTS}.", "Train again, or copy the file.")


def _unfit(folder: str, why: str) -> ModelError:
    return ModelError(
        f"The adapter {folder} does not fit its base model: {why}",
        f"Check that base_model_name_or_path in its {CONFIG} names the model that it was trained on.",
    )
