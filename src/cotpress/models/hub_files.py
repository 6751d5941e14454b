"""One file of a model on the hub, from there or from the local cache."""

from __future__ import annotations

from pathlib import Path

from cotpress.errors import ModelError, import_optional
from cotpress.models.library_output import silence_libraries


def download_file(name: str, file: str, revision: str | None = None) -> Path:
    """The path of a file of a model. Without a connection the cache alone is asked, at once: the library would try
    again for half a minute, and say so each time.

    Args:
        name: the model's id on the hub.
        file: the file's name in it.
        revision: a branch, tag or commit; the default branch by default.

    Raises:
        MissingExtraError: the library of the hub is not installed.
        ModelError: the hub cannot be reached, and the file is not in the cache.

    Whatever else the library raises, for an unknown or gated model, goes through.
    """
    from cotpress.traces.files.hub import is_hub_reachable

    hub = import_optional("huggingface_hub", "lm")
    reachable = is_hub_reachable()
    with silence_libraries():
        try:
            return Path(hub.hf_hub_download(name, file, revision=revision, local_files_only=not reachable))
        except Exception as error:
            if reachable:
                raise
            raise ModelError("the hub cannot be reached, and the cache does not have it.") from error
