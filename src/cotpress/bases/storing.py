"""Keeping a tiny model small: half-precision weights, to be loaded in float32 everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cotpress.errors import require
from cotpress.store import cannot_write


def store(model: Any, tokenizer: Any, folder: Path) -> int:
    """Write weights (safetensors, float16), configuration and tokenizer; the bytes of all files together.

    The configuration says float32, so that no loader computes in half precision: the models are too small to gain
    by it, and their numbers would differ from machine to machine.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        model.cpu().half().save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        path = folder / "config.json"
        config = json.loads(path.read_text())
        path.write_text(json.dumps({**config, "dtype": "float32"}, indent=2) + "\n")
    except OSError as error:
        raise cannot_write(folder, error) from error
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())


def shrink(trained: Path, folder: Path) -> int:
    """Store a trained token classifier anew, small; the bytes it takes."""
    library = require("transformers", "lm")
    model = library.AutoModelForTokenClassification.from_pretrained(trained)
    return store(model, library.AutoTokenizer.from_pretrained(trained), folder)
