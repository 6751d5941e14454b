"""Loading the tokenizer to count with, by name. Only it is loaded: of a folder or the hub not even transformers."""

from __future__ import annotations

from pathlib import Path

from cotpress.errors import MissingExtraError, ModelError, import_optional
from cotpress.models.embedded_models import EMBEDDED_MODELS
from cotpress.models.hub_files import download_file
from cotpress.models.library_output import summarize_error
from cotpress.models.model_loader import ModelLoader
from cotpress.models.model_spec import ModelSpec
from cotpress.token_counting import TokenCounter, TokenizerCounter


def load_counter(name: str) -> TokenCounter:
    """Load a tokenizer: a hub id, a model's folder, a `tokenizer.json` or `.gguf` file, or an embedded model's name.

    Raises:
        MissingExtraError: the library that reads it is not installed.
        ModelError: there is no such tokenizer, or it cannot be read.

    >>> import tempfile, tokenizers
    >>> words = tokenizers.models.WordLevel({"two": 0, "and": 1, "three": 2, "?": 3}, unk_token="?")
    >>> tokenizer = tokenizers.Tokenizer(words)
    >>> tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    >>> with tempfile.NamedTemporaryFile(suffix=".json") as file:
    ...     tokenizer.save(file.name)
    ...     load_counter(file.name).count(["two and three", "two"])
    [3, 1]
    """
    if name in EMBEDDED_MODELS or name.endswith(".gguf"):
        return TokenizerCounter(name, ModelLoader(ModelSpec(name, device="cpu")).load_backend_tokenizer())
    library = import_optional("tokenizers", "lm")
    path = _find_local_tokenizer(name) or _download_tokenizer(name)
    try:
        backend = library.Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise ModelError(f"The tokenizer {path} cannot be read: {error}.", "Give a valid tokenizer.json.") from error
    backend.no_truncation()
    backend.no_padding()
    return TokenizerCounter(name, backend)


def _find_local_tokenizer(name: str) -> Path | None:
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


def _download_tokenizer(name: str) -> Path:
    try:
        return download_file(name, "tokenizer.json")
    except MissingExtraError:
        raise
    except Exception as error:  # offline, unknown id, gated: many classes, one way out
        raise ModelError(
            f"The tokenizer '{name}' is neither a local path nor to be had from the hub: {summarize_error(error)}",
            "Check the name and the connection, or give a local folder with tokenizer.json.",
        ) from error
