"""Where a model comes from, and a fingerprint of it that needs no weights loaded."""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotpress.errors import MissingExtraError, ModelError, import_optional
from cotpress.models.embedded_models import find_embedded_model
from cotpress.models.hub_files import download_file
from cotpress.models.library_output import silence_libraries, summarize_error

WEIGHT_SUFFIXES = (".safetensors", ".bin", ".index.json", ".py")
TOKENIZER_PREFIXES = (
    "tokenizer",
    "vocab",
    "merges",
    "special_tokens",
    "added_tokens",
    "spiece",
    "sentencepiece",
    "chat_template",
)
HASHED_SAMPLES, HASHED_SAMPLE_BYTES = (
    64,
    1 << 18,
)  # a file of up to 16 MB is hashed whole, a larger one at 64 evenly spaced places


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model's files: a local folder, one GGUF file, or a hub repository at one commit.

    `revision` is the hub's commit, or a fingerprint of the local weights and configuration;
    `tokenizer_revision` likewise. Neither depends on where the files lie or when they were written. `adapter` is the
    folder of a LoRA adapter that goes over the weights, `tokenizer_folder` that of a tokenizer in place of the
    model's own.
    """

    name: str
    location: str
    revision: str
    tokenizer_revision: str
    gguf: str | None = None
    commit: str | None = None
    adapter: str | None = None
    tokenizer_folder: str | None = None

    def read(self, file: str) -> str:
        """The text of one of the small files, "" where there is none."""
        if self.tokenizer_folder and file.startswith(TOKENIZER_PREFIXES):
            path = Path(self.tokenizer_folder) / file
            return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if self.gguf:
            return ""
        path = Path(self.location) / file
        if self.commit:
            with silence_libraries():
                try:
                    path = Path(
                        import_optional("huggingface_hub", "lm").hf_hub_download(
                            self.location, file, revision=self.commit
                        )
                    )
                except Exception:  # not in the repository, or not in the cache while offline
                    return ""
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    @property
    def has_chat_template(self) -> bool:
        """Whether the tokenizer brings a chat template."""
        if self.gguf and not self.tokenizer_folder:
            return _contains_key(Path(self.location) / self.gguf, b"tokenizer.chat_template")
        return bool(
            self.read("chat_template.jinja") or self._read_settings("tokenizer_config.json").get("chat_template")
        )

    @property
    def tokenizer_class(self) -> str:
        """The class that the tokenizer's files declare, "" where they do not."""
        return str(self._read_settings("tokenizer_config.json").get("tokenizer_class") or "")

    @property
    def stored_dtype(self) -> str:
        """The dtype that the weights were saved in, as the configuration states it; "" where it does not."""
        config = self._read_settings("config.json")
        return str(config.get("dtype") or config.get("torch_dtype") or "")

    def download(self) -> None:
        """Fetch weights from the hub with its progress bars on show, before loading goes on quietly."""
        if not self.commit:
            return
        shards = self._read_settings("model.safetensors.index.json").get("weight_map", {})
        for file in sorted(set(shards.values())) or ["model.safetensors"]:
            with contextlib.suppress(Exception):  # whatever is wrong, loading will say it
                import_optional("huggingface_hub", "lm").hf_hub_download(self.location, file, revision=self.commit)

    @property
    def arguments(self) -> dict[str, str]:
        """What every `from_pretrained` is given besides the location."""
        return {"gguf_file": self.gguf} if self.gguf else {"revision": self.commit} if self.commit else {}

    @property
    def tokenizer_arguments(self) -> dict[str, str]:
        """What a tokenizer's `from_pretrained` is given, the location included."""
        if self.tokenizer_folder:
            return {"pretrained_model_name_or_path": self.tokenizer_folder}
        return {"pretrained_model_name_or_path": self.location, **self.arguments}

    def _read_settings(self, file: str) -> dict[str, Any]:
        try:
            settings = json.loads(self.read(file) or "{}")
        except ValueError:  # loading will say what is wrong with it
            return {}
        return settings if isinstance(settings, dict) else {}


def resolve_model(model: str | Path, revision: str | None = None) -> ResolvedModel:
    """Find a folder, a `.gguf` file, an embedded model or a hub repository.

    Raises:
        ModelError: it is not there, it is not a model, or the hub cannot be reached and holds no copy here.
    """
    name, path = str(model), find_embedded_model(str(model)) or Path(model).expanduser()
    if name and path.is_dir():
        return _resolve_folder(path)
    if path.is_file():
        return _resolve_gguf(path)
    if (
        not name
        or isinstance(model, Path)
        or name.startswith((".", "/", "~"))
        or name.endswith(".gguf")
        or name.count("/") > 1
    ):
        raise ModelError(
            f"There is no model at '{name}'.", "Give a model's folder, a .gguf file or a hub id such as org/name."
        )
    return _resolve_hub_model(name, revision)


def _resolve_folder(folder: Path) -> ResolvedModel:
    if not (folder / "config.json").is_file():
        raise ModelError(
            f"The folder {folder} holds no config.json.",
            "Give a folder written by save_pretrained, a .gguf file or a hub id.",
        )
    files = sorted(path for path in folder.iterdir() if path.is_file())
    weights = [path for path in files if path.name == "config.json" or path.name.endswith(WEIGHT_SUFFIXES)]
    return ResolvedModel(
        folder.resolve().name, str(folder), fingerprint(weights), fingerprint(list_tokenizer_files(folder))
    )


def list_tokenizer_files(folder: Path) -> list[Path]:
    """The files in a folder that make up its tokenizer, chat template included, by name."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [
        path for path in files if path.name.startswith(TOKENIZER_PREFIXES) or path.suffix in (".model", ".tiktoken")
    ]


def _resolve_gguf(path: Path) -> ResolvedModel:
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelError(f"{path} is not a GGUF file.", "Give a .gguf file, a model's folder or a hub id.")
    key = fingerprint([path])
    return ResolvedModel(path.name, str(path.parent), key, key, gguf=path.name)


def _resolve_hub_model(name: str, revision: str | None) -> ResolvedModel:
    try:
        config = download_file(name, "config.json", revision)
    except MissingExtraError:
        raise
    except Exception as error:  # unknown, gated, offline: many classes, one way out
        raise ModelError(
            f"'{name}' is neither a local path nor to be had from the Hugging Face hub: {summarize_error(error)}",
            "Check the name and the connection, or give a local folder or a .gguf file.",
        ) from error
    commit = config.parent.name  # .../snapshots/<commit>/config.json
    return ResolvedModel(name, name, commit, commit, commit=commit)


def fingerprint(files: Iterable[Path]) -> str:
    """A hex key of 32 characters over names, sizes and contents, sampled where a file is large."""
    digest = hashlib.blake2b(digest_size=16)
    for path in files:
        size = path.stat().st_size
        digest.update(f"{path.name}\0{size}\0".encode())
        step = (
            max(HASHED_SAMPLE_BYTES, (size - HASHED_SAMPLE_BYTES) // (HASHED_SAMPLES - 1))
            if size > HASHED_SAMPLE_BYTES
            else HASHED_SAMPLE_BYTES
        )
        with path.open("rb") as file:
            for at in range(0, size, step):
                file.seek(at)
                digest.update(file.read(HASHED_SAMPLE_BYTES))
    return digest.hexdigest()


def _contains_key(path: Path, key: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find(key, 0, 1 << 26) >= 0  # the metadata come first
