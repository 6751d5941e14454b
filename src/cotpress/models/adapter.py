"""LoRA adapters: folders with adapter_config.json and no model of their own, merged into the base that they name."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, import_optional
from cotpress.models.library_output import silence_libraries, summarize_error
from cotpress.models.resolution import ResolvedModel, fingerprint, list_tokenizer_files, resolve_model

ADAPTER_CONFIG, ADAPTER_WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def is_adapter(model: str | Path) -> bool:
    """Whether this is the folder of an adapter."""
    folder = Path(model).expanduser()
    return bool(str(model)) and (folder / ADAPTER_CONFIG).is_file() and not (folder / "config.json").is_file()


def resolve_adapter(model: str | Path) -> ResolvedModel:
    """The files of the base together with those of the adapter; the identity covers both.

    Raises:
        ModelError: the folder is not a whole LoRA adapter, or its base is not to be found or not the one that it was
            trained on.
    """
    folder = Path(model).expanduser()
    config = _read_config(folder)
    named = str(config.get("base_model_name_or_path") or "")
    if not named:
        raise ModelError(
            f"The adapter {folder} names no base model.", f"Set base_model_name_or_path in its {ADAPTER_CONFIG}."
        )
    _check_weights_file(folder)
    try:
        base = resolve_model(named, config.get("revision") or None)
    except ModelError as error:
        raise ModelError(
            f"The adapter {folder} is for the base model '{named}', which is not to be found: {error.message}",
            f"Put it there, or correct base_model_name_or_path in {folder / ADAPTER_CONFIG}.",
        ) from error
    _check_base_weights(folder, base)
    tokenizer_files = list_tokenizer_files(folder)
    has_tokenizer = (folder / "tokenizer.json").is_file()
    return replace(
        base,
        name=folder.resolve().name,
        revision=_combine_revisions(base.revision, fingerprint([folder / ADAPTER_CONFIG, folder / ADAPTER_WEIGHTS])),
        tokenizer_revision=fingerprint(tokenizer_files) if has_tokenizer else base.tokenizer_revision,
        adapter=str(folder),
        tokenizer_folder=str(folder) if has_tokenizer else None,
    )


def _check_base_weights(folder: Path, base: ResolvedModel) -> None:
    """An adapter of ours says which weights it was trained on; over others of the same shape it means nothing."""
    try:
        trained_on = json.loads((folder / "training.json").read_text(encoding="utf-8"))["student"]["revision"]
    except (OSError, ValueError, KeyError, TypeError):  # not one of ours
        return
    if trained_on != base.revision:
        raise ModelError(
            f"The adapter {folder} was trained on other weights than those of its base '{base.name}' now.",
            "Train it again, or restore the base as it was.",
        )


def _combine_revisions(base: str, adapter: str) -> str:
    return hashlib.blake2b(f"{base}/{adapter}".encode(), digest_size=16).hexdigest()


def merge_adapter(model: Any, folder: str) -> Any:
    """The base with its adapter merged into the weights, which costs nothing at inference.

    Raises:
        MissingExtraError: peft is not installed.
        ModelError: the adapter does not fit this base, or its weights are damaged.
    """
    peft, library = import_optional("peft", "evaluate"), import_optional("safetensors", "lm")
    path = Path(folder) / ADAPTER_WEIGHTS
    try:
        with library.safe_open(str(path), framework="pt") as file:
            stored = set(file.keys())
    except Exception as error:  # SafetensorError, OSError
        raise ModelError(
            f"The weights {path} cannot be read: {summarize_error(error)}", "Train again, or copy the file anew."
        ) from error
    try:
        with silence_libraries():
            adapted = peft.PeftModel.from_pretrained(model, folder, is_trainable=False)
            # To recognise unchanged embeddings peft would ask the hub for the base. They have a place in any case.
            expected = set(peft.get_peft_model_state_dict(adapted, save_embedding_layers=False))
            odd = sorted((expected - stored) | (stored - expected - set(adapted.state_dict())))
            merged = None if odd else adapted.merge_and_unload(safe_merge=True)
    except Exception as error:  # sizes that differ, modules that are not there, weights that are not finite
        raise _make_mismatch_error(folder, summarize_error(error)) from error
    if odd:
        raise _make_mismatch_error(folder, f"{len(odd)} weights are missing or have no place, such as '{odd[0]}'.")
    return merged


def read_adapter_rank(folder: str) -> int:
    """The largest rank of an adapter's updates.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / ADAPTER_CONFIG).write_text('{"peft_type": "LORA", "r": 16}')
    ...     read_adapter_rank(folder)
    16
    """
    config = _read_config(Path(folder))
    return max([int(config.get("r") or 0), *map(int, dict(config.get("rank_pattern") or {}).values())])


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder / ADAPTER_CONFIG} cannot be read: {summarize_error(error)}", "Restore it."
        ) from error
    kind = config.get("peft_type") if isinstance(config, dict) else None
    if kind != "LORA":
        raise ModelError(f"The adapter {folder} is of the kind {kind!r}.", "Only LoRA adapters are loaded.")
    return dict(config)


def _check_weights_file(folder: Path) -> None:
    if (folder / ADAPTER_WEIGHTS).is_file():
        return
    if list(folder.glob("adapter_model*.bin")):
        raise ModelError(
            f"The adapter {folder} has its weights in a .bin file only, which may run code when it is opened.",
            f"Save them as {ADAPTER_WEIGHTS} where you trust the file: save_pretrained(folder) does that.",
        )
    raise ModelError(
        f"The adapter {folder} has no weights: there is no {ADAPTER_WEIGHTS}.", "Train again, or copy the file."
    )


def _make_mismatch_error(folder: str, why: str) -> ModelError:
    return ModelError(
        f"The adapter {folder} does not fit its base model: {why}",
        f"Check that base_model_name_or_path in its {ADAPTER_CONFIG} names the model that it was trained on.",
    )
