"""The embedded tiny models by name, once `cotpress world train-base` has made them: they load as real weights do."""

from __future__ import annotations

from pathlib import Path

from cotpress.errors import ModelError

EMBEDDED_STUDENTS = ("world-llama", "world-qwen2")
EMBEDDED_CLASSIFIER = "world-saliency"
EMBEDDED_MODELS = (*EMBEDDED_STUDENTS, EMBEDDED_CLASSIFIER)


def embedded_folder() -> Path:
    """Where `cotpress world train-base` puts them by default, and where they are looked for.

    >>> embedded_folder().name
    'embedded'
    """
    return Path(__file__).parent / "embedded"


def find_embedded_model(name: str) -> Path | None:
    """The folder of an embedded model, None for any other name.

    Raises:
        ModelError: it is one, and was not made yet.
    """
    folder = embedded_folder() / name
    if name not in EMBEDDED_MODELS or Path(name).is_dir():
        return None
    if not (folder / "config.json").is_file():
        raise ModelError(
            f"The embedded model {name} has not been trained yet.", f"Run: cotpress world train-base --only {name}"
        )
    return folder
