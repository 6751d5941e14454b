"""Hugging Face datasets, saved or on the hub, into rows. The one place that imports the library `datasets`."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import getproxies

from cotpress.errors import InputError, require
from cotpress.traces.rows import Row
from cotpress.traces.tables import BATCH, arrow_rows

NAMES = "'org/name', 'org/name:split' or 'org/name/config:split'"


def is_saved(folder: Path) -> bool:
    """Whether a folder is what `save_to_disk` writes."""
    whole = (folder / "state.json").is_file() and (folder / "dataset_info.json").is_file()
    return whole or (folder / "dataset_dict.json").is_file()


def saved_rows(folder: Path, split: str | None) -> Iterator[Row]:
    """Rows of a dataset that `save_to_disk` wrote; they stay on disk (memory-mapped).

    Raises:
        MissingExtra: the library is not installed.
        InputError: it cannot be loaded, or has several splits and none was named.
    """
    library = require("datasets", "hub")
    try:
        loaded = library.load_from_disk(str(folder), keep_in_memory=False)
    except Exception as error:  # the library raises whatever its own parts raise
        raise InputError(f"Cannot load the saved dataset {folder}: {_short(error)}.", "Save it again.") from error
    yield from _rows(str(folder), _chosen(str(folder), loaded, split))


def hub_rows(name: str, split: str | None) -> Iterator[Row]:
    """Rows of a dataset on the hub, streamed.

    Raises:
        MissingExtra: the library is not installed.
        InputError: there is no such dataset, or the hub cannot be reached.
    """
    library = require("datasets", "hub")
    dataset, config = _parts(name)
    if not _reachable():
        raise _no_dataset(name, "the hub cannot be reached (offline)")
    try:
        loaded = library.load_dataset(dataset, config, streaming=True)
    except Exception as error:  # network, hub and library errors alike
        raise _no_dataset(name, _short(error)) from error
    yield from _rows(name, _chosen(name, loaded, split))


def _rows(name: str, dataset: Any) -> Iterator[Row]:
    line = 0
    try:
        for row in arrow_rows(dataset.with_format("arrow").iter(batch_size=BATCH)):
            line = row.line
            yield row
    except InputError:
        raise
    except Exception as error:  # a connection that is lost half-way
        raise InputError(f"Reading {name} broke off after row {line}: {_short(error)}.", "Run it again.") from error


def _chosen(name: str, loaded: Any, split: str | None) -> Any:
    """The split that was asked for, or the only one there is."""
    if not isinstance(loaded, Mapping):
        if split is not None:
            raise InputError(f"{name} is a single dataset without splits.", f"Leave ':{split}' out.")
        return loaded
    if split is None and len(loaded) == 1:
        return next(iter(loaded.values()))
    if split not in loaded:
        what = f"There is no split '{split}' in {name}." if split else f"{name} has several splits."
        names = ", ".join(loaded)
        raise InputError(f"{what} Splits: {names}.", f"Name one, as in {name}:{next(iter(loaded), 'train')}.")
    return loaded[split]


def _parts(name: str) -> tuple[str, str | None]:
    parts = name.split("/")
    return "/".join(parts[:2]), parts[2] if len(parts) > 2 else None


def _reachable() -> bool:
    """Whether the hub's name resolves; the library would try for half a minute. A proxy may know better."""
    if os.environ.get("HF_HUB_OFFLINE") or getproxies():
        return True
    host = urlparse(os.environ.get("HF_ENDPOINT") or "https://huggingface.co").hostname or ""
    try:
        socket.getaddrinfo(host, 443)
    except OSError:
        return False
    return True


def _no_dataset(name: str, why: str) -> InputError:
    return InputError(
        f"There is no file or folder '{name}' here, and no dataset of that name could be read from the hub: {why}.",
        f"Check the path; a dataset on the hub is named as {NAMES}.",
    )


def _short(error: Exception) -> str:
    """The first sentence-like line of an error, without its final stop."""
    return (str(error).strip() or type(error).__name__).partition("\n")[0].rstrip(".")
