"""A tokenizer to count with, by name. Nothing is loaded but it: of a folder or the hub not even transformers."""

from __future__ import annotations

from pathlib import Path

from cotpress.errors import ModelError, require
from cotpress.models.embedded import EMBEDDED
from cotpress.models.limits import Limits
from cotpress.models.loading import Wanted
from cotpress.tokens import FastTokenizer, TokenCounter


def load_counter(name: str) -> TokenCounter:
    """Load a tokenizer: a hub id, a model's folder, a `tokenizer.json` or `.gguf` file, or an embedded model's name.

    Raises:
        MissingExtra: the library that reads it is not installed.
        ModelError: there is no such tokenizer, or it cannot be read.
    """
    if name in EMBEDDED or name.endswith(".gguf"):
        return FastTokenizer(name, Wanted(name, None, "cpu", None, Limits(), trust_remote_code=False).load_counting())
    library = require("tokenizers", "lm")
    path = _local(name) or _from_hub(name)
    try:
        backend = library.Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise ModelError(f"The tokenizer {path} cannot be read: {error}.", "Give a valid tokenizer.json.") from error
    backend.no_truncation()
    backend.no_padding()
    return FastTokenizer(name, backend)


def _local(name: str) -> Path | None:
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if (path / "tokenizer.json").is_file():
        return path / "tokenizer.json"
    if path.exists() or name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelError(
            f"There is no tokenizer.json at {name}.",
            "Name a hub id, a folder that holds tokenizer.json, or the file itself; "
            "AutoTokenizer.from_pretrained(...).save_pretrained(folder) writes one.",
        )
    return None


def _from_hub(name: str) -> Path:
    hub = require("huggingface_hub", "lm")
    try:
        return Path(hub.hf_hub_download(name, "tokenizer.json"))
    except Exception as error:  # offline, unknown id, gated: many classes, one way out
        raise ModelError(
            f"The tokenizer '{name}' is neither a local path nor to be had from the hub ({type(error).__name__}).",
            "Check the name and the connection, or give a local folder with tokenizer.json.",
        ) from error
