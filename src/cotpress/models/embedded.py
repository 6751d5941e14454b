"""The tiny models that come with the package, by name: they load through the paths that real weights take."""

from __future__ import annotations

from pathlib import Path

STUDENTS = ("world-llama", "world-qwen2")
SALIENCY = "world-saliency"
EMBEDDED = (*STUDENTS, SALIENCY)


def embedded_folder() -> Path:
    """Where `cotpress world train-base` puts them by default, and where they are looked for."""
    return Path(__file__).parent / "embedded"


def embedded_model(name: str) -> Path | None:
    """The folder of an embedded model, None for any other name."""
    folder = embedded_folder() / name
    return folder if name in EMBEDDED and (folder / "config.json").is_file() else None
